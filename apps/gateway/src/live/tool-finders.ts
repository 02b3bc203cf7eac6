import { setImmediate } from 'node:timers/promises'
import type { Catalog } from '@sluice/contract'
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
    return built
  }
}

function findableTools({ tools, upstreams }: Catalog): FindableTool[] {
  return tools
    .filter(({ unlisted }) => !unlisted)
    .map((tool) => ({ ...tool, upstream: upstreams.get(tool.upstreamId)!.slug }))
}
