import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { FindableTool } from '@sluice/discovery'
import { corpusDocuments, readDocument } from '../corpus/corpus-documents.ts'
import { ROOT } from '../support/spawned.ts'
import { findableTools } from './findable-tools.ts'

const FOLDER = join(ROOT, '..', 'shared', 'corpus', 'retrieval')

/** What somebody wants, and the operations that it takes. */
export interface LabelledQuery {
  readonly query: string
  /** Positions in the pool. */
  readonly gold: readonly number[]
}

/** Operations that are searched together, and what is searched for in them. */
export interface Pool {
  readonly tools: readonly FindableTool[]
  readonly queries: readonly LabelledQuery[]
}

export interface RetrievalSet {
  readonly name: string
  readonly pools: readonly Pool[]
}

/** Labelled sets that lie beside the clone, and our own over large APIs as far as their documents are there. */
export async function retrievalSets(): Promise<RetrievalSet[]> {
  if (!existsSync(FOLDER)) return []
  const all = [await spotify(), await toolAlpaca(), await socBench()]
  return [...all, pooled(all), await giants()]
}

interface Line {
  readonly query: string
  readonly gold: readonly string[]
  readonly api?: string
  readonly domain?: string
  readonly document?: string
}

function linesOf(file: string): Line[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

async function spotify(): Promise<RetrievalSet> {
  const tools = await findableTools(readFileSync(join(FOLDER, 'spotify_oas.json'), 'utf8'))
  const queries = linesOf(join(FOLDER, 'spotify.jsonl')).map((line) => labelled(tools, line))
  return { name: 'spotify', pools: [{ tools, queries }] }
}

/** Each query is of one API; the operations of all are searched. */
async function toolAlpaca(): Promise<RetrievalSet> {
  const documents = await documentsIn(join(FOLDER, 'toolalpaca'))
  const tools = documents.flatMap((document) => document.tools)
  const queries = linesOf(join(FOLDER, 'toolalpaca.jsonl')).map((line) => {
    const own = documents.find(({ name }) => name === line.api)!.tools
    const { query, gold } = labelled(own, line)
    return { query, gold: gold.map((position) => tools.indexOf(own[position]!)) }
  })
  return { name: 'toolalpaca', pools: [{ tools, queries }] }
}

async function socBench(): Promise<RetrievalSet> {
  const lines = linesOf(join(FOLDER, 'socbench.jsonl'))
  const folder = join(FOLDER, 'socbench', 'socbenchd_1')
  const pools: Pool[] = []
  for (const domain of readdirSync(folder)) {
    const tools = (await documentsIn(join(folder, domain))).flatMap((document) => document.tools)
    pools.push({ tools, queries: lines.filter((line) => line.domain === domain).map((line) => labelled(tools, line)) })
  }
  return { name: 'socbench', pools }
}

/** All operations of some sets are searched for each query of them. */
function pooled(sets: readonly RetrievalSet[]): RetrievalSet {
  const pools = sets.flatMap((set) => set.pools)
  const tools = pools.flatMap((pool) => pool.tools)
  let before = 0
  const queries = pools.flatMap((pool) => {
    const start = before
    before += pool.tools.length
    return pool.queries.map(({ query, gold }) => ({ query, gold: gold.map((position) => position + start) }))
  })
  return { name: 'all of these', pools: [{ tools, queries }] }
}

/** One of the gold operations is enough: some APIs have several ways. */
async function giants(): Promise<RetrievalSet> {
  const lines = linesOf(join(import.meta.dirname, 'queries-of-giants.jsonl'))
  const documents = new Map(corpusDocuments().map((document) => [document.id, document]))
  const pools: Pool[] = []
  for (const id of new Set(lines.map(({ document }) => document!))) {
    const document = documents.get(id)
    if (!document) continue
    const tools = await findableTools(readDocument(document))
    pools.push({ tools, queries: lines.filter((line) => line.document === id).map((line) => labelled(tools, line)) })
  }
  return { name: 'giants', pools }
}

interface NamedDocument {
  readonly name: string
  readonly tools: readonly FindableTool[]
}

async function documentsIn(folder: string): Promise<NamedDocument[]> {
  const documents: NamedDocument[] = []
  for (const file of readdirSync(folder)) {
    const tools = await findableTools(readFileSync(join(folder, file), 'utf8'))
    documents.push({ name: basename(file, '.json'), tools })
  }
  return documents
}

/** Where a label names what its document does not have, it can never be found. */
function labelled(tools: readonly FindableTool[], { query, gold }: Line): LabelledQuery {
  const positions = gold.map((route) => {
    const [method, path] = route.split(' ') as [string, string]
    // Some labels leave the first slash out.
    const wanted = `${method} /${path.replace(/^\//, '')}`
    return tools.findIndex(({ operation }) => `${operation.method} ${operation.path}` === wanted)
  })
  return { query, gold: positions }
}
