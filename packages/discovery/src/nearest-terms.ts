import type { ToolIndex } from './index-tools.ts'
import { termsOf } from './words.ts'

/**
 * A query of words that accepted tools have, those nearest in spelling to what was asked; nothing where it has such words
 * already, or none is near. What no accepted tool has is not told.
 */
export function nearestTerms(
  query: string,
  { postings, vocabulary }: Pick<ToolIndex, 'postings' | 'vocabulary'>,
  accepts: (position: number) => boolean,
): string | undefined {
  const terms = [...new Set(termsOf(query))].slice(0, MOST_TERMS)
  const isKnown = (term: string) => postings.get(term)?.tools.some(accepts) === true
  const found = terms.map((term) => (isKnown(term) ? term : vocabulary.nearest(term, isKnown)))
  const known = [...new Set(found.filter((term) => term !== undefined))]
  return known.length > 0 ? known.join(' ') : undefined
}

/** Each unknown one is held against the vocabulary. */
const MOST_TERMS = 8
