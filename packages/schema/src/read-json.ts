import { endOfText, LIST, LIST_END, OBJECT, OBJECT_END, QUOTE } from './json-text.ts'

/** JSON text that was read once, and how it is written. */
export interface ReadJson {
  readonly text: string
  /** What `JSON.parse` makes of it. */
  readonly value: unknown
  /** How many lists and objects are within one another. */
  readonly depth: number
  /** Nothing stands between its tokens. */
  readonly isMinified: boolean
  /** The value tells each number as it is written: none loses digits, none is spelt otherwise (B143). */
  readonly isExact: boolean
}

/** Reads a text, and looks once at how it is written: each answer passes here. @throws SyntaxError for what is no JSON */
export function readJson(text: string): ReadJson {
  const value: unknown = JSON.parse(text)
  let [depth, deepest, isMinified, isExact] = [0, 0, true, true]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfText(text, at) - 1
    else if (code === OBJECT || code === LIST) {
      if (++depth > deepest) deepest = depth
    } else if (code === OBJECT_END || code === LIST_END) depth--
    else if (code <= SPACE) isMinified = false
    else if (code === MINUS || isDigit(code)) {
      const last = lastOfNumber(text, at)
      isExact &&= isSpeltSo(text, at, last)
      at = last
    }
  }
  return { text, value, depth: deepest, isMinified, isExact }
}

const [SPACE, PLUS, MINUS, POINT, ZERO, NINE, UPPER_E, LOWER_E] = [0x20, 0x2b, 0x2d, 0x2e, 0x30, 0x39, 0x45, 0x65]

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE
}

function lastOfNumber(text: string, start: number): number {
  let at = start
  while (isOfNumber(text.charCodeAt(at + 1))) at++
  return at
}

function isOfNumber(code: number): boolean {
  return isDigit(code) || code === POINT || code === LOWER_E || code === UPPER_E || code === PLUS || code === MINUS
}

/** Fifteen digits survive a double; whatever else there is about a number is seen by writing it again. */
function isSpeltSo(text: string, first: number, last: number): boolean {
  if (last - first < MOST_SAFE_DIGITS && isWhole(text, first, last)) return true
  const source = text.slice(first, last + 1)
  return String(Number(source)) === source
}

const MOST_SAFE_DIGITS = 15

function isWhole(text: string, first: number, last: number): boolean {
  for (let at = first; at <= last; at++) if (!isDigit(text.charCodeAt(at))) return false
  return true
}
