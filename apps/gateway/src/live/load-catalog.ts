import { hash } from 'node:crypto'
import { type Catalog, type CatalogTool, type CatalogUpstream, LIMITS, takingTurns } from '@sluice/contract'
import { repacked } from '@sluice/openapi'
import type { CatalogOutline, CatalogToolOutline } from '@sluice/store'
import { assembleCatalog, type MadeTool, toTool } from './build-catalog.ts'
import { leanTool } from './lean-tool.ts'
import { learnWords } from './tool-finders.ts'
import type { WholeTools } from './whole-tools.ts'

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
  /** A hash of all that its lists were made of: not of what its calls are made with. */
  readonly lists: string
  /** A hash of all. */
  readonly of: string
}

interface KnownTool extends MadeTool {
  /** A hash of all that it was made of. */
  readonly of: string
}

/** Definitions that are read at once. Those of thousands of tools take seconds, in which calls go on. */
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
  const turn = takingTurns()
  for (let at = 0; at < outline.tools.length; at += SLICE) {
    await turn()
    const slice = outline.tools.slice(at, at + SLICE).map((row) => {
      const of = hashOf(row, upstreams, outline)
      const known = before?.made.get(row.id)
      return { row, of, kept: known?.of === of ? known : undefined }
    })
    const versions = slice.filter(({ kept }) => !kept).map(({ row }) => row.operationVersion)
    const definitions = await (versions.length > 0 ? readDefinitions(server.workspaceId, versions) : new Map())
    for (const { row, of, kept } of slice) {
      made.set(row.id, kept ?? { of, ...newTool(row, definitions.get(row.operationVersion)) })
      await turn()
    }
  }
  const { lists, of } = hashesOf(outline, [...made.values()])
  // A key of the server changed, and nothing of itself.
  if (before?.of === of) return before
  const catalog = assembleCatalog(outline, [...made.values()])
  await turn()
  return { catalog, made, lists, of }

  function newTool(row: CatalogToolOutline, definition: Uint8Array | undefined): MadeTool {
    if (definition === undefined) throw new Error(`version ${row.operationVersion} went while a catalog was loaded`)
    const upstream = upstreams.get(row.upstreamId)!
    // A copy: what was read may be part of a larger piece of memory, which it would keep.
    const packed = new Uint8Array(repacked(definition))
    const make = makerOf({ ...row, definition: packed }, upstream, secrets)
    const { icon, ...made } = make()
    const tool = leanTool(made, make, packed.byteLength, whole)
    if (isSearched) learnWords(tool, made, upstream.slug)
    return { tool, icon }
  }
}

/** Stands apart: what a tool keeps to be made again lives as long as the tool, and must know of nothing else, least of all a catalog. */
function makerOf(...parts: Parameters<typeof toTool>): () => CatalogTool {
  return () => toTool(...parts)
}

function hashesOf(
  { server, upstreams, composites, resources, prompts }: CatalogOutline,
  made: readonly KnownTool[],
): Pick<LoadedCatalog, 'lists' | 'of'> {
  const hashed = (parts: readonly unknown[]) => hash('sha256', JSON.stringify(parts))
  const slugs = upstreams.map(({ slug }) => slug)
  const tools = made.map(({ of }) => of)
  const lists = hashed([{ ...server, revision: undefined }, slugs, composites, resources, prompts, tools])
  return { lists, of: hashed([lists, upstreams]) }
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
