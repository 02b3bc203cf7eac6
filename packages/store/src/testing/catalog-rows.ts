import { type CatalogRows, readCatalogOutline, readDefinitions } from '../catalogs.ts'
import type { Store } from '../open-store.ts'

/** A server with the definitions of its tools, by name. */
export async function readCatalogRows(store: Store, serverId: string): Promise<CatalogRows | undefined> {
  const outline = await readCatalogOutline(store, serverId)
  if (!outline) return undefined
  const versions = outline.tools.map(({ operationVersion }) => operationVersion)
  const definitions = await readDefinitions(store, outline.server.workspaceId, versions)
  const tools = outline.tools
    .map((tool) => ({ ...tool, definition: definitions.get(tool.operationVersion)! }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return { ...outline, tools }
}
