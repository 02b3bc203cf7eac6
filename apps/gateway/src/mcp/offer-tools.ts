import { READ_MORE } from '@sluice/calls'
import {
  type Catalog,
  type CatalogComposite,
  type CatalogServer,
  type CatalogTool,
  LIMITS,
  type ListedTool,
  type ServerMode,
} from '@sluice/contract'
import { CALL_TOOL, chooseMode, codeTool, DESCRIBE_TOOL, inventoryOf, searchTool } from '@sluice/discovery'
import { findable } from '../live/tool-finders.ts'

/** How tools are offered to callers that may use the same. */
export interface OfferedTools {
  readonly mode: ServerMode
  /** The server as they are told of it. */
  readonly server: CatalogServer
  /** What may be found, by name: all but unlisted tools, and composites. */
  readonly seen: ReadonlyMap<string, CatalogTool | CatalogComposite>
  /** What is listed, in the order of names. */
  readonly listed: readonly ListedTool[]
  /** What there is, for who searches. */
  readonly inventory: string
}

/** `usable` and `composites` are what the callers may use. */
export function offerTools(
  catalog: Catalog,
  usable: readonly CatalogTool[],
  composites: readonly CatalogComposite[],
): OfferedTools {
  const tools = usable.filter(({ unlisted }) => !unlisted)
  const tokens = tools.reduce((sum, tool) => sum + tool.tokens, 0)
  const { mode } = chooseMode(catalog.server.mode, { tools: tools.length, tokens })
  const seen = [...tools, ...composites]
  const inventory = mode === 'direct' ? '' : inventoryOf(seen.map((one) => findable(catalog, one)))
  return {
    mode,
    server: mode === 'direct' ? catalog.server : instructed(catalog.server, mode),
    seen: new Map(seen.map((one) => [one.name, one])),
    listed: inOrder(catalog, tools, mode === 'direct' ? seen : listedIn(mode, catalog, seen, inventory)),
    inventory,
  }
}

/** Our own tools, and what a curator keeps beside them. Code cannot call a composite, so where code calls, they are listed too. */
function listedIn(
  mode: ServerMode,
  { server }: Catalog,
  seen: ReadonlyArray<CatalogTool | CatalogComposite>,
  inventory: string,
): ListedTool[] {
  const pinned = seen.filter((one) => one.pinned)
  const others = mode === 'code' ? seen.filter((one) => 'code' in one && !one.pinned) : []
  return [...metaTools(mode, server, inventory), ...[...pinned, ...others].slice(0, LIMITS.pinnedTools)]
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
