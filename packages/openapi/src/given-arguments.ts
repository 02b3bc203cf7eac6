import type { Operation, ParameterBinding } from '@sluice/contract'
import { isExactNumber } from '@sluice/schema'

/** Arguments that were healed and checked. */
export type Arguments = Readonly<Record<string, unknown>>

/**
 * The parameters of one place that have a value, with it. A list or an object has what is not null (RFC 6570 2.3); with nothing left
 * it is no value, but in a path, where something must stand and its absence is refused (B83, B92).
 */
export function givenArguments(
  operation: Operation,
  args: Arguments,
  place: ParameterBinding['in'],
): Array<[ParameterBinding, unknown]> {
  return operation.parameters.flatMap((binding): Array<[ParameterBinding, unknown]> => {
    if (binding.in !== place || !Object.hasOwn(args, binding.argument)) return []
    const given = args[binding.argument]
    if (given === undefined || given === null) return []
    if (binding.contentType !== undefined || typeof given !== 'object' || isExactNumber(given))
      return [[binding, given]]
    const value = withoutNulls(given)
    return place !== 'path' && Object.keys(value).length === 0 ? [] : [[binding, value]]
  })
}

function withoutNulls(value: object): object {
  if (Array.isArray(value)) return value.filter(isPresent)
  const entries = Object.entries(value)
  return entries.every(([, item]) => isPresent(item))
    ? value
    : Object.fromEntries(entries.filter(([, item]) => isPresent(item)))
}

/** Whether there is something to write where null has no form. */
export function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null
}
