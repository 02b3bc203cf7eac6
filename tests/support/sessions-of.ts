import type { Catalog, ServerMode } from '@sluice/contract'
import type { McpSession } from '@sluice/mcp'
import { importSpec, packDefinition, planImport, readDefinition } from '@sluice/openapi'
import { buildCatalog } from '../../apps/gateway/src/live/build-catalog.ts'
import { untouchedTool } from '../../apps/gateway/src/live/untouched-tool.ts'
import { openSession } from '../../apps/gateway/src/mcp/serve.ts'
import type { Serving } from '../../apps/gateway/src/serving.ts'

/** The tools of a document on an API at `baseUrl`, which wants no credential; code may call all of them. */
export async function catalogOf(text: string, baseUrl: string, mode: ServerMode): Promise<Catalog> {
  const { operations } = importSpec({ text }, { countTokens: () => 0 })
  const { changes } = await planImport(operations, [], 'all')
  return buildCatalog({
    server: {
      id: 's',
      workspaceId: 'w',
      slug: 's',
      name: 's',
      mode,
      codeCalls: 'all',
      instructions: '',
      limits: null,
      revision: 1,
    },
    upstreams: [{ id: 'u', slug: 'u', baseUrl, allow: [new URL(baseUrl).host], securitySchemes: {}, credentials: [] }],
    secrets: new Map(),
    composites: [],
    resources: [],
    prompts: [],
    tools: changes.flatMap((change) => {
      if (change.kind !== 'added') return []
      return [untouchedTool(change.toolName, 'u', { ...change.derived, definition: open(change.derived.definition) })]
    }),
  })
}

/** Without what the document says of keys and of other places. */
function open(packed: Uint8Array): Uint8Array {
  const definition = readDefinition(packed)
  const { baseUrl: _, ...operation } = definition.operation
  return packDefinition({ ...definition, operation: { ...operation, security: [] } })
}

export function sessionOf(catalog: Catalog, { serve }: Pick<Serving, 'serve'>): McpSession {
  return openSession(catalog, { workspaceId: 'w', id: 'k', name: 'agent' }, serve)
}
