import type { DerivedOperation } from '@sluice/contract'
import type { FindableTool } from '@sluice/discovery'
import { importSpec, planImport, readDefinition } from '@sluice/openapi'
import { slugOf } from '../../apps/gateway/src/imports/slug-of.ts'

/** The tools that an import makes of a document, as they are found; the upstream is named after its title, as an import does. */
export async function findableTools(text: string): Promise<FindableTool[]> {
  const { operations, title } = importSpec({ text }, { countTokens: () => 0 })
  const upstream = slugOf(title)
  const { changes } = await planImport(operations, [], 'all')
  return changes.flatMap((change) =>
    change.kind === 'added' ? [toFindable(change.toolName, change.derived, upstream)] : [],
  )
}

function toFindable(name: string, { tags, definition }: DerivedOperation, upstream: string): FindableTool {
  const { outputSchema, ...about } = readDefinition(definition)
  return {
    ...about,
    name,
    tags,
    inputSchema: about.operation.inputSchema,
    upstream,
    ...(outputSchema ? { answer: JSON.stringify(outputSchema) } : {}),
  }
}
