import type { ToolIndex } from './index-tools.ts'
import { expressionsOf } from './tool-words.ts'
import { stem, termsOf } from './words.ts'

/** Tools that give what others need: the list that shows the ids, the search that finds a name. */
export interface Neighbours {
  /** The tool that shows what the last expression of a tool's path stands for; `undefined`: none is known. */
  readonly giverFor: (position: number) => number | undefined
  /** Whether a tool finds things by their names. */
  readonly isSearch: (position: number) => boolean
}

export function findNeighbours(index: ToolIndex): Neighbours {
  const lists = listsByNoun(index)
  return {
    giverFor(position) {
      const expression = needsOf(index.tools[position]!.operation.path).at(-1)
      if (!expression?.noun) return undefined
      const known = new Set(index.facts[position]!.expressions)
      const given = (lists.get(expression.noun) ?? []).filter((list) => {
        const needs = index.facts[list]!.expressions
        return list !== position && needs.every((name) => name !== expression.name && known.has(name))
      })
      return given.toSorted((a, b) => rank(index, a) - rank(index, b))[0]
    },
    isSearch: (position) => isSearch(index, position),
  }
}

/** The caller's own first, then what lies nearest to the root. */
function rank({ facts }: ToolIndex, position: number): number {
  const { isOwn, segments } = facts[position]!
  return (isOwn ? 0 : 100) + segments
}

/** GET operations on collections, by what the collection is of. */
function listsByNoun({ tools, facts }: ToolIndex): Map<string, number[]> {
  const lists = new Map<string, number[]>()
  for (const [position, { operation }] of tools.entries()) {
    if (operation.method !== 'GET') continue
    const { endsInExpression, heads } = facts[position]!
    const nouns = endsInExpression ? [] : termsOf(/\/([^/{}]+)\/?$/.exec(operation.path)?.[1] ?? '')
    if (/\/@?(?:me|self)\/?$/.test(operation.path) || (heads.length === 0 && facts[position]!.isOwn)) nouns.push(USER)
    for (const noun of new Set(nouns)) {
      const found = lists.get(noun)
      if (found) found.push(position)
      else lists.set(noun, [position])
    }
  }
  return lists
}

const USER = stem('user')

/** Each expression of a path, and what it identifies: `{playlist_id}`, and `{id}` after `/playlists/`, a playlist. */
function needsOf(path: string): Array<{ readonly name: string; readonly noun: string | undefined }> {
  return path.split('/').flatMap((part, at, parts) =>
    expressionsOf(part).map((name) => ({
      name,
      noun: termsOf(name.replace(IDENTIFIERS, '')).at(-1) ?? termsOf(parts[at - 1] ?? '').at(-1),
    })),
  )
}

const IDENTIFIERS = /_?(?:ids?|uuid|sid|key|slug|number|name|guid|code)$/i

function isSearch({ tools }: ToolIndex, position: number): boolean {
  const { operation, title, wireSchema } = tools[position]!
  if (operation.method !== 'GET' && operation.method !== 'POST') return false
  if (!/\bsearch\/?$/i.test(operation.path) && !/^search\b/i.test(title)) return false
  return Object.keys((wireSchema.properties ?? {}) as object).some((name) => ASKS_FOR_WORDS.test(name))
}

const ASKS_FOR_WORDS = /^(?:q|query|search|term|keywords?|text|name|search_?(?:term|query))$/i
