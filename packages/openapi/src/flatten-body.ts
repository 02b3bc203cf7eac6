import type { JsonSchema } from '@sluice/contract'
import { isObject, READ_ONLY } from '@sluice/schema'
import type { SchemaReader } from './read-schema.ts'

/** The properties of a body that is a plain object, through references and `allOf` (B44); nothing for any other (B45, B59, B60). */
export function flattenBody(schema: JsonSchema, reader: SchemaReader): FlatBody | undefined {
  const flat = flattenPart(schema, reader, new Set(), 0)
  return flat && Object.keys(flat.properties).length > 0 ? flat : undefined
}

export interface FlatBody {
  readonly properties: Readonly<Record<string, JsonSchema>>
  readonly required: readonly string[]
  /** What only the server writes. */
  readonly leftOut: ReadonlySet<string>
  /** It takes no other properties. */
  readonly isClosed: boolean
}

const FLAT_KEYWORDS = new Set([
  'type',
  'properties',
  'required',
  'title',
  'description',
  'examples',
  'default',
  'additionalProperties',
  'allOf',
  'deprecated',
  READ_ONLY,
])

/** `seen`: a part that stands at several places of the tree, or closes a ring, says the same each time. */
function flattenPart(
  schema: JsonSchema,
  reader: SchemaReader,
  seen: Set<JsonSchema>,
  depth: number,
): FlatBody | undefined {
  if (depth > 16) return undefined
  const target = reader.target(schema)
  if (seen.has(schema) || seen.has(target)) return NOTHING_MORE
  seen.add(schema).add(target)
  if (Object.keys(target).some((keyword) => !FLAT_KEYWORDS.has(keyword))) return undefined
  if (target.type !== undefined && target.type !== 'object') return undefined
  if (target.additionalProperties !== undefined && target.additionalProperties !== false) return undefined
  const parts = Array.isArray(target.allOf)
    ? target.allOf.map((part) => flattenPart(part as JsonSchema, reader, seen, depth + 1))
    : []
  if (parts.includes(undefined)) return undefined
  const own = isObject(target.properties) ? (target.properties as Record<string, JsonSchema>) : {}
  const required = Array.isArray(target.required) ? (target.required as string[]) : []
  const leftOut = new Set([...reader.leftOutOf(target), ...parts.flatMap((part) => [...part!.leftOut])])
  return {
    properties: uniteProperties([...parts.map((part) => part!.properties), own]),
    required: [...new Set([...parts.flatMap((part) => part!.required), ...required])],
    leftOut,
    isClosed: target.additionalProperties === false || parts.some((part) => part!.isClosed),
  }
}

const NOTHING_MORE: FlatBody = { properties: {}, required: [], leftOut: new Set(), isClosed: false }

/** What several parts of an `allOf` say of one property holds together. */
function uniteProperties(parts: ReadonlyArray<Readonly<Record<string, JsonSchema>>>): Record<string, JsonSchema> {
  const united: Record<string, JsonSchema> = Object.create(null)
  for (const [name, schema] of parts.flatMap((part) => Object.entries(part))) {
    const before = united[name]
    const isSame = before === undefined || before === schema || JSON.stringify(before) === JSON.stringify(schema)
    united[name] = isSame ? schema : { allOf: [before, schema] }
  }
  return united
}
