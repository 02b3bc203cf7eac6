import type { Operation, ParameterBinding } from '@sluice/contract'

/** Arguments that were healed and checked. */
export type Arguments = Readonly<Record<string, unknown>>

/** The parameters of one place that have a value, with it. */
export function givenArguments(
  operation: Operation,
  args: Arguments,
  place: ParameterBinding['in'],
): Array<[ParameterBinding, unknown]> {
  return operation.parameters.flatMap((binding): Array<[ParameterBinding, unknown]> => {
    if (binding.in !== place || !Object.hasOwn(args, binding.argument)) return []
    const value = args[binding.argument]
    return value === undefined || value === null ? [] : [[binding, value]]
  })
}
