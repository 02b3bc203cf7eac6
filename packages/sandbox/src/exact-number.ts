/**
 * Reads JSON for filters. A number that a double cannot hold becomes an object that counts as a number there (type, order,
 * equality by all its digits, arithmetic by its rounded value) and is written back as its source text.
 */
export function parseExact(text: string): unknown {
  if (!mayLoseDigits(text)) return JSON.parse(text)
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) => {
    const source = context?.source
    return typeof value !== 'number' || source === undefined || holds(value, source) ? value : exactNumber(source)
  })
}

/** Whether a text may have a number of sixteen digits, or an exponent that may be out of range. */
export function mayLoseDigits(text: string): boolean {
  return /\d[\d.]{15}|[eE][+-]?\d{3}/.test(text)
}

/** Characters of an exact number; nothing for any other value. */
export function exactLength(value: object): number | undefined {
  return isExact(value) ? value[EXACT].length : undefined
}

/** A number of a filter: one that a double holds, or an exact one. */
export type FilterNumber = number | ExactNumber

export function isNumber(value: unknown): value is FilterNumber {
  return typeof value === 'number' || isExact(value)
}

export function isExact(value: unknown): value is ExactNumber {
  return typeof value === 'object' && value !== null && EXACT in value
}

/** As it was written. */
export function digitsOf(number: FilterNumber): string {
  return typeof number === 'number' ? String(number) : number[EXACT]
}

/** Below zero where the first is less, above where it is more: by all digits. */
export function compareNumbers(one: FilterNumber, other: FilterNumber): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other
  const [a, b] = [decimalOf(digitsOf(one)), decimalOf(digitsOf(other))]
  if (a.sign !== b.sign) return a.sign - b.sign
  const magnitude = a.magnitude - b.magnitude || (a.digits < b.digits ? -1 : Number(a.digits > b.digits))
  return a.sign * magnitude
}

/** `0.digits` times ten to the power of `magnitude`. */
interface Decimal {
  readonly sign: number
  readonly digits: string
  readonly magnitude: number
}

function decimalOf(source: string): Decimal {
  const [, minus, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source) ?? []
  const all = `${whole}${fraction}`
  const leading = /^0*/.exec(all)![0].length
  const digits = withoutEnd(all.slice(leading))
  if (digits === '') return { sign: 0, digits, magnitude: 0 }
  return { sign: minus ? -1 : 1, digits, magnitude: whole.length - leading + Number(exponent) }
}

/** Without the zeros at its end. A pattern would look at each run of zeros from each of its places (S26). */
function withoutEnd(digits: string): string {
  let end = digits.length
  while (digits[end - 1] === '0') end--
  return digits.slice(0, end)
}

const EXACT = Symbol('the digits of an exact number')

export interface ExactNumber {
  readonly [EXACT]: string
}

export function exactNumber(source: string): ExactNumber {
  return Object.freeze({
    [EXACT]: source,
    valueOf: () => Number(source),
    toString: () => source,
    // TC39 "JSON.parse source text access"; TypeScript's library does not know it yet.
    toJSON: () => (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(source),
  })
}

/** The longest text of a double; past it, zeros alone could make a number exact. */
const DOUBLE_CHARS = 25

function holds(value: number, source: string): boolean {
  return source.length <= DOUBLE_CHARS && significant(source) === significant(String(value))
}

/** The digits that carry the value, without sign, point, exponent and outer zeros. */
function significant(number: string): string {
  return number
    .replace(/[eE].*/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+|0+$/g, '')
}
