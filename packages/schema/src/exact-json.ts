import { endOfText, isWhite, QUOTE } from './json-text.ts'

/**
 * JSON in which no number loses digits. A number that a double cannot hold (an int64 identifier, a long decimal) is kept
 * as its source text and written back as it came. Reviver context and raw JSON are ES2026 (TC39 "JSON.parse source text access").
 */
export function parseJson(text: string): unknown {
  return JSON.parse(text, digitsReviver(text))
}

/** What `JSON.parse` needs to keep the digits of this text; nothing where it loses none. */
export function digitsReviver(text: string): typeof keepDigits | undefined {
  return MAY_LOSE_DIGITS.test(text) ? keepDigits : undefined
}

/** The same, with every number as it was written: `1.0`, `-0` and `1e5` are not `1`, `0` and `100000` (B143). */
export function parseJsonAsWritten(text: string): unknown {
  return MAY_BE_REWRITTEN.test(text) ? JSON.parse(text, keepText) : parseJson(text)
}

/** The JSON text of a value that may hold exact numbers. `undefined` has none and gives `null`. */
export function stringifyJson(value: unknown): string {
  return JSON.stringify(value) ?? 'null'
}

/** JSON text without the white space between its tokens; nothing else changes, not even the order of keys. */
export function minifyJson(text: string): string {
  let [minified, from] = ['', 0]
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfText(text, at)
    else if (!isWhite(code)) at++
    else {
      minified += text.slice(from, at)
      while (isWhite(text.charCodeAt(at))) at++
      from = at
    }
  }
  return from === 0 ? text : minified + text.slice(from)
}

/** A number kept as its source text. */
export interface ExactNumber {
  readonly rawJSON: string
}

export function isExactNumber(value: unknown): value is ExactNumber {
  return rawJson.isRawJSON(value)
}

/** An object of members: no list, and no exact number, which is an object to the language only. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value)
}

/** Makes an exact number of decimal source text, for instance of a long string of digits. */
export function exactNumber(source: string): ExactNumber {
  return rawJson.rawJSON(source)
}

/**
 * A copy in which exact numbers are ordinary ones, rounded, and objects have only what is their own: what a schema is checked
 * against. A value that is so already is returned itself.
 */
export function approximate(value: unknown): unknown {
  return isPlain(value) ? value : rounded(value)
}

function isPlain(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return true
  if (Array.isArray(value)) return value.every(isPlain)
  // An exact number has no prototype either.
  if (Object.getPrototypeOf(value) !== null || isExactNumber(value)) return false
  for (const key in value) if (!isPlain((value as Record<string, unknown>)[key])) return false
  return true
}

function rounded(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (isExactNumber(value)) return Number(value.rawJSON)
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? value.map(rounded) : Object.create(null)
  if (!Array.isArray(copy)) for (const [key, item] of Object.entries(value)) copy[key] = rounded(item)
  originals.set(copy, value)
  return copy
}

const originals = new WeakMap<object, object>()

/** What `approximate` made an object or a list of; any other value is what it is. */
export function exactOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? (originals.get(value) ?? value) : value
}

// Sixteen digits in a row or an exponent of three: anything shorter survives a double.
const MAY_LOSE_DIGITS = /\d[\d.]{15}|\d[eE][+-]?\d{3}/

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source
  if (typeof value !== 'number' || source === undefined || String(value) === source) return value
  return MAY_LOSE_DIGITS.test(source) ? exactNumber(source) : value
}

// A zero at the end of a fraction, minus zero, an exponent; many texts that are none of that look like it, too.
const MAY_BE_REWRITTEN = /\.\d*0(?!\d)|-0(?!\.?\d)|\d[eE][+-]?\d|-0\.0*(?!\d)/

function keepText(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source
  return typeof value === 'number' && source !== undefined && String(value) !== source ? exactNumber(source) : value
}

// TypeScript's library does not know these yet.
const rawJson = JSON as unknown as RawJson

interface RawJson {
  rawJSON(source: string): ExactNumber
  isRawJSON(value: unknown): boolean
}
