import { remembered } from './remembered.ts'
import { STOP_WORDS } from './stop-words.ts'

/** The words of a text that say something, stemmed, in order. */
export function termsOf(text: string): string[] {
  const terms: string[] = []
  for (const piece of piecesOf(text)) for (const term of termsOfPiece(piece)) terms.push(term)
  return terms
}

/** The words of a text in lower case, camelCase and snake_case taken apart: `getUserV2` is get, user, v2. */
export function wordsOf(text: string): string[] {
  return piecesOf(text).flatMap(takeApart)
}

function piecesOf(text: string): readonly string[] {
  const plain = APOSTROPHE.test(text) ? text.replace(CLITICS, '') : text
  return plain.match(FOREIGN.test(plain) ? ANY_PIECE : PLAIN_PIECE) ?? []
}

const APOSTROPHE = /['’]/
const CLITICS = /['’](?:s|t|re|ve|ll|d|m)\b/g
const FOREIGN = /[^\x20-\x7e\s]/
const ANY_PIECE = /[\p{L}\p{N}]+/gu
const PLAIN_PIECE = /[a-z0-9]+/gi

const termsOfPiece = remembered(20_000, (piece): readonly string[] =>
  takeApart(piece)
    .filter((word) => !STOP_WORDS.has(word))
    .map(stem),
)

function takeApart(piece: string): string[] {
  return HUMP.test(piece) ? piece.replace(HUMPS, ' ').toLowerCase().split(' ') : [piece.toLowerCase()]
}

const HUMP = /[\p{L}\p{N}]\p{Lu}/u
/** Between `get` and `User`, and between `HTTP` and `Server`. */
const HUMPS = /(?<=[\p{Ll}\d])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu

/** What the forms of an English word have in common, roughly: `companies` and `company`, `deploying` and `deployment`. */
export function stem(word: string): string {
  return word.length < 4 ? word : withoutEnding(withoutSuffix(singular(word)))
}

/** By its form: `orders`, but not `status`. */
export function isPlural(word: string): boolean {
  return word.length > 3 && singular(word) !== word
}

function singular(word: string): string {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`
  if (/(?:ss|sh|ch|x|z)es$/.test(word)) return word.slice(0, -2)
  if (word.endsWith('s') && !/(?:ss|us|is)$/.test(word)) return word.slice(0, -1)
  return word
}

/** A suffix stands before those that it ends with. */
const SUFFIXES = ['ization', 'isation', 'ation', 'ing', 'ion', 'ment', 'er', 'or', 'ed', 'ly', 'able', 'al', 'ive']

function withoutSuffix(word: string): string {
  for (const suffix of SUFFIXES) {
    const rest = word.slice(0, -suffix.length)
    if (rest.length >= 3 && word.endsWith(suffix) && /[aeiouy]/.test(rest)) return undoubled(rest)
  }
  return word
}

/** `stopped` is stop. */
function undoubled(word: string): string {
  return /([bdgkmnprtv])\1$/.test(word) ? word.slice(0, -1) : word
}

function withoutEnding(word: string): string {
  const cut = word.length > 3 && word.endsWith('e') ? word.slice(0, -1) : word
  return cut.length > 3 && cut.endsWith('y') ? `${cut.slice(0, -1)}i` : cut
}
