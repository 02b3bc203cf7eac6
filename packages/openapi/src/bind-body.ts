import type { BodyBinding, BodyContent, BodyKind, JsonSchema, ParameterStyle, PartEncoding } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import type { DraftArgument } from './bind-parameters.ts'
import type { DeclaredContent, DeclaredOperation } from './list-operations.ts'
import type { SchemaReader } from './read-schema.ts'

/** A body before its arguments have their final names. */
export interface DraftBody {
  readonly arguments: readonly DraftArgument[]
  /** Rules of the body that bind its properties together: given one, these are needed too. */
  readonly neededTogether: readonly string[]
  /** `names` are the final argument names, in the order of `arguments`. */
  readonly bind: (names: readonly string[]) => BodyBinding
}

/** The request body as arguments: its properties, where it is a plain object, else one argument `body`. */
export function bindBody(operation: DeclaredOperation, reader: SchemaReader): DraftBody | undefined {
  const { body } = operation
  if (!body) return undefined
  const chosen = choose(body.contents)
  const first = chosen[0]!
  const kind = kindOf(first.contentType)
  const schema = reader.read(first.schema, first.schemaPointer)
  const flat = flatten(schema, reader, kind)
  const contents = chosen.map((content) => contentOf(content, flat?.properties))
  if (flat) return flatBody(flat, contents, body.required)
  const whole: DraftArgument = {
    wanted: 'body',
    place: 'body',
    required: body.required,
    schema: wholeSchema(schema, kind, first.contentType, body.description),
    bind: () => undefined,
  }
  return {
    arguments: [whole],
    neededTogether: [],
    bind: ([argument]) => ({ required: body.required, contents, from: { argument: argument! } }),
  }
}

/** JSON wherever it is offered; else all that is offered, the most structured first (B104). */
function choose(contents: readonly DeclaredContent[]): readonly DeclaredContent[] {
  const ranked = contents.toSorted((a, b) => rank(a) - rank(b))
  return kindOf(ranked[0]!.contentType) === 'json' ? [ranked[0]!] : ranked
}

const RANKS: BodyKind[] = ['json', 'form', 'multipart', 'ndjson', 'xml', 'text', 'binary']

function rank({ contentType }: DeclaredContent): number {
  // A plain JSON type before its dialects.
  return RANKS.indexOf(kindOf(contentType)) * 2 + (/^application\/json\b/i.test(contentType) ? 0 : 1)
}

/** How a media type is written. */
export function kindOf(contentType: string): BodyKind {
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase()
  if (/^(application\/(x-)?(ndjson|jsonl|json-seq|jsonlines))$/.test(type)) return 'ndjson'
  if (type === '*/*' || type === 'application/*' || /[/+]json$/.test(type)) return 'json'
  if (type === 'application/x-www-form-urlencoded') return 'form'
  if (type.startsWith('multipart/')) return 'multipart'
  if (/[/+]xml$/.test(type)) return 'xml'
  if (type.startsWith('text/') || /(yaml|javascript|graphql|sql|toml)$/.test(type)) return 'text'
  return 'binary'
}

interface FlatBody {
  readonly properties: Readonly<Record<string, JsonSchema>>
  readonly required: readonly string[]
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
])

/** The properties of a body that is a plain object, through references and `allOf` (B44); nothing for any other (B45, B59, B60). */
function flatten(schema: JsonSchema, reader: SchemaReader, kind: BodyKind, depth = 0): FlatBody | undefined {
  if (!['json', 'form', 'multipart'].includes(kind) || depth > 16) return undefined
  const target = reader.target(schema)
  if (Object.keys(target).some((keyword) => !FLAT_KEYWORDS.has(keyword))) return undefined
  if (target.type !== undefined && target.type !== 'object') return undefined
  if (target.additionalProperties !== undefined && target.additionalProperties !== false) return undefined
  const parts = Array.isArray(target.allOf)
    ? target.allOf.map((part) => flatten(part as JsonSchema, reader, kind, depth + 1))
    : []
  if (parts.includes(undefined)) return undefined
  const own = isObject(target.properties) ? (target.properties as Record<string, JsonSchema>) : {}
  const required = Array.isArray(target.required) ? (target.required as string[]) : []
  const properties = Object.assign(Object.create(null), ...parts.map((part) => part!.properties), own)
  if (depth === 0 && Object.keys(properties).length === 0) return undefined
  return { properties, required: [...new Set([...parts.flatMap((part) => part!.required), ...required])] }
}

