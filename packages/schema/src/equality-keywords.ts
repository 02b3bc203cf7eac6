import type { FuncKeywordDefinition } from 'ajv/dist/2020.js'
import { spend } from './check-budget.ts'

type Check = ((value: unknown) => boolean) & { errors?: Array<Record<string, unknown>> }

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
      failing('uniqueItems', (value) => !isWanted || areApart(value as unknown[]), 'must NOT have duplicate items', {}),
  },
]

function failing(
  keyword: string,
  passes: (value: unknown) => boolean,
  message: string,
  params: Record<string, unknown>,
): Check {
  const check: Check = (value) => {
    if (passes(value)) return true
    check.errors = [{ keyword, message, params }]
    return false
  }
  return check
}

function areApart(items: readonly unknown[]): boolean {
  return new Set(items.map(keyOf)).size === items.length
}

function oneOf(values: readonly unknown[]): (value: unknown) => boolean {
  const known = new Set(values.map(keyOf))
  // Most lists are of scalars: then a large value need not be written out to know that it is none of them.
  const isScalar = !values.some((value) => typeof value === 'object' && value !== null)
  return (value) => !(isScalar && typeof value === 'object' && value !== null) && known.has(keyOf(value))
}

/** One text for equal values (JSON Schema 2020-12, Core 4.2.2): the order of an object's keys means nothing. */
function keyOf(value: unknown): string {
  const key = JSON.stringify(value, (_key, item) => (isRecord(item) ? sorted(item) : item)) ?? 'undefined'
  spend(key.length / 8)
  return key
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sorted(record: Record<string, unknown>): Record<string, unknown> {
  const copy: Record<string, unknown> = Object.create(null)
  for (const key of Object.keys(record).sort()) copy[key] = record[key]
  return copy
}
