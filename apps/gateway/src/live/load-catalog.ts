import { hash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { type Catalog, type CatalogUpstream, LIMITS } from '@sluice/contract'
import type { CatalogOutline, CatalogToolOutline } from '@sluice/store'
import { assembleCatalog, type MadeTool, toTool } from './build-catalog.ts'
import { leanTool, type WholeTools } from './lean-tool.ts'
import { learnWords } from './tool-finders.ts'

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
  readonly made: ReadonlyMap<string, KnownTool>
}

interface KnownTool extends MadeTool {
  /** A hash of all that it was made of. */
  readonly of: string
}

/** Definitions are read and parsed in slices, between which calls go on: those of thousands of tools take seconds. */
const SLICE = 50

/** Undefined where there is no such server. @throws Error where a definition went before it was read */
export async function loadCatalog(
  { readOutline, readDefinitions }: CatalogReads,
  serverId: string,
  whole: WholeTools,
  before?: LoadedCatalog,
): Promise<LoadedCatalog | undefined> {
  const outline = await readOutline(serverId)
  if (!outline) return undefined
  const made = new Map<string, KnownTool>()
  const upstreams = new Map(outline.upstreams.map((one) => [one.id, one]))
  const { server, secrets } = outline
  const isSearched = server.mode !== 'direct' && outline.tools.length > LIMITS.listedTools
  for (let at = 0; at < outline.tools.length; at += SLICE) {
    await setImmediate()
    const slice = outline.tools.slice(at, at + SLICE).map((row) => {
      const of = hashOf(row, upstreams, outline)
      const known = before?.made.get(row.id)
      return { row, of, kept: known?.of === of ? known : undefined }
    })
    const versions = slice.filter(({ kept }) => !kept).map(({ row }) => row.operationVersion)
    const definitions = await (versions.length > 0 ? readDefinitions(server.workspaceId, versions) : new Map())
    for (const { row, of, kept } of slice) made.set(row.id, kept ?? { of, ...newTool(row, definitions) })
  }
  await setImmediate()
  const catalog = assembleCatalog(outline, [...made.values()])
  await setImmediate()
  return { catalog, made }

  function newTool(row: CatalogToolOutline, definitions: ReadonlyMap<string, Uint8Array>): MadeTool {
    const definition = definitions.get(row.operationVersion)
    if (definition === undefined) throw new Error(`version ${row.operationVersion} went while a catalog was loaded`)
    const upstream = upstreams.get(row.upstreamId)!
    const make = () => toTool({ ...row, definition }, upstream, secrets)
    const { icon, ...made } = make()
    const tool = leanTool(made, make, definition.byteLength, whole)
    if (isSearched) learnWords(tool, made, upstream.slug)
    return { tool, icon }
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
