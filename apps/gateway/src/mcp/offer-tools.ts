import { READ_MORE } from '@sluice/calls'
import type { Catalog, CatalogServer, CatalogTool, ListedTool, ServerMode } from '@sluice/contract'
import { CALL_TOOL, chooseMode, codeTool, DESCRIBE_TOOL, inventoryOf, searchTool } from '@sluice/discovery'

/** How tools are offered to callers that may use the same. */
export interface OfferedTools {
  readonly mode: ServerMode
  /** The server as they are told of it. */
  readonly server: CatalogServer
  /** Tools that may be found: all but unlisted ones. */
  readonly seen: ReadonlyMap<string, CatalogTool>
  /** What is listed, in the order of names. */
  readonly listed: readonly ListedTool[]
  /** What there is, for who searches. */
  readonly inventory: string
}

/** `usable` are the tools that the callers may use. */
export function offerTools(catalog: Catalog, usable: readonly CatalogTool[]): OfferedTools {
  const seen = usable.filter(({ unlisted }) => !unlisted)
  const tokens = seen.reduce((sum, tool) => sum + tool.tokens, 0)
  const { mode } = chooseMode(catalog.server.mode, { tools: seen.length, tokens })
  const inventory =
    mode === 'direct' ? '' : inventoryOf(seen.map((tool) => ({ ...tool, upstream: upstreamOf(catalog, tool) })))
  const listed =
    mode === 'direct'
      ? seen
      : [...metaTools(mode, catalog.server, inventory), ...seen.filter(({ pinned }) => pinned).slice(0, MOST_PINNED)]
  return {
    mode,
    server: mode === 'direct' ? catalog.server : instructed(catalog.server, mode),
    seen: new Map(seen.map((tool) => [tool.name, tool])),
    listed: inOrder(catalog, seen, listed),
    inventory,
  }
}

/** More would cost what searching saves. */
const MOST_PINNED = 10

export function upstreamOf({ upstreams }: Catalog, { upstreamId }: CatalogTool): string {
  return upstreams.get(upstreamId)!.slug
}

function metaTools(mode: ServerMode, { codeCalls }: CatalogServer, inventory: string): ListedTool[] {
  const calls = mode === 'code' ? (codeCalls === 'none' ? [] : [codeTool(codeCalls)]) : [CALL_TOOL]
  return [searchTool(inventory), DESCRIBE_TOOL, ...calls]
}

/** Reading on is offered beside the tools whose answers are known to be large. */
function inOrder(catalog: Catalog, seen: readonly CatalogTool[], listed: readonly ListedTool[]): readonly ListedTool[] {
  const isLarge = seen.some(({ offersProjection, hasLargeAnswers }) => offersProjection || hasLargeAnswers)
  const readsOn = isLarge && !catalog.byName.has(READ_MORE.name)
  const all = readsOn ? [...listed, READ_MORE] : listed
  return all.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** Models read the instructions before the list. */
function instructed(server: CatalogServer, mode: ServerMode): CatalogServer {
  const callWord = mode === 'code' ? 'run_code' : CALL_TOOL.name
  const how = `Its tools are not listed: find them with ${searchTool('').name}, then call them with ${callWord}.`
  return { ...server, instructions: [server.instructions.trim(), how].filter(Boolean).join('\n\n') }
}
