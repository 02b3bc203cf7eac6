import type { BodyContent, JsonSchema, ParameterStyle, PartEncoding } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { kindOf } from './body-kind.ts'
import { resolvePointer } from './json-pointer.ts'
import type { DeclaredContent } from './list-bodies.ts'
import { xmlShape } from './xml-shape.ts'

export interface ContentParts {
  /** The properties that became arguments, references followed. */
  readonly properties: Readonly<Record<string, JsonSchema>>
  /** The whole schema, references followed. */
  readonly schema: JsonSchema
  readonly root: Record<string, unknown>
}

/** One media type of a body with how each of its parts is encoded. */
export function contentOf(content: DeclaredContent, { properties, schema, root }: ContentParts): BodyContent {
  const kind = kindOf(content.contentType)
  const declared = Object.entries(content.encoding).map(([name, value]) => [name, encodingOf(value, root)] as const)
  const encoding: Record<string, PartEncoding> = Object.fromEntries(declared)
  if (kind === 'multipart') {
    for (const [name, property] of Object.entries(properties)) {
      const part = partOf(property, encoding[name])
      if (Object.keys(part).length > 0) encoding[name] = part
    }
  }
  const wildcard = content.contentType.startsWith('*/') || content.contentType.startsWith('application/*')
  return {
    contentType: wildcard ? 'application/json' : content.contentType,
    // Text that is bytes in base64 goes out as that text (JSON Schema 2020-12, Validation 8.3).
    kind: kind === 'binary' && typeof schema.contentEncoding === 'string' ? 'text' : kind,
    ...(kind === 'xml' && isStructured(schema) ? { xml: xmlShape(content.schema, 'root', root) } : {}),
    encoding,
  }
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

function partOf(schema: JsonSchema, declared: PartEncoding = {}): PartEncoding {
  const isFileList = schema.type === 'array' && isFile(schema.items, declared)
  if (isFile(schema, declared) || isFileList) return { ...declared, file: true }
  const own = typeof schema.contentMediaType === 'string' ? { contentType: schema.contentMediaType } : {}
  return { ...own, ...declared }
}

/** Bytes: `format: binary` (3.0), a media type without an encoding (3.1), or no schema but a media type that is no text. */
export function isFile(schema: unknown, encoding: PartEncoding = {}): boolean {
  if (!isObject(schema)) return false
  const branches = [schema.anyOf, schema.oneOf].filter(Array.isArray).flat()
  if (branches.length > 0) return branches.some((branch) => isFile(branch, encoding))
  const isText = schema.type === undefined || [schema.type].flat().includes('string')
  if (!isText) return false
  if (schema.format === 'binary') return true
  if (typeof schema.contentMediaType === 'string') return schema.contentEncoding === undefined
  const says = Object.keys(schema).some((keyword) => !['description', 'title', 'deprecated'].includes(keyword))
  return !says && encoding.contentType !== undefined && kindOf(encoding.contentType.split(',')[0]!) === 'binary'
}

/** Whether a value of the schema has members, so that something can be written of it. */
export function isStructured(schema: JsonSchema): boolean {
  return ['properties', 'items', 'allOf', 'anyOf', 'additionalProperties'].some(
    (keyword) => isObject(schema[keyword]) || Array.isArray(schema[keyword]),
  )
}

const FILE_TEXT = 'A file: base64, a data URL, or an object of filename, contentType and base64 data.'

/** What a model gives for a file. */
export function fileSchema(schema: JsonSchema): JsonSchema {
  const description = [schema.description, FILE_TEXT].filter(Boolean).join(' ')
  const one = {
    anyOf: [
      { type: 'string' },
      {
        type: 'object',
        properties: { filename: { type: 'string' }, contentType: { type: 'string' }, data: { type: 'string' } },
        required: ['data'],
        additionalProperties: false,
      },
    ],
  }
  return schema.type === 'array' ? { type: 'array', items: one, description } : { ...one, description }
}
