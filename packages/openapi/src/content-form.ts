import type { JsonSchema, XmlShape } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { isYaml, kindOf } from './body-kind.ts'
import type { FileLook } from './file-use.ts'
import type { Findings } from './findings.ts'
import { firstConcrete } from './media-type.ts'
import { xmlShape } from './xml-shape.ts'

interface Described {
  /** A media type, or a list of types and ranges. */
  readonly contentType: string | undefined
  /** As it was read. */
  readonly schema: JsonSchema
  /** As it stands in the document. */
  readonly source: unknown
  /** What its element is called where nothing else is said. */
  readonly name: string
  readonly root: Record<string, unknown>
  readonly target: FileLook['target']
}

/** What the document says of how a value is put into a media type, beside the type itself. */
export function contentForm({ contentType, schema, source, name, root, target }: Described): {
  xml?: XmlShape
  isWritten?: true
} {
  const type = firstConcrete(contentType)
  if (type === undefined) return {}
  const kind = kindOf(type)
  if (kind === 'xml' && some(schema, target, hasMembers)) return { xml: xmlShape(source, name, root) }
  return kind === 'json' && some(schema, target, isJsonText) ? { isWritten: true } : {}
}

/**
 * Whether a media type says nothing of how the objects or lists of a schema are written: CSV, a text, bytes. Then the very text is
 * given.
 */
export function isUnwritten(contentType: string | undefined, schema: JsonSchema, target: FileLook['target']): boolean {
  const type = firstConcrete(contentType)
  if (type === undefined) return false
  const kind = kindOf(type)
  if (kind === 'json' || kind === 'xml' || kind === 'ndjson' || isYaml(type)) return false
  return some(schema, target, kind === 'form' ? isList : hasMembers)
}

/** What a model gives for such a value. */
export function textSchema(contentType: string, { description }: JsonSchema): JsonSchema {
  return { type: 'string', description: [description, `The text as ${contentType}.`].filter(Boolean).join(' ') }
}

export function tellUnwritten(
  findings: Findings,
  what: string,
  contentType: string,
  pointer: string,
  instead = 'the very text and sent as it is',
): void {
  findings.add({
    code: 'content-type-unwritten',
    severity: 'warning',
    pointer,
    message: `Nothing says how an object or a list is written as ${contentType}; ${what} is taken as ${instead}`,
    fix: 'Describe it as a string, or declare a media type that has objects, such as application/json.',
  })
}

const MOST_SCHEMAS = 200

/** Whether a value of a schema may have members. */
export function mayHaveMembers(schema: JsonSchema, target: FileLook['target']): boolean {
  return some(schema, target, hasMembers)
}

/** Whether it holds of a schema or of one of the parts that apply to the same value. */
function some(schema: JsonSchema, target: FileLook['target'], holds: (own: JsonSchema) => boolean): boolean {
  const parts = new Set<unknown>([schema])
  // A set is walked in the order in which it grows.
  for (const part of parts) {
    if (!isObject(part) || parts.size > MOST_SCHEMAS) continue
    const own = target(part)
    if (holds(own)) return true
    for (const inner of [own.allOf, own.anyOf, own.oneOf].flat()) parts.add(inner)
  }
  return false
}

function hasMembers(own: JsonSchema): boolean {
  return types(own).includes('object') || isObject(own.properties) || isList(own)
}

function isList(own: JsonSchema): boolean {
  return types(own).includes('array') || own.items !== undefined || own.prefixItems !== undefined
}

/** JSON Schema 2020-12, Validation 8.4: a string that is JSON text already. */
function isJsonText(own: JsonSchema): boolean {
  return typeof own.contentMediaType === 'string' && kindOf(own.contentMediaType) === 'json'
}

function types({ type }: JsonSchema): unknown[] {
  return [type].flat()
}
