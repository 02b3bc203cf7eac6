import type { JsonSchema } from '@sluice/contract'
import { valuesOf } from './of-type.ts'
import { asStrings, isObject, objectOf, resolveLocal } from './walk-schema.ts'

/** Unites the properties and requirements of `allOf` (B44). What cannot be united is dropped: the full schema still checks it. */
export function mergeAllOf(given: JsonSchema, root: JsonSchema, merged: Merged, depth = 0): JsonSchema {
  const known = merged.get(given)
  if (known) return known
  const schema = resolveLocal(given, root)
  if (!Array.isArray(schema.allOf) || depth > 16) return schema
  // What closes a ring is what it was.
  merged.set(given, schema)
  const united = unite(schema, schema.allOf, (part) => mergeAllOf(part, root, merged, depth + 1))
  merged.set(given, united)
  return united
}

/** Schemas by what they are once their `allOf` is united: parts that share parts would be united again at each place. */
export type Merged = Map<JsonSchema, JsonSchema>

function unite(
  { allOf: _allOf, ...own }: JsonSchema,
  parts: readonly unknown[],
  merge: (part: JsonSchema) => JsonSchema,
): JsonSchema {
  let merged: Record<string, unknown> = own
  const inherited: Record<string, unknown> = {}
  for (const part of parts) {
    if (!isObject(part)) continue
    const resolved = merge(part)
    const required = [...asStrings(merged.required), ...asStrings(resolved.required)]
    Object.assign(inherited, uniteProperties(inherited, objectOf(resolved.properties)))
    const description = merged.description ?? resolved.description
    merged = both(resolved, merged)
    if (description !== undefined) merged.description = description
    if (required.length > 0) merged.required = [...new Set(required)]
  }
  const properties = uniteProperties(inherited, objectOf(own.properties))
  return Object.keys(properties).length > 0 ? { ...merged, properties } : merged
}

/** A schema that says what two say: of lists of values those that are in both, of limits the narrower. */
function both(one: Record<string, unknown>, other: Record<string, unknown>): Record<string, unknown> {
  const united: Record<string, unknown> = { ...one, ...other }
  const [values, others] = [valuesOf(one), valuesOf(other)]
  if (values && others) {
    const keys = new Set(others.map((value) => JSON.stringify(value)))
    delete united.const
    united.enum = values.filter((value) => keys.has(JSON.stringify(value)))
  }
  for (const [keyword, narrower] of LIMITS) {
    const [limit, its] = [one[keyword], other[keyword]]
    if (typeof limit === 'number' && typeof its === 'number') united[keyword] = narrower(limit, its)
  }
  return united
}

const LIMITS = [
  ...['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'].map((name) => [name, Math.max] as const),
  ...['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'].map((name) => [name, Math.min] as const),
]

/** What several parts say of one property holds together; a later one, which specializes, has the last word. */
function uniteProperties(base: Record<string, unknown>, more: Record<string, unknown>): Record<string, unknown> {
  const united = Object.entries(more).map(([name, property]) => {
    const before = Object.hasOwn(base, name) ? base[name] : undefined
    return [name, isObject(before) && isObject(property) ? both(before, property) : property]
  })
  return { ...base, ...Object.fromEntries(united) }
}
