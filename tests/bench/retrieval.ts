// `npm run bench -- retrieval`: how well tools are found, on labelled queries, against plain BM25 in the same run.
import { createToolFinder, type FindableTool } from '@sluice/discovery'
import { median } from './median.ts'
import { plainSearch } from './plain-search.ts'
import { type LabelledQuery, type Pool, type RetrievalSet, retrievalSets } from './retrieval-sets.ts'

type Search = (query: string, limit: number) => readonly number[]
type SearchMaker = (tools: readonly FindableTool[]) => Search | Promise<Search>

/** Per cent of the queries. */
interface Found {
  readonly any1: number
  readonly any5: number
  readonly any10: number
  readonly all5: number
  readonly all10: number
}

/** Points above plain search, or a figure itself, that a set must reach. */
const GOALS: Readonly<Record<string, { readonly any1More?: number; readonly any5?: number; readonly all5?: number }>> =
  {
    spotify: { any1More: 15, all5: 45 },
    toolalpaca: { any1More: 15, any5: 96 },
    socbench: { any1More: 15, all5: 40 },
  }

/** False where a goal is missed. */
export async function benchRetrieval(): Promise<boolean> {
  const sets = await retrievalSets()
  if (sets.length === 0) {
    console.log('The labelled queries are not beside this clone: nothing is measured.')
    return true
  }
  console.log(row(['set', 'operations', 'queries', 'search', 'any@1', 'any@5', 'any@10', 'all@5', 'all@10']))
  const missed: string[] = []
  for (const set of sets) {
    const plain = await measure(set, plainSearch)
    const ours = await measure(set, ourSearch)
    tell(set, 'plain', plain)
    tell(set, 'sluice', ours)
    missed.push(...misses(set.name, plain, ours))
  }
  await measureIndex(sets.flatMap(({ pools }) => pools.flatMap(({ tools }) => tools)))
  for (const miss of missed) console.log(miss)
  return missed.length === 0
}

async function ourSearch(tools: readonly FindableTool[]): Promise<Search> {
  const finder = await createToolFinder(tools, async () => {})
  const positions = new Map(tools.map((tool, position) => [tool, position]))
  return (query, limit) =>
    finder.search({ query, offset: 0, limit }, () => true).tools.map((tool) => positions.get(tool)!)
}

async function measure({ pools }: RetrievalSet, make: SearchMaker): Promise<Found> {
  const all: Array<Record<keyof Found, boolean>> = []
  for (const pool of pools) all.push(...(await judge(pool, make)))
  const share = (figure: keyof Found) => (100 * all.filter((one) => one[figure]).length) / all.length
  return { any1: share('any1'), any5: share('any5'), any10: share('any10'), all5: share('all5'), all10: share('all10') }
}

async function judge({ tools, queries }: Pool, make: SearchMaker) {
  const search = await make(tools)
  return queries.map(({ query, gold }: LabelledQuery) => {
    const top = search(query, 10)
    const hits = (most: number) => gold.filter((position) => top.slice(0, most).includes(position)).length
    return {
      any1: hits(1) > 0,
      any5: hits(5) > 0,
      any10: hits(10) > 0,
      all5: hits(5) === gold.length,
      all10: hits(10) === gold.length,
    }
  })
}

function tell({ name, pools }: RetrievalSet, search: string, found: Found): void {
  const operations = pools.reduce((sum, { tools }) => sum + tools.length, 0)
  const queries = pools.reduce((sum, pool) => sum + pool.queries.length, 0)
  const figures = [found.any1, found.any5, found.any10, found.all5, found.all10].map((figure) => figure.toFixed(1))
  console.log(row([name, String(operations), String(queries), search, ...figures]))
}

function misses(name: string, plain: Found, ours: Found): string[] {
  const { any1More, any5, all5 } = GOALS[name] ?? {}
  const bounds = [
    ['any@1', ours.any1, any1More === undefined ? undefined : Math.min(100, plain.any1 + any1More)],
    ['any@5', ours.any5, any5],
    ['all@5', ours.all5, all5],
  ] as const
  return bounds.flatMap(([figure, value, goal]) =>
    goal === undefined || value >= goal
      ? []
      : [`${name}: ${figure} is ${value.toFixed(1)}, the goal ${goal.toFixed(1)}.`],
  )
}

const MOST_TOOLS = 11_000

/** What an index of thousands costs, beside one of plain words. */
async function measureIndex(tools: readonly FindableTool[]): Promise<void> {
  const many = Array.from({ length: MOST_TOOLS }, (_, at) => tools[at % tools.length]!)
  // The first one pays for what the others find compiled.
  await ourSearch(many)
  const [ourMs, ours] = await timed(() => ourSearch(many))
  const [plainMs] = await timed(async () => plainSearch(many))
  const queries = [
    'create an issue with a label',
    'list my playlists',
    'delete the pods of a namespace and read their logs',
  ]
  const times = queries.flatMap((query) =>
    Array.from({ length: 20 }, () => {
      const started = performance.now()
      ours(query, 10)
      return performance.now() - started
    }),
  )
  console.log(
    `${MOST_TOOLS} operations: index ${ourMs.toFixed(0)} ms (MiniSearch of plain words ${plainMs.toFixed(0)} ms), query ${median(times).toFixed(1)} ms at the median, ${Math.max(...times).toFixed(1)} at most`,
  )
}

async function timed<T>(make: () => Promise<T>): Promise<[number, T]> {
  const started = performance.now()
  const made = await make()
  return [performance.now() - started, made]
}

function row(cells: readonly string[]): string {
  return cells.map((cell, at) => (at === 0 ? cell.padEnd(14) : cell.padStart(10))).join(' ')
}
