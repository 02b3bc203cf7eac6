import { nearestName } from '@sluice/schema'
import type { ToolIndex } from './index-tools.ts'
import { termsOf } from './words.ts'

/** A query whose unknown words are replaced by known ones that are spelt nearly so; nothing where none is near. */
export function nearestTerms(query: string, postings: ToolIndex['postings']): string | undefined {
  const terms = termsOf(query).slice(0, MOST_TERMS)
  const nearest = terms.map((term) => (postings.has(term) ? term : nearestName(term, postings.keys())))
  const known = nearest.filter((term) => term !== undefined)
  return known.some((term) => !terms.includes(term)) ? known.join(' ') : undefined
}

/** Each unknown one is held against the whole vocabulary. */
const MOST_TERMS = 8
