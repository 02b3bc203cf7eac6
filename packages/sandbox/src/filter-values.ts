import { compareNumbers, isExact, isNumber } from './exact-number.ts'

/** What JMESPath calls the kinds of values. */
export type FilterType = 'number' | 'string' | 'boolean' | 'array' | 'object' | 'null'

export function typeOf(value: unknown): FilterType {
  if (value === null || value === undefined) return 'null'
  if (isNumber(value)) return 'number'
  if (Array.isArray(value)) return 'array'
  return typeof value as 'string' | 'boolean' | 'object'
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isExact(value)
}

/** What counts as no: null, false, and what is empty. Zero does not. */
export function isFalse(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return true
  return typeof value === 'object' && !isExact(value) && Object.keys(value).length === 0
}

export function areEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (isNumber(one) && isNumber(other)) return compareNumbers(one, other) === 0
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => areEqual(item, other[index]))
  if (!isRecord(one) || !isRecord(other)) return false
  const keys = Object.keys(one)
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && areEqual(one[key], other[key]))
  )
}
