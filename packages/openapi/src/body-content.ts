import type { BodyContent, BodyKind, JsonSchema, PartEncoding } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { isYaml, kindOf, takesList } from './body-kind.ts'
import { mayHaveMembers } from './content-form.ts'
import { withContentForms } from './field-content.ts'
import { type FileLook, fileTypes, fileUse } from './file-use.ts'
import type { Findings } from './findings.ts'
import { type FormFields, formFields } from './form-fields.ts'
import { type DeclaredContent, declaredEncodings } from './list-bodies.ts'
import { firstConcrete } from './media-type.ts'
import { hasStyle, isNested, partEncoding } from './part-encoding.ts'
import { fieldSource, xmlShape } from './xml-shape.ts'

/** Levels of parts within parts: one must be taken (OpenAPI 3.2 4.15.3), and a schema may stand in itself. */
const MOST_NESTED = 3

export interface ContentParts {
  readonly fields: FormFields
  /** The whole schema, references followed. */
  readonly schema: JsonSchema
  readonly root: Record<string, unknown>
  readonly target: FileLook['target']
  readonly findings: Findings
  /** How many parts it stands within. */
  readonly depth?: number
}

/** One media type of a body with how each of its parts is encoded. */
export function contentOf(
  content: DeclaredContent,
  { fields, schema, root, target, findings, depth = 0 }: ContentParts,
): BodyContent {
  const { schemaPointer } = content
  const kind = kindOfContent(content.contentType, schema, target)
  const declared = Object.entries(content.encoding).map(([name, value]) => {
    const own = partEncoding(value, { root, findings, pointer: schemaPointer, part: name })
    return [name, kind === 'multipart' && !hasStyles(root) ? withoutStyle(own) : own] as const
  })
  const encoding: Record<string, PartEncoding> = Object.fromEntries(declared)
  const within = { schemaPointer, root, target, findings, depth: depth + 1 }
  if (kind === 'multipart') {
    for (const [name, field] of Object.entries(fields.named)) {
      const source = fieldSource(content.schema, name, root)
      const own = partOf(field, encoding[name], target)
      // Nothing says that it is a file, and nothing that it is none.
      const isOpen = hasStyles(root) && isUntyped(source) && !hasStyle(own)
      const part = isOpen ? { file: 'said' as const, ...own } : own
      const whole = withParts(part, content.encoding[name], source, { ...within, schema: field })
      if (Object.keys(whole).length > 0) encoding[name] = whole
    }
  }
  if (kind === 'multipart' || kind === 'form') withContentForms(content, encoding, { fields, root, target, findings })
  const said = partEncoding(content.itemEncoding, { root, findings, pointer: schemaPointer, part: 'of a list' })
  const other = { ...within, schema: fields.others ?? {} }
  const others =
    kind === 'multipart' ? withParts(partOf(other.schema, said, target), content.itemEncoding, {}, other) : {}
  return {
    contentType: kind === 'json' && isRange(content.contentType) ? 'application/json' : content.contentType,
    // Text that is bytes in base64 goes out as that text (JSON Schema 2020-12, Validation 8.3).
    kind: kind === 'binary' && typeof schema.contentEncoding === 'string' ? 'text' : kind,
    ...(kind === 'xml' && isStructured(schema) ? { xml: xmlShape(content.schema, 'root', root) } : {}),
    encoding,
    ...(Object.keys(others).length > 0 ? { otherEncoding: others } : {}),
  }
}

/** A part with how its own parts are encoded, where it is made of some. */
function withParts(
  own: PartEncoding,
  declared: unknown,
  source: unknown,
  { schemaPointer, schema: field, ...place }: Within,
): PartEncoding {
  if (!isNested(own) || place.depth > MOST_NESTED) return own
  const contentType = firstConcrete(own.contentType)!
  const inner = { contentType, schema: source, schemaPointer, ...declaredEncodings(isObject(declared) ? declared : {}) }
  const schema = place.target(field)
  const { encoding, otherEncoding } = contentOf(inner, { ...place, schema, fields: formFields(schema, place.target) })
  return { ...own, encoding, ...(otherEncoding ? { otherEncoding } : {}) }
}

type Within = Required<Omit<ContentParts, 'fields'>> & Pick<DeclaredContent, 'schemaPointer'>

/** A part that nothing is said of, alone or in a list (OpenAPI 3.1.1 4.8.15.1, `contentType`): so are files described since 3.1. */
function isUntyped(schema: unknown): boolean {
  if (!isObject(schema)) return false
  const keywords = Object.keys(schema)
  if (keywords.length === 0) return true
  return schema.type === 'array' && keywords.length === 2 && isObject(schema.items) && isUntyped(schema.items)
}

/**
 * A range of types is JSON where nothing says that it is bytes (B113), and so is YAML of objects and lists. Parts that are a text with a
 * boundary of its own are that text: whoever gives it writes them.
 */
export function kindOfContent(contentType: string, schema: JsonSchema, target: FileLook['target']): BodyKind {
  if (isYaml(contentType) && mayHaveMembers(schema, target)) return 'json'
  if (schema.type === 'string' && takesList(contentType) && /;\s*boundary\s*=/i.test(contentType)) return 'text'
  return isRange(contentType) && fileUse(schema, { target }) === 'always' ? 'binary' : kindOf(contentType)
}

function isRange(contentType: string): boolean {
  return contentType.startsWith('*/') || contentType.startsWith('application/*')
}

/** OpenAPI 3.0.4 4.7.15.1.2: there a style is for forms that are urlencoded alone. */
function hasStyles({ openapi }: Record<string, unknown>): boolean {
  return !String(openapi).startsWith('3.0')
}

function withoutStyle({ style: _style, explode: _explode, allowReserved: _reserved, ...rest }: PartEncoding) {
  return rest
}

function partOf(schema: JsonSchema, declared: PartEncoding | undefined, target: FileLook['target']): PartEncoding {
  const look = { ...declared, target }
  const use = fileUse(schema, look)
  const type = fileTypes(schema, look)
  const file = use === 'always' ? true : use === 'sometimes' ? ('said' as const) : undefined
  return { ...(type === undefined ? {} : { contentType: type }), ...declared, ...(file ? { file } : {}) }
}

/** Whether a value of the schema has members, so that something can be written of it. */
export function isStructured(schema: JsonSchema): boolean {
  return ['properties', 'items', 'prefixItems', 'allOf', 'anyOf', 'additionalProperties'].some(
    (keyword) => isObject(schema[keyword]) || Array.isArray(schema[keyword]),
  )
}
