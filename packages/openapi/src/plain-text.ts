import { CallFailure } from '@sluice/contract'
import { isExactNumber, stringifyJson } from '@sluice/schema'

/**
 * A value as the text that stands in a URL, a header or a form: numbers without exponent, booleans in lower case (B91).
 * @throws CallFailure of kind `arguments` for a number that would be endless
 */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value
  if (isExactNumber(value)) return withoutExponent(value.rawJSON)
  if (typeof value === 'number') return withoutExponent(String(value))
  if (typeof value === 'object' && value !== null) return stringifyJson(value)
  return String(value)
}

/** All digits of a double, and more than any API takes. */
const MOST_PLACES = 400

/** Moves the point by its digits: no double is asked, so none is lost. */
function withoutExponent(text: string): string {
  // Most have none.
  const parts = /[eE]/.test(text) ? EXPONENT.exec(text) : null
  if (!parts) return text
  const [, sign = '', whole = '', fraction = '', exponent = ''] = parts
  const digits = (whole + fraction).replace(/^0+/, '')
  if (digits === '') return '0'
  const places = Number(exponent) - fraction.length
  if (Math.abs(places) > MOST_PLACES)
    throw new CallFailure('arguments', `${text} is too long to be written without exponent. Nothing was sent.`)
  if (places >= 0) return sign + digits + '0'.repeat(places)
  const padded = digits.padStart(1 - places, '0')
  const decimals = padded.slice(places).replace(/0+$/, '')
  return sign + padded.slice(0, places) + (decimals ? `.${decimals}` : '')
}

const EXPONENT = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d+)$/
