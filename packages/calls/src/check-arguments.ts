import { CallFailure, type JsonSchema } from '@sluice/contract'
import { checkMeant, healValue, isObject, namesAt, nearestName, type SchemaFault } from '@sluice/schema'
import { cutText } from './code-points.ts'
import { meantArguments } from './meant-arguments.ts'

/**
 * The arguments as the API wants them: healed where the meaning is beyond doubt, else refused with a message that a model can
 * act on. Nothing has been sent yet.
 * @throws CallFailure of kind `arguments`
 */
export function checkArguments(schema: JsonSchema, given: unknown): Readonly<Record<string, unknown>> {
  const value = given ?? {}
  if (!isObject(value))
    throw refusal([`The arguments must be an object, not ${Array.isArray(value) ? 'a list' : typeof value}.`])
  const checked = check(schema, value)
  const isUnknown = checked.faults.some(({ path, keyword }) => path === '' && keyword === UNKNOWN)
  const meant = isUnknown ? meantArguments(schema, value) : undefined
  const { healed, faults } = meant ? check(schema, meant) : checked
  if (faults.length > 0) throw refusal(explain(faults, schema, healed))
  return healed
}

function check(schema: JsonSchema, value: Record<string, unknown>) {
  const healed = healValue(schema, value) as Record<string, unknown>
  return { healed, faults: checkMeant(schema, healed) }
}

const UNKNOWN = 'additionalProperties'

const MOST_CHARS = 300
/** For more names there is no room. */
const MOST_UNKNOWN = 50

function refusal(sentences: string[]): CallFailure {
  const end = ' Nothing was sent.'
  const text = sentences.join(' ')
  const most = MOST_CHARS - end.length
  return new CallFailure('arguments', `${text.length > most ? `${cutText(text, most - 1)}…` : text}${end}`)
}

function explain(faults: readonly SchemaFault[], schema: JsonSchema, value: unknown): string[] {
  const { apart, unions } = byUnion(faults)
  const missing = apart.filter(isMissing).map(nameOf)
  const unknown = apart
    .filter(({ keyword }) => keyword === UNKNOWN)
    .slice(0, MOST_UNKNOWN)
    .map((fault) => suggest(fault, namesAt(fault.path, schema, value)))
  const wrong = apart
    .filter((fault) => !isMissing(fault) && fault.keyword !== UNKNOWN)
    .map(({ path, message }) => `${path || 'arguments'}: ${message}.`)
  return [
    ...(missing.length > 0 ? [`Missing: ${[...new Set(missing)].join(', ')}.`] : []),
    ...(unknown.length > 0 ? [`Not an argument: ${[...new Set(unknown)].join(', ')}.`] : []),
    ...new Set(wrong),
    ...[...unions].map(([path, within]) => tellForms(path, within)),
  ]
}

/** What keeps a value out of one form is no fault in another: it is told apart from the rest, by the outermost union that it is in. */
function byUnion(faults: readonly SchemaFault[]) {
  const paths = new Set(faults.filter(isUnion).map(({ path }) => path))
  const unions = new Map<string, SchemaFault[]>()
  const apart: SchemaFault[] = []
  for (const fault of faults) {
    const path = paths.size > 0 ? startsOf(fault.path).find((start) => paths.has(start)) : undefined
    if (path === undefined) {
      apart.push(fault)
      continue
    }
    const within = unions.get(path) ?? []
    unions.set(path, within)
    if (!isUnion(fault)) within.push(fault)
  }
  return { apart, unions }
}

/** `a.b` stands in the whole, in `a` and in `a.b`. */
function startsOf(path: string): string[] {
  const tokens = path === '' ? [] : path.split('.')
  return ['', ...tokens.map((_token, index) => tokens.slice(0, index + 1).join('.'))]
}

function tellForms(union: string, faults: readonly SchemaFault[]): string {
  const wanted = [...new Set(faults.map((fault) => wantedBy(fault, union)))]
  const isOfItself = wanted.length > 0 && faults.every(({ path, property }) => path === union && property === undefined)
  if (isOfItself) return `${union || 'arguments'}: ${wanted.join(' or ')}.`
  return `${union || 'arguments'}: fits none of its allowed forms${wanted.length > 0 ? `: ${wanted.join('; ')}` : ''}.`
}

function wantedBy(fault: SchemaFault, union: string): string {
  if (isMissing(fault)) return `${nameOf(fault)} is missing`
  if (fault.keyword === UNKNOWN) return `${nameOf(fault)} is not known`
  return fault.path === union ? fault.message : `${fault.path} ${fault.message}`
}

function isMissing({ keyword }: SchemaFault): boolean {
  return keyword === 'required' || keyword === 'dependentRequired'
}

function isUnion({ keyword }: SchemaFault): boolean {
  return keyword === 'anyOf' || keyword === 'oneOf'
}

function nameOf({ path, property }: SchemaFault): string {
  return [path, property].filter(Boolean).join('.')
}

function suggest(fault: SchemaFault, known: readonly string[]): string {
  const near = nearestName(fault.property ?? '', known)
  return near ? `${nameOf(fault)} (did you mean ${near}?)` : nameOf(fault)
}
