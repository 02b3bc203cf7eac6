import type { JsonSchema } from '@sluice/contract'
import { tellsNull } from './portable-schema.ts'
import { isObject } from './walk-schema.ts'

/**
 * A portable schema under the rules of OpenAI's strict mode: every object is closed and requires all its properties, and what was
 * optional takes null instead, which healing reads as left out (B73). Nothing where the rules leave no room: an object with
 * free keys, a value of any kind, an optional value that may be null, or more than the mode's limits. Kept as long as the schema object lives.
 */
export function strictSchema(portable: JsonSchema): JsonSchema | undefined {
  if (known.has(portable)) return known.get(portable)
  const counts = { properties: 0, values: 0, chars: 0 }
  const schema = toStrict(portable, counts, 0)
  const fits = counts.properties <= MOST.properties && counts.values <= MOST.values && counts.chars <= MOST.chars
  const strict = fits ? schema : undefined
  known.set(portable, strict)
  return strict
}

const known = new WeakMap<JsonSchema, JsonSchema | undefined>()

// OpenAI, Structured Outputs, "Supported schemas": limits of one schema.
const MOST = { properties: 5_000, values: 1_000, chars: 120_000, depth: 10 }

type Counts = { properties: number; values: number; chars: number }

function toStrict(schema: JsonSchema, counts: Counts, depth: number): JsonSchema | undefined {
  if (depth > MOST.depth) return undefined
  if (Array.isArray(schema.anyOf)) return union(schema, schema.anyOf, counts, depth)
  switch (schema.type) {
    case 'object':
      return objectOf(schema, counts, depth)
    case 'array': {
      const items = isObject(schema.items) ? toStrict(schema.items, counts, depth + 1) : undefined
      return items && { ...kept(schema, ['minItems', 'maxItems']), items }
    }
    case 'string':
      return scalar(schema, ['enum', 'pattern', 'format'], counts)
    case 'number':
    case 'integer':
      return scalar(schema, ['minimum', 'maximum'], counts)
    case 'boolean':
      return kept(schema, [])
    default:
      return undefined
  }
}

function kept(schema: JsonSchema, keywords: readonly string[]): JsonSchema {
  const out: Record<string, unknown> = { type: schema.type }
  for (const keyword of ['description', ...keywords]) if (keyword in schema) out[keyword] = schema[keyword]
  return out
}

function scalar(schema: JsonSchema, keywords: readonly string[], counts: Counts): JsonSchema {
  const out: Record<string, unknown> = { ...kept(schema, keywords) }
  if (out.format !== undefined && out.format !== 'date-time') delete out.format
  if (Array.isArray(out.enum)) {
    counts.values += out.enum.length
    counts.chars += out.enum.join('').length
  }
  return out
}

function union(
  schema: JsonSchema,
  branches: readonly unknown[],
  counts: Counts,
  depth: number,
): JsonSchema | undefined {
  // What stands beside a union says more than strict mode can.
  if (isObject(schema.properties)) return undefined
  const strict = branches.map((branch) => (isObject(branch) ? toStrict(branch, counts, depth + 1) : undefined))
  if (strict.includes(undefined)) return undefined
  return { ...(schema.description ? { description: schema.description } : {}), anyOf: strict }
}

function objectOf(schema: JsonSchema, counts: Counts, depth: number): JsonSchema | undefined {
  const entries = Object.entries(isObject(schema.properties) ? schema.properties : {})
  // An inner object without properties takes any; the root without any takes none.
  if (entries.length === 0 && depth > 0) return undefined
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  const properties: Record<string, JsonSchema> = {}
  for (const [key, value] of entries) {
    const strict = isObject(value) ? toStrict(value, counts, depth + 1) : undefined
    if (!strict) return undefined
    // Null would be two things: a value to set, and nothing given.
    if (!required.has(key) && isObject(value) && tellsNull(value)) return undefined
    properties[key] = required.has(key) ? strict : orNull(strict)
    counts.properties++
    counts.chars += key.length
  }
  return { ...kept(schema, []), properties, required: Object.keys(properties), additionalProperties: false }
}

function orNull(schema: JsonSchema): JsonSchema {
  if (Array.isArray(schema.anyOf)) return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] }
  if (Array.isArray(schema.enum)) return { ...schema, type: [schema.type, 'null'], enum: [...schema.enum, null] }
  return { ...schema, type: [schema.type, 'null'] }
}
