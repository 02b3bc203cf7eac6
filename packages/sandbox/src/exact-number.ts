/**
 * Reads JSON for jmespath. A number that a double cannot hold becomes an object that counts as a number there (type,
 * order, arithmetic: by its rounded value) and is written back as its source text.
 */
export function parseExact(text: string): unknown {
  if (!MAY_LOSE_DIGITS.test(text)) return JSON.parse(text)
  // jmespath compares objects that are no arrays or dictionaries by identity: the same digits must be the same object.
  const known = new Map<string, ExactNumber>()
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) => {
    const source = context?.source
    if (typeof value !== 'number' || source === undefined || holds(value, source)) return value
    const number = known.get(source) ?? exactNumber(source)
    known.set(source, number)
    return number
  })
}

/** Characters of an exact number; nothing for any other value. */
export function exactLength(value: object): number | undefined {
  return EXACT in value ? (value as ExactNumber)[EXACT].length : undefined
}

const EXACT = Symbol('the digits of an exact number')

interface ExactNumber {
  readonly [EXACT]: string
}

function exactNumber(source: string): ExactNumber {
  return Object.freeze({
    [EXACT]: source,
    // jmespath asks Object.prototype.toString for the type of a value.
    [Symbol.toStringTag]: 'Number',
    valueOf: () => Number(source),
    toString: () => source,
    // TC39 "JSON.parse source text access"; TypeScript's library does not know it yet.
    toJSON: () => (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(source),
  })
}

/** Sixteen digits, or an exponent that may be out of range. */
const MAY_LOSE_DIGITS = /\d[\d.]{15}|[eE][+-]?\d{3}/

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
