import { CallFailure, type JsonSchema } from '@sluice/contract'
import { checkMeant, healValue, isObject, nearestName, objectOf, type SchemaFault } from '@sluice/schema'
import { cutText } from './code-points.ts'

/**
 * The arguments as the API wants them: healed where the meaning is beyond doubt, else refused with a message that a model can
 * act on. Nothing has been sent yet.
 * @throws CallFailure of kind `arguments`
 */
export function checkArguments(schema: JsonSchema, given: unknown): Readonly<Record<string, unknown>> {
  const value = given ?? {}
  if (!isObject(value))
    throw refusal([`The arguments must be an object, not ${Array.isArray(value) ? 'a list' : typeof value}.`])
  const healed = healValue(schema, value) as Record<string, unknown>
  const faults = checkMeant(schema, healed)
  if (faults.length > 0) throw refusal(explain(faults, schema))
  return healed
}

const MOST_CHARS = 300

function refusal(sentences: string[]): CallFailure {
  const end = ' Nothing was sent.'
  const text = sentences.join(' ')
  const most = MOST_CHARS - end.length
  return new CallFailure('arguments', `${text.length > most ? `${cutText(text, most - 1)}…` : text}${end}`)
}

function explain(faults: readonly SchemaFault[], schema: JsonSchema): string[] {
  const known = Object.keys(objectOf(schema.properties))
  const missing = faults.filter(({ keyword }) => keyword === 'required' || keyword === 'dependentRequired').map(nameOf)
  const unknown = faults
    .filter(({ keyword }) => keyword === 'additionalProperties')
    .map((fault) => suggest(fault, known))
  const told = new Set(['required', 'dependentRequired', 'additionalProperties', 'anyOf', 'oneOf'])
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
  const near = fault.path === '' ? nearestName(fault.property ?? '', known) : undefined
  return near ? `${nameOf(fault)} (did you mean ${near}?)` : nameOf(fault)
}
