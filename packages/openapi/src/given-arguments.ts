import type { ParameterBinding } from '@sluice/contract'
import { isExactNumber } from '@sluice/schema'

/** Arguments that were healed and checked. */
export type Arguments = Readonly<Record<string, unknown>>

/**
 * Of these parameters those that have a value, with it. A list or an object has what is not null (RFC 6570 2.3); with nothing left
 * it is no value, but in a path, where something must stand and its absence is refused (B83, B92).
 */
export function givenArguments(
  bindings: readonly ParameterBinding[],
  args: Arguments,
): Array<[ParameterBinding, unknown]> {
  const given: Array<[ParameterBinding, unknown]> = []
  for (const binding of bindings) {
    const value = Object.hasOwn(args, binding.argument) ? givenValue(binding, args[binding.argument]) : undefined
    if (isPresent(value)) given.push([binding, value])
  }
  return given
}

function givenValue({ in: place, contentType }: ParameterBinding, given: unknown): unknown {
  if (contentType !== undefined || typeof given !== 'object' || given === null || isExactNumber(given)) return given
  const value = withoutNulls(given)
  return place !== 'path' && Object.keys(value).length === 0 ? undefined : value
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
