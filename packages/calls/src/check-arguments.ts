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
  const missing = faults.filter(({ keyword }) => keyword === 'required' || keyword === 'dependentRequired').map(nameOf)
  const unknown = faults
    .filter(({ keyword }) => keyword === UNKNOWN)
    .slice(0, MOST_UNKNOWN)
    .map((fault) => suggest(fault, namesAt(fault.path, schema, value)))
  const told = new Set(['required', 'dependentRequired', UNKNOWN, 'anyOf', 'oneOf'])
  const wrong = faults
    .filter(({ keyword }) => !told.has(keyword))
    .map(({ path, message }) => `${path || 'arguments'}: ${message}.`)
  const union = faults
    .filter(({ keyword }) => keyword === 'anyOf')
    .map(({ path }) => `${path || 'arguments'}: fits none of its allowed forms.`)
  return [
    ...(missing.length > 0 ? [`Missing: ${[...new Set(missing)].join(', ')}.`] : []),
    ...(unknown.length > 0 ? [`Not an argument: ${[...new Set(unknown)].join(', ')}.`] : []),
    ...(wrong.length > 0 ? [...new Set(wrong)] : union),
  ]
}

function nameOf({ path, property }: SchemaFault): string {
  return [path, property].filter(Boolean).join('.')
}

function suggest(fault: SchemaFault, known: readonly string[]): string {
  const near = nearestName(fault.property ?? '', known)
  return near ? `${nameOf(fault)} (did you mean ${near}?)` : nameOf(fault)
}
