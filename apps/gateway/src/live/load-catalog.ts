import { hash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { Catalog, CatalogTool, CatalogUpstream } from '@sluice/contract'
import type { CatalogOutline, CatalogToolOutline } from '@sluice/store'
import { assembleCatalog, toTool } from './build-catalog.ts'

/** Where a catalog is read from. */
export interface CatalogReads {
  readonly readOutline: (serverId: string) => Promise<CatalogOutline | undefined>
  readonly readDefinitions: (
    workspaceId: string,
    versionIds: readonly string[],
  ) => Promise<ReadonlyMap<string, Uint8Array>>
}

/** A catalog, and what its tools were made of: the next one takes over those of which that is the same. */
export interface LoadedCatalog {
  readonly catalog: Catalog
  /** By id. */
  readonly made: ReadonlyMap<string, MadeTool>
}

interface MadeTool {
  /** A hash of all that it was made of. */
  readonly of: string
  readonly tool: CatalogTool
}

/** Definitions are read and parsed in slices, between which calls go on: those of thousands of tools take seconds. */
const SLICE = 50

/** Undefined where there is no such server. @throws Error where a definition went before it was read */
export async function loadCatalog(
  { readOutline, readDefinitions }: CatalogReads,
  serverId: string,
  before?: LoadedCatalog,
): Promise<LoadedCatalog | undefined> {
  const outline = await readOutline(serverId)
  if (!outline) return undefined
  const made = new Map<string, MadeTool>()
  const upstreams = new Map(outline.upstreams.map((one) => [one.id, one]))
  for (let at = 0; at < outline.tools.length; at += SLICE) {
    await setImmediate()
    const slice = outline.tools.slice(at, at + SLICE).map((row) => {
      const of = hashOf(row, upstreams, outline)
      const known = before?.made.get(row.id)
      return { row, of, kept: known?.of === of ? known : undefined }
    })
    const versions = slice.filter(({ kept }) => !kept).map(({ row }) => row.operationVersion)
    const definitions = await (versions.length > 0 ? readDefinitions(outline.server.workspaceId, versions) : new Map())
    for (const { row, of, kept } of slice) made.set(row.id, kept ?? { of, tool: newTool(row, definitions) })
  }
  return { catalog: assembleCatalog(outline, [...made.values().map(({ tool }) => tool)]), made }

  function newTool(row: CatalogToolOutline, definitions: ReadonlyMap<string, Uint8Array>): CatalogTool {
    const definition = definitions.get(row.operationVersion)
    if (definition === undefined) throw new Error(`version ${row.operationVersion} went while a catalog was loaded`)
    return toTool({ ...row, definition }, upstreams.get(row.upstreamId)!, outline!.secrets)
  }
}

/** Of all that `toTool` makes a tool of. */
function hashOf(
  row: CatalogToolOutline,
  upstreams: ReadonlyMap<string, CatalogUpstream>,
  { secrets }: CatalogOutline,
): string {
  const { responseFilter, steps } = upstreams.get(row.upstreamId)!
  const fixed = Object.values(row.argumentEdits).map((edit) =>
    'secret' in edit ? secrets.get(edit.secret) : undefined,
  )
  return hash('sha256', JSON.stringify([row, responseFilter, steps, fixed]))
}
