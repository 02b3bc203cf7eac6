import { nearestName } from '@sluice/schema'
import type { ToolIndex } from './index-tools.ts'
import { termsOf } from './words.ts'

/**
 * A query of words that accepted tools have, those nearest in spelling to what was asked; nothing where it has such words
 * already, or none is near. What no accepted tool has is not told.
 */
export function nearestTerms(
  query: string,
  { postings }: Pick<ToolIndex, 'postings'>,
  accepts: (position: number) => boolean,
): string | undefined {
  const terms = [...new Set(termsOf(query))].slice(0, MOST_TERMS)
  const vocabulary = [...postings].flatMap(([term, { tools }]) =>
    SPELT.test(term) && tools.some(accepts) ? [term] : [],
  )
  const known = new Set(vocabulary)
  const nearest = terms.map((term) => (known.has(term) || !SPELT.test(term) ? term : nearestName(term, vocabulary)))
  const found = [...new Set(nearest.filter((term) => term !== undefined && known.has(term)))]
  return found.length > 0 ? found.join(' ') : undefined
}

/** Each unknown one is held against the whole vocabulary. */
const MOST_TERMS = 8

/** What is shorter is near to too much. */
const SPELT = /^[a-z0-9]{3,}$/
