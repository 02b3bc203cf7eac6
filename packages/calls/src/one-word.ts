import { type HeaderList, headerValue } from '@sluice/contract'

const MOST_CHARS = 200

/**
 * A header's value that may stand among our own words: one word of visible ASCII, as addresses, numbers and tags are. What has
 * spaces may be a sentence of somebody else's (S33).
 */
export function oneWord(headers: HeaderList, name: string): string | undefined {
  const value = headerValue(headers, name)
  return value !== undefined && value.length <= MOST_CHARS && /^[\x21-\x7e]+$/.test(value) ? value : undefined
}
