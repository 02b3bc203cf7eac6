import type { FuncKeywordDefinition } from 'ajv/dist/2020.js'
import { canonicalJson } from './canonical-json.ts'
import { spend } from './check-budget.ts'
import { exactOf, isExactNumber } from './exact-json.ts'

/** Where a value stands: a number that was rounded for the check is compared as it was given (B56). */
type Place = { parentData: unknown; parentDataProperty: string | number }
type Check = ((value: unknown, place?: Place) => boolean) & { errors?: Array<Record<string, unknown>> }

/**
 * `enum`, `const` and `uniqueItems` by an equality of our own. Ajv's asks values for their `valueOf`, `toString` and
 * `constructor`, which an argument may be called; and it compares each item of a list with each other (S27).
 */
export const EQUALITY_KEYWORDS: readonly FuncKeywordDefinition[] = [
  {
    keyword: 'enum',
    schemaType: 'array',
    compile: (values: unknown[]) => {
      const isKnown = oneOf(values)
      return failing('enum', isKnown, 'must be equal to one of the allowed values', {
        allowedValues: values,
      })
    },
  },
  {
    keyword: 'const',
    compile: (allowed: unknown) => {
      return failing('const', oneOf([allowed]), 'must be equal to constant', { allowedValue: allowed })
    },
  },
  {
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    compile: (isWanted: boolean) =>
      failing(
        'uniqueItems',
        (value) => !isWanted || areApart(exactOf(value) as unknown[]),
        'must NOT have duplicate items',
        {},
      ),
  },
]

function failing(
  keyword: string,
  passes: (value: unknown, place?: Place) => boolean,
  message: string,
  params: Record<string, unknown>,
): Check {
  const check: Check = (value, place) => {
    if (passes(value, place)) return true
    check.errors = [{ keyword, message, params }]
    return false
  }
  return check
}

function areApart(items: readonly unknown[]): boolean {
  return new Set(items.map(keyOf)).size === items.length
}

function oneOf(values: readonly unknown[]): (value: unknown, place?: Place) => boolean {
  const known = new Set(values.map(keyOf))
  // Most lists are of scalars: then a large value need not be written out to know that it is none of them.
  const isScalar = !values.some((value) => typeof value === 'object' && value !== null && !isExactNumber(value))
  const isExact = values.some(isExactNumber)
  return (value, place) => {
    if (isScalar && typeof value === 'object' && value !== null) return false
    // A list whose own numbers were rounded takes what is rounded alike.
    return known.has(keyOf(given(value, place))) || (!isExact && known.has(keyOf(value)))
  }
}

function given(value: unknown, place: Place | undefined): unknown {
  const parent = typeof value === 'number' ? exactOf(place?.parentData) : undefined
  return parent ? (parent as Record<string, unknown>)[place!.parentDataProperty] : exactOf(value)
}

/** One text for equal values, paid for by its length. */
function keyOf(value: unknown): string {
  const key = canonicalJson(value)
  spend(key.length / 8)
  return key
}
