import type { Catalog } from '@sluice/contract'
import type { CatalogRows } from '@sluice/store'
import { buildCatalog } from './build-catalog.ts'

/** A catalog that no database holds. */
export interface CatalogInMemory {
  readonly current: () => Catalog
  /** From now on its agent may pick from this tool's answers, and read on. */
  readonly noteLargeAnswer: (toolId: string) => void
}

export function catalogInMemory(given: CatalogRows, onSwap: (serverId: string) => void): CatalogInMemory {
  let rows = given
  let catalog = buildCatalog(rows)
  return {
    current: () => catalog,
    noteLargeAnswer: (toolId) => {
      const tools = rows.tools.map((tool) =>
        tool.id === toolId ? { ...tool, offersProjection: true, hasLargeAnswers: true } : tool,
      )
      rows = { ...rows, tools }
      catalog = buildCatalog(rows)
      onSwap(rows.server.id)
    },
  }
}
