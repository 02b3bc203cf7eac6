import type { JsonSchema, StructuredAnswer } from '@sluice/contract'
import { isRecord, objectOf } from '@sluice/schema'
import type { Era } from './settle-request.ts'

/** Where older clients find what is no object: they take objects only (B122). */
const WRAPPED = 'result'
/** An answer that is not as its schema says, or that has something said beside it. With underscores as long as the API has such a name. */
const OWN_ANSWER = 'sluice_answer'
const OWN_NOTES = 'sluice_notes'

/** What a client is told of a tool's answers. Every `structuredContentOf` fits it, since none of its members is required (B170). */
export function outputSchemaOf(schema: JsonSchema, era: Era): JsonSchema {
  switch (rootOf(schema)) {
    case 'object':
      return { ...schema, type: 'object' }
    case 'any':
      return era === 'modern' ? schema : { type: 'object' }
    case 'other':
      return era === 'modern' ? orObject(schema) : { type: 'object', properties: { [WRAPPED]: schema } }
  }
}

/** The answer in the client's revision. Nothing is lost: what does not fit its schema is a member that the schema does not have. */
export function structuredContentOf({ value, schema, fits, notes }: StructuredAnswer, era: Era): unknown {
  const own = freeName(OWN_ANSWER, schema)
  const beside = notes.length > 0 ? { [freeName(OWN_NOTES, schema)]: notes } : {}
  if (value === undefined) return beside
  if (!fits) return { [own]: value, ...beside }
  const root = rootOf(schema)
  if (isRecord(value) && root !== 'other' && mayBeBare(value, era)) return { ...beside, ...value }
  if (root === 'object' || (isRecord(value) && root === 'any')) return { [own]: value, ...beside }
  if (era === 'legacy') return { [WRAPPED]: value, ...beside }
  return notes.length > 0 ? { [own]: value, ...beside } : value
}

/** The SDK copies an older client's object member by member, and loses this one. */
function mayBeBare(value: object, era: Era): boolean {
  return era === 'modern' || !Object.hasOwn(value, '__proto__')
}

/** Whether answers are objects, anything, or something else, for instance lists. */
function rootOf(schema: JsonSchema): 'object' | 'any' | 'other' {
  if (Object.keys(schema).every((keyword) => keyword === 'title' || keyword === 'description')) return 'any'
  return 'properties' in schema || (typesOf(schema).includes('object') && !('anyOf' in schema)) ? 'object' : 'other'
}

function typesOf({ type }: JsonSchema): readonly unknown[] {
  return Array.isArray(type) ? type : [type]
}

function orObject(schema: JsonSchema): JsonSchema {
  if (Array.isArray(schema.anyOf)) return { ...schema, anyOf: [...schema.anyOf, { type: 'object' }] }
  return { ...schema, type: [...typesOf(schema), 'object'] }
}

function freeName(name: string, { properties }: JsonSchema): string {
  let free = name
  while (Object.hasOwn(objectOf(properties), free)) free = `${free}_`
  return free
}
