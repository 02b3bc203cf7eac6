import { type CatalogUpstream, type JsonSchema, LIMITS, type OperationDefinition } from '@sluice/contract'
import { permissiveSchema } from '@sluice/schema'
import type { CatalogToolRow } from '@sluice/store'
import { tellFilters } from './tell-filters.ts'

/**
 * What is said of a tool's answers: what its filters leave of what the document declares (S37, B171). After a script anything
 * may come, and so it may where the document says nothing.
 */
export function answerSchema(...about: Parameters<typeof knownAnswer>): JsonSchema {
  const left = knownAnswer(...about)
  return left ? permissiveSchema(left, LIMITS.outputSchemaBytes) : {}
}

/** What a successful answer is said to be, where that is known. */
export function knownAnswer(
  row: Pick<CatalogToolRow, 'responseFilter' | 'steps'>,
  upstream: Pick<CatalogUpstream, 'responseFilter' | 'steps'>,
  { outputSchema }: OperationDefinition,
): JsonSchema | undefined {
  if (row.steps?.responseInterceptor || upstream.steps?.responseInterceptor) return undefined
  const filters = { upstreamFilter: upstream.responseFilter ?? null, responseFilter: row.responseFilter }
  return tellFilters(outputSchema, filters).outputSchema ?? undefined
}
