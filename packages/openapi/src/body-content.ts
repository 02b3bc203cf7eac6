import type { BodyContent, BodyKind, JsonSchema, ParameterStyle, PartEncoding } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { kindOf } from './body-kind.ts'
import { type FileLook, fileTypes, fileUse } from './file-use.ts'
import type { FormFields } from './form-fields.ts'
import { resolvePointer } from './json-pointer.ts'
import type { DeclaredContent } from './list-bodies.ts'
import { xmlShape } from './xml-shape.ts'

export interface ContentParts {
  readonly fields: FormFields
  /** The whole schema, references followed. */
  readonly schema: JsonSchema
  readonly root: Record<string, unknown>
  readonly target: FileLook['target']
}

/** One media type of a body with how each of its parts is encoded. */
export function contentOf(content: DeclaredContent, { fields, schema, root, target }: ContentParts): BodyContent {
  const kind = kindOfContent(content.contentType, schema, target)
  const declared = Object.entries(content.encoding).map(([name, value]) => [name, encodingOf(value, root)] as const)
  const encoding: Record<string, PartEncoding> = Object.fromEntries(declared)
  if (kind === 'multipart') {
    for (const [name, field] of Object.entries(fields.named)) {
      const part = partOf(field, encoding[name], target)
      if (Object.keys(part).length > 0) encoding[name] = part
    }
  }
  const others = kind === 'multipart' && fields.others ? partOf(fields.others, undefined, target) : {}
  return {
    contentType: kind === 'json' && isRange(content.contentType) ? 'application/json' : content.contentType,
    // Text that is bytes in base64 goes out as that text (JSON Schema 2020-12, Validation 8.3).
    kind: kind === 'binary' && typeof schema.contentEncoding === 'string' ? 'text' : kind,
    ...(kind === 'xml' && isStructured(schema) ? { xml: xmlShape(content.schema, 'root', root) } : {}),
    encoding,
    ...(Object.keys(others).length > 0 ? { otherEncoding: others } : {}),
  }
}

/** A range of types is JSON where nothing says that it is bytes (B113). */
export function kindOfContent(contentType: string, schema: JsonSchema, target: FileLook['target']): BodyKind {
  return isRange(contentType) && fileUse(schema, { target }) === 'always' ? 'binary' : kindOf(contentType)
}

function isRange(contentType: string): boolean {
  return contentType.startsWith('*/') || contentType.startsWith('application/*')
}

function encodingOf(value: unknown, root: Record<string, unknown>): PartEncoding {
  if (!isObject(value)) return {}
  const headers = headersOf(value.headers, root)
  return {
    ...(typeof value.contentType === 'string' ? { contentType: value.contentType } : {}),
    ...(typeof value.style === 'string' ? { style: value.style as ParameterStyle } : {}),
    ...(typeof value.explode === 'boolean' ? { explode: value.explode } : {}),
    ...(typeof value.allowReserved === 'boolean' ? { allowReserved: value.allowReserved } : {}),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
  }
}

/** Headers of a part whose value the document itself says: there is no argument that could (B111). */
function headersOf(headers: unknown, root: Record<string, unknown>): Record<string, string> {
  if (!isObject(headers)) return {}
  const entries = Object.entries(headers).flatMap(([name, given]): Array<[string, string]> => {
    const header = isObject(given) && typeof given.$ref === 'string' ? resolvePointer(root, given.$ref) : given
    const schema = isObject(header) && isObject(header.schema) ? header.schema : {}
    const value =
      schema.const ??
      schema.default ??
      (Array.isArray(schema.enum) && schema.enum.length === 1 ? schema.enum[0] : undefined)
    const isSaid =
      /^[\w-]+$/.test(name) &&
      !/^content-(type|disposition)$/i.test(name) &&
      ['string', 'number', 'boolean'].includes(typeof value)
    return isSaid ? [[name, String(value).replaceAll(/[\r\n]/g, '')]] : []
  })
  return Object.fromEntries(entries)
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
  return ['properties', 'items', 'allOf', 'anyOf', 'additionalProperties'].some(
    (keyword) => isObject(schema[keyword]) || Array.isArray(schema[keyword]),
  )
}
