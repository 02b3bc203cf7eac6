import type { JsonSchema } from '@sluice/contract'
import { mapSchema } from './map-schema.ts'
import { portableSchema } from './portable-schema.ts'
import { isObject, objectOf } from './walk-schema.ts'

/**
 * What an API says of its answers, as a description that real answers fit: any member may be missing or null, others may stand
 * beside, and lists of values, formats and bounds are dropped or told in words (B142, B171). Flat, with the API's own names.
 * Told less deeply where it would be larger than `maxBytes` of JSON (B172).
 */
export function permissiveSchema(declared: JsonSchema, maxBytes: number): JsonSchema {
  const { $defs, ...root } = declared
  // The root of a portable schema is always an object.
  const wrapped = { type: 'object', properties: { answer: root }, ...($defs ? { $defs } : {}) }
  const { schema } = portableSchema(wrapped, maxBytes, { keepsKeys: true })
  const answer = objectOf(schema.properties).answer
  const permissive = mapSchema(isObject(answer) ? answer : {}, relaxed)
  return JSON.stringify(permissive).length <= maxBytes ? permissive : {}
}

const KEPT = ['title', 'description', 'properties', 'items', 'anyOf']

function relaxed(schema: JsonSchema): JsonSchema {
  const out: Record<string, unknown> = {}
  if (typeof schema.type === 'string') out.type = [schema.type, 'null']
  for (const keyword of KEPT) if (keyword in schema) out[keyword] = schema[keyword]
  if (!Array.isArray(schema.enum)) return out
  const values = `one of ${schema.enum.map((value) => JSON.stringify(value)).join(', ')}`
  return { ...out, description: [schema.description, `(${values})`].filter(Boolean).join(' ') }
}
