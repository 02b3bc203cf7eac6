import type { Catalog, CatalogTool, OperationDefinition } from '@sluice/contract'
import type { CatalogRows, CatalogToolRow } from '@sluice/store'

/** The immutable snapshot that calls are served from. Tools are in order of their names: every list of one revision is the same. */
export function buildCatalog({ server, upstreams, tools }: CatalogRows): Catalog {
  const ordered = tools.map(toTool).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return {
    server,
    tools: ordered,
    byName: new Map(ordered.map((tool) => [tool.name, tool])),
    upstreams: new Map(upstreams.map((upstream) => [upstream.id, upstream])),
  }
}

function toTool(row: CatalogToolRow): CatalogTool {
  const definition = JSON.parse(row.definition) as OperationDefinition
  return {
    id: row.id,
    upstreamId: row.upstreamId,
    name: row.name,
    title: row.title ?? definition.title,
    description: row.description ?? definition.description,
    annotations: definition.annotations,
    wireSchema: definition.wireSchema,
    operation: definition.operation,
    ...(row.responseFilter === null ? {} : { responseFilter: row.responseFilter }),
  }
}
