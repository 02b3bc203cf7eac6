import { BACKSLASH, COLON, COMMA, isWhite, LIST, LIST_END, OBJECT, OBJECT_END, QUOTE } from './json-text.ts'

/** How a JSON text is written. */
export interface JsonForm {
  readonly text: string
  /** Nothing stands between its tokens. */
  readonly isMinified: boolean
  /** What `JSON.parse` makes of it tells each number as it is written: none loses digits, none is spelt otherwise (B143). */
  readonly isExact: boolean
}

/**
 * Looks at a text once, and makes no value of it: each answer passes here, and few are asked for more. It takes what `JSON.parse`
 * takes (RFC 8259), unless lists and objects are more than `mostDepth` within one another; undefined for anything else.
 */
export function scanJson(text: string, mostDepth: number): JsonForm | undefined {
  const scan = new Scan(text, mostDepth)
  const isJson = scan.value(0) && Number.isNaN(scan.next())
  return isJson ? { text, isMinified: scan.isMinified, isExact: scan.isExact } : undefined
}

const [SPACE, PLUS, MINUS, POINT, ZERO, NINE] = [0x20, 0x2b, 0x2d, 0x2e, 0x30, 0x39]
const [UPPER_E, LOWER_E, LOWER_U] = [0x45, 0x65, 0x75]

/** Each method takes what it is named for, from where the last one ended, and says whether that is there. */
class Scan {
  isMinified = true
  isExact = true
  #at = 0
  readonly #text: string
  readonly #mostDepth: number

  constructor(text: string, mostDepth: number) {
    this.#text = text
    this.#mostDepth = mostDepth
  }

  /** The code of what comes after white space; `NaN` at the end. */
  next(): number {
    let code = this.#text.charCodeAt(this.#at)
    while (isWhite(code)) {
      this.isMinified = false
      code = this.#text.charCodeAt(++this.#at)
    }
    return code
  }

  value(depth: number): boolean {
    const code = this.next()
    if (code === QUOTE) return this.#string()
    if (code === OBJECT) return depth < this.#mostDepth && this.#object(depth + 1)
    if (code === LIST) return depth < this.#mostDepth && this.#list(depth + 1)
    if (code === MINUS || isDigit(code)) return this.#number()
    return this.#word('true') || this.#word('false') || this.#word('null')
  }

  #object(depth: number): boolean {
    this.#at++
    if (this.#takes(OBJECT_END)) return true
    do {
      if (this.next() !== QUOTE || !this.#string() || !this.#takes(COLON) || !this.value(depth)) return false
    } while (this.#takes(COMMA))
    return this.#takes(OBJECT_END)
  }

  #list(depth: number): boolean {
    this.#at++
    if (this.#takes(LIST_END)) return true
    do {
      if (!this.value(depth)) return false
    } while (this.#takes(COMMA))
    return this.#takes(LIST_END)
  }

  #takes(code: number): boolean {
    if (this.next() !== code) return false
    this.#at++
    return true
  }

  #word(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false
    this.#at += word.length
    return true
  }

  #string(): boolean {
    const text = this.#text
    let at = this.#at + 1
    for (let code = text.charCodeAt(at); code !== QUOTE; code = text.charCodeAt(++at)) {
      // No control character, and not the end.
      if (!(code >= SPACE)) return false
      if (code === BACKSLASH) {
        const escaped = text.charCodeAt(++at)
        if (escaped !== LOWER_U) {
          if (!ESCAPED.has(escaped)) return false
        } else {
          if (!FOUR_HEX.test(text.slice(at + 1, at + 5))) return false
          at += 4
        }
      }
    }
    this.#at = at + 1
    return true
  }

  #number(): boolean {
    const text = this.#text
    const start = this.#at
    const first = text.charCodeAt(start) === MINUS ? start + 1 : start
    const whole = text.charCodeAt(first) === ZERO ? first + 1 : endOfDigits(text, first)
    const fraction = whole !== NONE && text.charCodeAt(whole) === POINT ? endOfDigits(text, whole + 1) : whole
    const hasExponent = fraction !== NONE && isLetterE(text.charCodeAt(fraction))
    const end = hasExponent ? endOfDigits(text, afterSign(text, fraction + 1)) : fraction
    if (end === NONE) return false
    this.isExact &&= (!hasExponent && isShort(text, first, whole, end)) || isSpeltSo(text.slice(start, end))
    this.#at = end
    return true
  }
}

const NONE = -1

/** Of one digit at least. */
function endOfDigits(text: string, start: number): number {
  let at = start
  while (isDigit(text.charCodeAt(at))) at++
  return at > start ? at : NONE
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE
}

function isLetterE(code: number): boolean {
  return code === LOWER_E || code === UPPER_E
}

function afterSign(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code === PLUS || code === MINUS ? at + 1 : at
}

/** Fifteen digits survive a double. Beside them are a zero at the end of a fraction, minus zero, and what is written with an exponent. */
function isShort(text: string, first: number, whole: number, end: number): boolean {
  if (end - first > MOST_SAFE_DIGITS) return false
  const startsWithZero = text.charCodeAt(first) === ZERO
  if (whole === end) return !startsWithZero
  return text.charCodeAt(end - 1) !== ZERO && !startsWithZero
}

const MOST_SAFE_DIGITS = 15

function isSpeltSo(source: string): boolean {
  return String(Number(source)) === source
}

/** What may be escaped by a backslash alone (RFC 8259 7). */
const ESCAPED = new Set(Array.from('"\\/bfnrt', (char) => char.charCodeAt(0)))
const FOUR_HEX = /^[\da-f]{4}$/i
