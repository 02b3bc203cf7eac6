import { findNeighbours } from './find-neighbours.ts'
import { indexTools, type Pause } from './index-tools.ts'
import { subjectsOf } from './inventory.ts'
import { patternMatcher } from './match-pattern.ts'
import { nearestTerms } from './nearest-terms.ts'
import { type Findable, rankTools } from './rank-tools.ts'
import { type FindableTool, type ToolWords, wordsOfTool } from './tool-words.ts'

/** What narrows a search beside its words. */
export interface ToolFilter {
  readonly tag?: string
  /** A slug. */
  readonly upstream?: string
  /** Upper-case. */
  readonly method?: string
  readonly readOnly?: boolean
}

export interface FoundTools {
  /** The best first. */
  readonly tools: readonly FindableTool[]
  /** There are more of them. */
  readonly hasMore: boolean
  /** Words that were searched for instead: as they stand, nothing has them. */
  readonly corrected?: string
}

export interface SearchRequest extends ToolFilter {
  /** Plain words, a name, or a pattern with `*` of names or paths; empty: all, by name. */
  readonly query: string
  readonly offset: number
  readonly limit: number
}

/** Finds tools among thousands. It knows all tools of a server; who asks says which of them they may see. */
export interface ToolFinder {
  search(request: SearchRequest, maySee: (name: string) => boolean): FoundTools
}

/** Builds the index, waiting between slices of the work. `wordsOf`: where the words of tools are known already. */
export async function createToolFinder(
  tools: readonly FindableTool[],
  pause: Pause,
  wordsOf: (tool: FindableTool) => ToolWords = wordsOfTool,
): Promise<ToolFinder> {
  const index = await indexTools(tools, pause, wordsOf)
  await pause()
  const found: Findable = { index, neighbours: findNeighbours(index) }
  await pause()
  return { search: (request, maySee) => search(found, request, maySee) }
}

function search(found: Findable, request: SearchRequest, maySee: (name: string) => boolean): FoundTools {
  const { tools } = found.index
  const accepts = (position: number) => fits(tools[position]!, request) && maySee(tools[position]!.name)
  const query = request.query.trim()
  const wanted = request.offset + request.limit + 1
  const take = (matches: (tool: FindableTool) => boolean) =>
    tools
      .keys()
      .filter((at) => matches(tools[at]!) && accepts(at))
      .take(wanted)
      .toArray()
  const positions = isPlain(query)
    ? take(() => true)
    : looksLikePattern(query)
      ? take(matcherOf(query))
      : ranked(found, query, wanted, accepts)
  if (positions.length > 0 || isPlain(query)) return page(tools, positions, request)
  const corrected = nearestTerms(query, found.index, accepts)
  if (corrected === undefined) return { tools: [], hasMore: false }
  return { ...page(tools, rankTools(found, corrected, wanted, accepts), request), corrected }
}

function isPlain(query: string): boolean {
  return query === '' || query === '*'
}

/** A path may follow its method, as a search shows both. */
const ROUTE = /^(?:[a-z]+ +)?\/\S*$/i

function looksLikePattern(query: string): boolean {
  return ROUTE.test(query) || (!/\s/.test(query) && query.includes('*'))
}

function matcherOf(pattern: string): (tool: FindableTool) => boolean {
  const [path = '', method] = pattern.split(/ +/).toReversed()
  const fits = patternMatcher(path)
  return ({ name, operation }) =>
    (method === undefined || method.toUpperCase() === operation.method) &&
    (fits(name) || fits(operation.path) || isAt(path, operation.path))
}

/** Whether a path is one that a template stands for: `/orders/7` is at `/orders/{id}`. */
function isAt(path: string, template: string): boolean {
  if (!template.includes('{')) return false
  const [given, wanted] = [path.split('/'), template.split('/')]
  return given.length === wanted.length && wanted.every((part, at) => part.includes('{') || isSame(part, given[at]!))
}

/** A tool that is called by its very name comes first. */
function ranked(found: Findable, query: string, limit: number, accepts: (position: number) => boolean): number[] {
  const named = found.index.named.get(query)?.find(accepts)
  const positions = rankTools(found, query, limit, accepts)
  return named === undefined ? positions : [named, ...positions.filter((position) => position !== named)]
}

function fits(tool: FindableTool, { tag, upstream, method, readOnly }: ToolFilter): boolean {
  return (
    (tag === undefined || subjectsOf(tool).some((one) => isSame(one, tag))) &&
    (upstream === undefined || isSame(tool.upstream, upstream)) &&
    (method === undefined || tool.operation.method === method) &&
    (readOnly === undefined || tool.annotations.readOnlyHint === readOnly)
  )
}

/** A name that the inventory cut is still one to narrow by. */
function isSame(name: string, asked: string): boolean {
  const [one, other] = [name.toLowerCase(), asked.toLowerCase()]
  return one === other || (other.endsWith('…') && one.startsWith(other.slice(0, -1)))
}

function page(
  tools: readonly FindableTool[],
  positions: readonly number[],
  { offset, limit }: SearchRequest,
): FoundTools {
  const shown = positions.slice(offset, offset + limit)
  return { tools: shown.map((position) => tools[position]!), hasMore: positions.length > offset + limit }
}
