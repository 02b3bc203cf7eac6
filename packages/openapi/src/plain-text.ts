import { isExactNumber, stringifyJson } from '@sluice/schema'

/** A value as the text that stands in a URL, a header or a form: numbers without exponent, booleans in lower case (B91). */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value
  if (isExactNumber(value)) return value.rawJSON
  if (typeof value === 'number') return withoutExponent(value)
  if (typeof value === 'object' && value !== null) return stringifyJson(value)
  return String(value)
}

function withoutExponent(value: number): string {
  const text = String(value)
  if (!text.includes('e')) return text
  if (Number.isInteger(value)) return BigInt(value).toString()
  const digits = Number(text.slice(text.indexOf('e') + 2)) + text.length
  return value.toFixed(Math.min(digits, 100)).replace(/0+$/, '')
}
