import type { JsonSchema } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import type { FlatBody } from './flatten-body.ts'
import { essence } from './media-type.ts'
import type { SchemaReader } from './read-schema.ts'

export function isMergePatch(contentType: string): boolean {
  return essence(contentType) === 'application/merge-patch+json'
}

/** Null takes a member away (RFC 7396 2), that of a member too, whatever its schema says of it. */
export function withRemovals(flat: FlatBody, target: SchemaReader['target']): FlatBody {
  return { ...flat, properties: removableMembers(flat.properties, target, 0) }
}

function removableMembers(
  properties: Readonly<Record<string, JsonSchema>>,
  target: SchemaReader['target'],
  depth: number,
) {
  const entries = Object.entries(properties).map(([name, schema]) => {
    const { description = '', ...own } = withinMember(schema, target, depth)
    return [name, { anyOf: [own, { type: 'null' }], description: `${description} Null removes it.`.trim() }] as const
  })
  return Object.assign(Object.create(null), Object.fromEntries(entries)) as Record<string, JsonSchema>
}

/** What is described in a place of its own is copied, since others that refer to it take no null. */
function withinMember(schema: JsonSchema, target: SchemaReader['target'], depth: number): JsonSchema {
  const { properties, ...whole } = target(schema)
  if (!isObject(properties) || depth >= DEEPEST) return schema
  const { $ref: _ref, ...beside } = schema
  const members = removableMembers(properties as Record<string, JsonSchema>, target, depth + 1)
  return { ...whole, ...beside, properties: members }
}

/** Schemas may be rings. */
const DEEPEST = 3