function flatBody(flat: FlatBody, contents: BodyContent[], bodyRequired: boolean): DraftBody {
  const names = Object.keys(flat.properties)
  const required = flat.required.filter((name) => names.includes(name))
  const files = contents[0]!.encoding
  return {
    arguments: names.map((name) => ({
      wanted: name,
      place: 'body',
      required: bodyRequired && required.includes(name),
      schema: files[name]?.file ? fileSchema(flat.properties[name]!) : flat.properties[name]!,
      bind: () => undefined,
    })),
    neededTogether: bodyRequired ? [] : required,
    bind: (args) => ({
      required: bodyRequired,
      contents,
      from: { properties: names.map((property, index) => ({ argument: args[index]!, property })) },
    }),
  }
}

function contentOf(content: DeclaredContent, properties: Readonly<Record<string, JsonSchema>> = {}): BodyContent {
  const kind = kindOf(content.contentType)
  const declared = Object.entries(content.encoding).map(([name, value]) => [name, encodingOf(value)] as const)
  const encoding: Record<string, PartEncoding> = Object.fromEntries(declared)
  if (kind === 'multipart') {
    for (const [name, schema] of Object.entries(properties)) {
      if (isFile(schema) || isFile(schema.items)) encoding[name] = { ...encoding[name], file: true }
    }
  }
  const wildcard = content.contentType.startsWith('*/') || content.contentType.startsWith('application/*')
  return { contentType: wildcard ? 'application/json' : content.contentType, kind, encoding }
}

function encodingOf(value: unknown): PartEncoding {
  if (!isObject(value)) return {}
  return {
    ...(typeof value.contentType === 'string' ? { contentType: value.contentType } : {}),
    ...(typeof value.style === 'string' ? { style: value.style as ParameterStyle } : {}),
    ...(typeof value.explode === 'boolean' ? { explode: value.explode } : {}),
    ...(typeof value.allowReserved === 'boolean' ? { allowReserved: value.allowReserved } : {}),
  }
}

function isFile(schema: unknown): boolean {
  if (!isObject(schema)) return false
  const isText = schema.type === 'string' || schema.type === undefined
  return (
    isText &&
    (schema.format === 'binary' ||
      (typeof schema.contentMediaType === 'string' && schema.contentEncoding === undefined))
  )
}

const FILE_TEXT = 'A file: base64, a data URL, or an object of filename, contentType and base64 data.'

function fileSchema(schema: JsonSchema): JsonSchema {
  const isList = schema.type === 'array'
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
  return isList ? { type: 'array', items: one, description } : { ...one, description }
}

function wholeSchema(schema: JsonSchema, kind: BodyKind, contentType: string, description: string): JsonSchema {
  const text = [description, typeof schema.description === 'string' ? schema.description : ''].find(Boolean)
  switch (kind) {
    case 'text':
    case 'xml':
      return { type: 'string', description: [text, `The body as ${contentType}.`].filter(Boolean).join(' ') }
    case 'binary':
      return {
        type: 'string',
        description: [text, `The bytes of the body (${contentType}) as base64 or a data URL.`]
          .filter(Boolean)
          .join(' '),
      }
    case 'ndjson':
      return {
        type: 'array',
        items: schema.type === 'array' ? (schema.items ?? {}) : schema,
        ...(text ? { description: text } : {}),
      }
    default:
      return text ? { ...schema, description: text } : schema
  }
}
