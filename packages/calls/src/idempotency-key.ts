import { randomUUID } from 'node:crypto'
import type { Operation } from '@sluice/contract'
import type { Arguments } from '@sluice/openapi'
import { checkSchema, isObject } from '@sluice/schema'

/**
 * Adds a key of our own where the API takes one (draft-ietf-httpapi-idempotency-key-header, 2) and the caller gave none: a
 * request that carries it may be sent again without being carried out twice (S74).
 */
export function withIdempotencyKey(args: Arguments, operation: Operation): Arguments {
  const argument = keyArgument(operation)
  if (argument === undefined || (args[argument] ?? null) !== null) return args
  const { properties, $defs } = operation.inputSchema
  const schema = isObject(properties) ? properties[argument] : undefined
  const key = randomUUID()
  const fits = !isObject(schema) || checkSchema({ ...schema, ...(isObject($defs) ? { $defs } : {}) }, key).length === 0
  return fits ? { ...args, [argument]: key } : args
}

/** Whether a request carries such a key. */
export function hasIdempotencyKey(args: Arguments, operation: Operation): boolean {
  const argument = keyArgument(operation)
  return argument !== undefined && (args[argument] ?? null) !== null
}

function keyArgument({ parameters }: Operation): string | undefined {
  return parameters.find((one) => one.in === 'header' && one.name.toLowerCase() === 'idempotency-key')?.argument
}
