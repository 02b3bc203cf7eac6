import { ENTITIES } from './entities.ts'

/** Where something stands in a text: from the first of its characters to behind the last. */
export interface Span {
  readonly start: number
  readonly end: number
}

/**
 * A stretch of text without what escapes it, however deep: JSON's `\/` and `\u002f`, HTML's `&#47;` and `&sol;`, a URL's `%2F`, and
 * all of them in one another. What is folded is compared with what is folded, so it need not be what was meant, only the same for
 * all spellings of one text: backslashes go, a line feed is the `n` of `\n`, `+` is a space, and others than ASCII are their UTF-8.
 *
 * It is read from its end, so that what follows an escape's first character is known when that is met; time is linear.
 */
export class FoldedText {
  // From the last to the first.
  readonly #codes: Uint16Array
  readonly #starts: Int32Array
  readonly #ends: Int32Array
  #size = 0
  #reversed = ''

  /** Takes thirty bytes for each character that a stretch may have. */
  constructor(mostChars: number) {
    // UTF-8 has three bytes for a UTF-16 code unit at most.
    this.#codes = new Uint16Array(mostChars * 3)
    this.#starts = new Int32Array(mostChars * 3)
    this.#ends = new Int32Array(mostChars * 3)
  }

  /** Takes in a stretch of a text in place of what was read before; `ofBytes` where each of its characters is a byte. */
  read(text: string, { start, end }: Span, ofBytes: boolean): void {
    this.#size = 0
    for (let at = end - 1; at >= start; at--) {
      const code = text.charCodeAt(at)
      if (code < 0x80 && !isOpening(code)) this.#push(FOLDED[code]!, at, at + 1)
      else this.#add(code, at, at + 1, ofBytes)
    }
    this.#reversed = Buffer.from(this.#codes.buffer, 0, this.#size * 2).toString('utf16le')
  }

  /** What was read, from its end to its beginning. */
  get reversed(): string {
    return this.#reversed
  }

  /** Where another text, folded and reversed, stands in the text that was read. */
  find(reversed: string): Span[] {
    const found: Span[] = []
    const { length } = reversed
    for (let at = this.#reversed.indexOf(reversed); at >= 0; at = this.#reversed.indexOf(reversed, at + length)) {
      found.push({ start: this.#starts[at + length - 1]!, end: this.#ends[at]! })
    }
    return found
  }

  #add(first: number, start: number, firstEnd: number, ofBytes: boolean): void {
    let code = first
    let end = firstEnd
    let isByte = ofBytes
    while (isOpening(code)) {
      const escaped = this.#escaped(code)
      if (!escaped) break
      end = this.#ends[this.#size - escaped.length]!
      this.#size -= escaped.length
      code = escaped.code
      isByte = escaped.isByte
    }
    if (code === BACKSLASH) this.#widen(start)
    else if (code < 0x80) this.#push(FOLDED[code]!, start, end)
    else if (isByte) this.#push(code, start, end)
    else this.#pushUtf8(code, start, end)
  }

  /** A backslash belongs to what it stands before. */
  #widen(start: number): void {
    if (this.#size > 0) this.#starts[this.#size - 1] = start
  }

  #push(code: number, start: number, end: number): void {
    this.#codes[this.#size] = code
    this.#starts[this.#size] = start
    this.#ends[this.#size] = end
    this.#size++
  }

  /** RFC 3629 3, from the last byte to the first. */
  #pushUtf8(unit: number, start: number, unitEnd: number): void {
    let code = unit
    let end = unitEnd
    if (isBetween(code, 0xd800, 0xdbff) && this.#size > 0 && isBetween(this.#behind(0), 0xdc00, 0xdfff)) {
      code = (code - 0xd800) * 0x400 + (this.#behind(0) - 0xdc00) + 0x10000
      end = this.#ends[--this.#size]!
    }
    // Half of a pair waits for the other.
    if (isBetween(code, 0xd800, 0xdfff)) {
      this.#push(code, start, end)
      return
    }
    let most = 0x40
    for (; code >= most; most = most === 0x40 ? 0x20 : most / 2) {
      this.#push(0x80 | (code % 0x40), start, end)
      code = Math.floor(code / 0x40)
    }
    this.#push(((0x100 - 2 * most) & 0xff) | code, start, end)
  }

  /** What a character says with those behind it, where it opens an escape. */
  #escaped(code: number): Escaped | undefined {
    if (code === AMPERSAND) return this.#entity()
    if (code === PERCENT) return this.#hex(0, 2)
    const letter = this.#size > 0 ? this.#behind(0) : 0
    if (letter === U) return this.#hex(1, 4)
    return letter === X ? this.#hex(1, 2) : undefined
  }

  #hex(from: number, digits: number): Escaped | undefined {
    const length = from + digits
    if (this.#size < length) return undefined
    let code = 0
    for (let at = from; at < length; at++) {
      const digit = hexDigit(this.#behind(at))
      if (digit < 0) return undefined
      code = code * 16 + digit
    }
    return { code, length, isByte: from === 0 }
  }

  #entity(): Escaped | undefined {
    let name = ''
    for (let at = 0; at < Math.min(this.#size, LONGEST_ENTITY); at++) {
      const code = this.#behind(at)
      if (code === SEMICOLON) {
        const meant = meaningOf(name)
        return meant === undefined ? undefined : { code: meant, length: at + 1, isByte: false }
      }
      if (!isAlphanumeric(code) && (at > 0 || code !== NUMBER_SIGN)) return undefined
      name += String.fromCharCode(code)
    }
    return undefined
  }

  #behind(at: number): number {
    return this.#codes[this.#size - 1 - at]!
  }
}

interface Escaped {
  readonly code: number
  /** How many characters stand behind the first. */
  readonly length: number
  readonly isByte: boolean
}

const [BACKSLASH, AMPERSAND, PERCENT, SEMICOLON, NUMBER_SIGN, U, X] = [0x5c, 0x26, 0x25, 0x3b, 0x23, 0x75, 0x78]

/** With the leading zeros that some write in numbers. */
const LONGEST_ENTITY = 20

/** ASCII, as it is after folding: what JSON escapes with a letter is that letter, and a form's `+` the space it stands for. */
const FOLDED = Uint8Array.from({ length: 0x80 }, (_, code) => code)
for (const [char, letter] of ['\nn', '\rr', '\tt', '\bb', '\ff', '+ ']) {
  FOLDED[char!.charCodeAt(0)] = letter!.charCodeAt(0)
}

function isOpening(code: number): boolean {
  return code === BACKSLASH || code === AMPERSAND || code === PERCENT
}

function isBetween(code: number, first: number, last: number): boolean {
  return code >= first && code <= last
}

function isAlphanumeric(code: number): boolean {
  return isBetween(code | 0x20, 0x61, 0x7a) || isBetween(code, 0x30, 0x39)
}

function hexDigit(code: number): number {
  if (isBetween(code, 0x30, 0x39)) return code - 0x30
  return isBetween(code | 0x20, 0x61, 0x66) ? (code | 0x20) - 0x57 : -1
}

function meaningOf(name: string): number | undefined {
  if (!name.startsWith('#')) return ENTITIES.get(name) ?? ENTITIES.get(name.toLowerCase())
  const digits = /^#(?:x([\da-f]+)|(\d+))$/i.exec(name)
  const code = digits ? Number.parseInt(digits[1] ?? digits[2]!, digits[1] ? 16 : 10) : Number.NaN
  return code <= 0x10ffff ? code : undefined
}
