import type { JsonSchema } from '@sluice/contract'
import { isObject } from './walk-schema.ts'

/** Keywords whose value is a schema, a list of schemas, or schemas by name; all others are data. */
const ONE = [
  'items',
  'additionalProperties',
  'propertyNames',
  'contains',
  'unevaluatedProperties',
  'unevaluatedItems',
  'not',
  'if',
  'then',
  'else',
]
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems']
const NAMED = ['properties', 'patternProperties', 'dependentSchemas', '$defs']

/** A copy of a schema in which `change` was applied to every schema inside, from the inside out. */
export function mapSchema(schema: JsonSchema, change: (schema: JsonSchema) => JsonSchema): JsonSchema {
  const inner = (value: unknown): unknown => (isObject(value) ? mapSchema(value, change) : value)
  const copy: Record<string, unknown> = { ...schema }
  for (const keyword of ONE) if (isObject(schema[keyword])) copy[keyword] = inner(schema[keyword])
  for (const keyword of LISTS) if (Array.isArray(schema[keyword])) copy[keyword] = schema[keyword].map(inner)
  for (const keyword of NAMED) {
    const named = schema[keyword]
    if (isObject(named))
      copy[keyword] = Object.fromEntries(Object.entries(named).map(([key, item]) => [key, inner(item)]))
  }
  return change(copy)
}
