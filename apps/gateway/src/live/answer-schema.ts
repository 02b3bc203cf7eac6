import { type CatalogUpstream, type JsonSchema, LIMITS, type OperationDefinition } from '@sluice/contract'
import { describeFilter } from '@sluice/sandbox'
import { permissiveSchema } from '@sluice/schema'
import type { CatalogToolRow } from '@sluice/store'

/**
 * What is said of a tool's answers: what its filters leave of what the document declares (S37, B171). After a script anything
 * may come, and so it may where the document says nothing.
 */
export function answerSchema(
  row: Pick<CatalogToolRow, 'responseFilter' | 'steps'>,
  upstream: Pick<CatalogUpstream, 'responseFilter' | 'steps'>,
  { outputSchema }: OperationDefinition,
): JsonSchema {
  if (row.steps.responseInterceptor || upstream.steps?.responseInterceptor) return {}
  let schema = outputSchema
  for (const filter of [upstream.responseFilter, row.responseFilter])
    if (filter && schema) schema = describeFilter(filter, schema).schema
  return schema ? permissiveSchema(schema, LIMITS.outputSchemaBytes) : {}
}
