import { randomBytes } from 'node:crypto'

/** A new id: the prefix, 48 bits of time in milliseconds and 80 random bits, so that ids sort by age (`up_01k9…`). */
export function newId(prefix: string): string {
  let time = Date.now()
  let text = ''
  for (let index = 0; index < TIME_CHARS; index++) {
    text = ALPHABET[time % 32] + text
    time = Math.floor(time / 32)
  }
  for (const byte of randomBytes(RANDOM_CHARS)) text += ALPHABET[byte % 32]
  return `${prefix}_${text}`
}

/** Crockford's base 32: no letter that is mistaken for another. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const TIME_CHARS = 10
const RANDOM_CHARS = 16
