import { CACHEABLE_METHODS, type OperationDefinition, Problem, type ToolCache } from '@sluice/contract'

/**
 * Refuses to keep answers of what may change something (S60): each such call must reach the API. A document can take that a
 * method only reads from a tool, never give it. @throws Problem `invalid-request` with its place
 */
export function checkCache(
  cache: ToolCache | null | undefined,
  { operation: { method }, annotations }: OperationDefinition,
): void {
  if (!cache) return
  const isCacheable = CACHEABLE_METHODS.has(method)
  if (isCacheable && annotations.readOnlyHint) return
  const detail = isCacheable
    ? `The document says that this ${method} changes something, so each call must reach the API.`
    : `Answers are kept for ${[...CACHEABLE_METHODS].join(', ')} alone: a ${method} may change something, or its answer is meant for one call, so each must reach the API.`
  const fix = 'Leave `cache` out, or set it to null.'
  throw new Problem('invalid-request', { detail, errors: [{ pointer: '/cache', detail, fix }] })
}
