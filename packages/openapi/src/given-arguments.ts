import { CallFailure, type ParameterBinding } from '@sluice/contract'
import { isExactNumber } from '@sluice/schema'
import { kindOf } from './body-kind.ts'

/** Arguments that were healed and checked. */
export type Arguments = Readonly<Record<string, unknown>>

/**
 * Of these parameters those that have a value, with it. A list or an object has what is not null (RFC 6570 2.3); with nothing left
 * it is no value, but in a path, where something must stand and its absence is refused (B83, B92).
 * @throws CallFailure of kind `arguments` where null is given for what must stand and cannot be null
 */
export function givenArguments(
  bindings: readonly ParameterBinding[],
  args: Arguments,
): Array<[ParameterBinding, unknown]> {
  const given: Array<[ParameterBinding, unknown]> = []
  for (const binding of bindings) {
    const value = Object.hasOwn(args, binding.argument) ? givenValue(binding, args[binding.argument]) : undefined
    if (value === null && isWritable(binding)) given.push([binding, null])
    else if (isPresent(value)) given.push([binding, value])
    else if (value === null && binding.required && binding.in !== 'path') throw unwritable(binding)
  }
  return given
}

/** Null has a form in JSON alone. */
function isWritable({ contentType }: ParameterBinding): boolean {
  return contentType !== undefined && kindOf(contentType) === 'json'
}

function unwritable({ argument, in: place }: ParameterBinding): CallFailure {
  return new CallFailure(
    'arguments',
    `${argument} is required and null, which cannot be written in a ${place}: give a value. Nothing was sent.`,
  )
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
