import { countTokens as count } from 'gpt-tokenizer/encoding/o200k_base'

/**
 * Model tokens of a text in the o200k vocabulary: exact for current OpenAI models, near for Claude and Gemini. Exact up to
 * 256 kB, beyond that reckoned at 3.5 characters a token (measured on API JSON). Costs 0.1 ms a kilobyte: never on a call's path.
 */
export function countTokens(text: string): number {
  if (text.length > EXACT_CHARS) return Math.round(text.length / CHARS_PER_TOKEN)
  // What looks like a special token in an API's answer is text.
  return count(text, { allowedSpecial: 'all' })
}

const EXACT_CHARS = 256 * 1024
const CHARS_PER_TOKEN = 3.5
