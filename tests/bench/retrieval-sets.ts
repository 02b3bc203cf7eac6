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
export function retrievalSets(): RetrievalSet[] {
  if (!existsSync(FOLDER)) return []
  const all = [spotify(), toolAlpaca(), socBench()]
  return [...all, pooled(all), giants()]
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

function spotify(): RetrievalSet {
  const tools = findableTools(readFileSync(join(FOLDER, 'spotify_oas.json'), 'utf8'), 'spotify')
  const queries = linesOf(join(FOLDER, 'spotify.jsonl')).map((line) => labelled(tools, line))
  return { name: 'spotify', pools: [{ tools, queries }] }
}

/** Each query is of one API; the operations of all are searched. */
function toolAlpaca(): RetrievalSet {
  const tools = documentsIn(join(FOLDER, 'toolalpaca'))
  const queries = linesOf(join(FOLDER, 'toolalpaca.jsonl')).map((line) => labelled(tools, line, line.api))
  return { name: 'toolalpaca', pools: [{ tools, queries }] }
}

function socBench(): RetrievalSet {
  const lines = linesOf(join(FOLDER, 'socbench.jsonl'))
  const folder = join(FOLDER, 'socbench', 'socbenchd_1')
  const pools = readdirSync(folder).map((domain) => {
    const tools = documentsIn(join(folder, domain))
    return { tools, queries: lines.filter((line) => line.domain === domain).map((line) => labelled(tools, line)) }
  })
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
function giants(): RetrievalSet {
  const lines = linesOf(join(import.meta.dirname, 'queries-of-giants.jsonl'))
  const documents = new Map(corpusDocuments().map((document) => [document.id, document]))
  const pools = [...new Set(lines.map(({ document }) => document!))].flatMap((id) => {
    const document = documents.get(id)
    if (!document) return []
    const tools = findableTools(readDocument(document), basename(id))
    return [{ tools, queries: lines.filter((line) => line.document === id).map((line) => labelled(tools, line)) }]
  })
  return { name: 'giants', pools }
}

function documentsIn(folder: string): FindableTool[] {
  return readdirSync(folder).flatMap((file) =>
    findableTools(readFileSync(join(folder, file), 'utf8'), basename(file, '.json')),
  )
}

function labelled(tools: readonly FindableTool[], { query, gold }: Line, api?: string): LabelledQuery {
  const positions = gold.map((route) =>
    tools.findIndex(({ operation, upstream }) => {
      const [method, path] = route.split(' ') as [string, string]
      // Some labels leave the first slash out.
      return (
        `${operation.method} ${operation.path}` === `${method} /${path.replace(/^\//, '')}` &&
        upstream === (api ?? upstream)
      )
    }),
  )
  // Where a label names what its document does not have, it can never be found.
  return { query, gold: positions }
}
