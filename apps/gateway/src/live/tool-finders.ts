import { setImmediate } from 'node:timers/promises'
import type { Catalog, CatalogComposite, CatalogTool, Operation } from '@sluice/contract'
import { createToolFinder, type FindableTool, type ToolFinder } from '@sluice/discovery'

/** Finds tools of a catalog; its index is built when it is first wanted, and kept as long as the catalog. */
export type ToolFinders = (catalog: Catalog) => Promise<ToolFinder>

export function createToolFinders(): ToolFinders {
  const finders = new WeakMap<Catalog, Promise<ToolFinder>>()
  return (catalog) => {
    const known = finders.get(catalog)
    if (known) return known
    // Other calls go on between the slices.
    const built = createToolFinder(findableTools(catalog), () => setImmediate())
    finders.set(catalog, built)
    // What failed once is tried again.
    built.catch(() => finders.delete(catalog))
    return built
  }
}

function findableTools(catalog: Catalog): FindableTool[] {
  const listed = catalog.tools.filter(({ unlisted }) => !unlisted)
  return [...listed, ...catalog.composites.values()].map((one) => findable(catalog, one))
}

/** A tool or a composite as it is found and described; the same as long as it is the same. */
export function findable({ upstreams }: Catalog, one: CatalogTool | CatalogComposite): FindableTool {
  const upstream = 'operation' in one ? upstreams.get(one.upstreamId)!.slug : COMPOSITE
  const known = made.get(one)
  if (known?.upstream === upstream) return known
  const { readOnlyHint } = one.annotations
  const operation = 'operation' in one ? one.operation : { ...NO_OPERATION, method: readOnlyHint ? 'GET' : 'POST' }
  const found = { ...one, upstream, operation }
  made.set(one, found)
  return found
}

/** To make thousands anew for each kind of caller would hold up calls. */
const made = new WeakMap<CatalogTool | CatalogComposite, FindableTool>()

/** Where the slug of an upstream would stand. */
const COMPOSITE = 'composite'

const NO_OPERATION: Operation = {
  method: '',
  path: '',
  summary: '',
  description: '',
  tags: [],
  deprecated: false,
  parameters: [],
  inputSchema: {},
  security: [],
  responses: [],
  declaredVersion: '',
}
