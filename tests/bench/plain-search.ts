import type { FindableTool } from '@sluice/discovery'
import MiniSearch from 'minisearch'

/** What a search is held against: BM25 over all words of a tool, with stop words and a light stemmer. */
export function plainSearch(tools: readonly FindableTool[]): (query: string, limit: number) => number[] {
  const index = new MiniSearch({ fields: ['text'], tokenize, processTerm: toTerm })
  index.addAll(tools.map((tool, id) => ({ id, text: textOf(tool) })))
  return (query, limit) =>
    index
      .search(query)
      .slice(0, limit)
      .map(({ id }) => id as number)
}

function textOf({ operation, tags, wireSchema }: FindableTool): string {
  const { method, path, operationId = '', summary, description } = operation
  const names = Object.keys((wireSchema.properties ?? {}) as object)
  return [method, path, operationId, summary, description, ...tags, ...names].join(' ')
}

function tokenize(text: string): string[] {
  return (
    text
      .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? []
  )
}

const STOP_WORDS = new Set(
  `a an the of to in for and or is are be on with by from as at it its this that my me i you your we our please can could
  would what which how do does`.split(/\s+/),
)

function toTerm(word: string): string | null {
  if (STOP_WORDS.has(word)) return null
  if (word.length <= 3) return word
  return word
    .replace(/ies$/, 'y')
    .replace(/([^s])s$/, '$1')
    .replace(/(ing|ed)$/, '')
}
