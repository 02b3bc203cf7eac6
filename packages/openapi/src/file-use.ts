import type { JsonSchema } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { kindOf } from './body-kind.ts'
import { isConcrete } from './media-type.ts'

/** Whether what a schema describes is a file: in all its forms, in some of them, or in none. Nothing where it says nothing. */
export type FileUse = 'always' | 'sometimes' | 'never' | undefined

/** How a schema is looked into. */
export interface FileLook {
  /** Follows references. */
  readonly target: (schema: JsonSchema) => JsonSchema
  /** What the encoding says of the part's media type. */
  readonly contentType?: string
}

/** A list of files is one too: each is sent as a part. */
export function fileUse(schema: unknown, look: FileLook, known: Known = new Map()): FileUse {
  if (!isObject(schema) || known.size > MOST_SCHEMAS) return undefined
  if (known.has(schema)) return known.get(schema)
  known.set(schema, undefined)
  const use = useOf(look.target(schema), look, (part) => fileUse(part, look, known))
  known.set(schema, use)
  return use
}

/** Schemas may stand at several places, and in themselves. */
type Known = Map<JsonSchema, FileUse>
const MOST_SCHEMAS = 500

function useOf(own: JsonSchema, look: FileLook, inner: (part: unknown) => FileUse): FileUse {
  if (isFile(own, look)) return isTextFile(own) ? 'sometimes' : 'always'
  const uses = [
    typesOf(own).some((type) => type !== 'array') || own.enum !== undefined || own.const !== undefined
      ? 'never'
      : undefined,
    ...(typesOf(own).includes('array') ? [inner(own.items) ?? 'never'] : []),
    ...listOf(own.allOf).map(inner),
    ...choicesOf(own).map((branches) => amongBranches(branches.map(inner))),
  ]
  return (['always', 'sometimes', 'never'] as const).find((use) => uses.includes(use))
}

function amongBranches(uses: readonly FileUse[]): FileUse {
  if (uses.every((use) => use === 'always')) return 'always'
  return uses.some((use) => use === 'always' || use === 'sometimes') ? 'sometimes' : 'never'
}

/** The branches of each of its unions; null is no form of a part, it is left out. */
function choicesOf(schema: JsonSchema): JsonSchema[][] {
  return [schema.anyOf, schema.oneOf]
    .map((branches) => listOf(branches).filter((branch) => isObject(branch) && branch.type !== 'null') as JsonSchema[])
    .filter((branches) => branches.length > 0)
}

/** Bytes: `format: binary` (3.0), a media type without an encoding (3.1), or no schema but a media type that is no text. */
function isFile(schema: JsonSchema, { contentType }: FileLook): boolean {
  const isText = schema.type === undefined || typesOf(schema).includes('string')
  if (!isText) return false
  if (schema.format === 'binary') return true
  if (typeof schema.contentMediaType === 'string')
    return schema.contentEncoding === undefined && !isJsonText(schema, schema.contentMediaType)
  const says = Object.keys(schema).some((keyword) => !TEXTS.includes(keyword))
  return !says && contentType !== undefined && kindOf(contentType.split(',')[0]!) === 'binary'
}

/** A string of a text type is that text, unless it is said to be a file (JSON Schema 2020-12, Validation 8.4). */
function isTextFile({ contentMediaType }: JsonSchema): boolean {
  return typeof contentMediaType === 'string' && kindOf(contentMediaType) === 'text'
}

/** A text that holds JSON (JSON Schema 2020-12, Validation 8.6): a form's field as FastAPI describes it, not an upload. */
function isJsonText(schema: JsonSchema, mediaType: string): boolean {
  return typesOf(schema).includes('string') && kindOf(mediaType) === 'json' && isConcrete(mediaType)
}

const TEXTS = ['description', 'title', 'deprecated']

/** The media types that a schema gives its files, as an Encoding Object lists them. */
export function fileTypes(schema: JsonSchema, { target }: FileLook): string | undefined {
  const types = new Set<string>()
  const parts = new Set<unknown>([schema])
  // A set is walked in the order in which it grows.
  for (const part of parts) {
    if (!isObject(part) || parts.size > MOST_SCHEMAS) continue
    const own = target(part)
    if (typeof own.contentMediaType === 'string') types.add(own.contentMediaType)
    for (const inner of [own.items, ...listOf(own.allOf), ...choicesOf(own).flat()]) parts.add(inner)
  }
  return types.size > 0 ? [...types].join(', ') : undefined
}

/** What a model gives for a part that is a file, or that may be one: then a text must say that it is. */
export function fileSchema(schema: JsonSchema, use: 'always' | 'sometimes', look: FileLook): JsonSchema {
  const { description, ...own } = filesIn(schema, use, look, [])
  return { ...own, description: [description, FILE_TEXT[use]].filter(Boolean).join(' ') }
}

const FILE_TEXT = {
  always: 'A file: base64, a data URL, or an object of filename, contentType and base64 data.',
  sometimes:
    'A file is given as a data URL, or as an object of filename, contentType and base64 data; all else goes as it is.',
}

/** `within`: the schemas around it. What stands in itself again stays as it is. */
function filesIn(
  schema: JsonSchema,
  use: 'always' | 'sometimes',
  look: FileLook,
  within: readonly JsonSchema[],
): JsonSchema {
  if (within.includes(schema) || within.length > DEEPEST) return schema
  const own = look.target(schema)
  const texts = Object.fromEntries(Object.entries(own).filter(([keyword]) => TEXTS.includes(keyword)))
  if (isFile(own, look)) return { ...texts, ...oneFile(isTextFile(own) ? 'always' : use) }
  const hasFiles = (part: unknown) => ['always', 'sometimes'].includes(fileUse(part, look) ?? '')
  const inner = (part: unknown) =>
    hasFiles(part) ? filesIn(part as JsonSchema, use, look, [...within, schema]) : (part as JsonSchema)
  // What the other parts ask is asked of a text, and a file is none.
  const parts = listOf(own.allOf).filter(hasFiles).map(inner)
  if (parts.length > 0) return { ...(parts.length === 1 ? parts[0] : { allOf: parts }), ...texts }
  const { type, ...others } = own
  // A type around its branches is that of each; what is given as a file is no text.
  const isAround = typesOf(own).includes('string') && choicesOf(own).some((branches) => branches.some(hasFiles))
  const branch = (part: unknown) =>
    isAround && isObject(part) && !hasFiles(part) ? { type, ...(part as JsonSchema) } : inner(part)
  return {
    ...(isAround ? others : own),
    ...(hasFiles(own.items) ? { items: inner(own.items) } : {}),
    ...(Array.isArray(own.anyOf) ? { anyOf: own.anyOf.map(branch) } : {}),
    ...(Array.isArray(own.oneOf) ? { oneOf: own.oneOf.map(branch) } : {}),
  }
}

const DEEPEST = 8

function oneFile(use: 'always' | 'sometimes'): JsonSchema {
  return {
    anyOf: [
      use === 'always' ? { type: 'string' } : { type: 'string', pattern: '^data:[^,]*,' },
      {
        type: 'object',
        properties: { filename: { type: 'string' }, contentType: { type: 'string' }, data: { type: 'string' } },
        required: ['data'],
        additionalProperties: false,
      },
    ],
  }
}

/** Whether a value says by its form that it is a file. */
export function isSaidFile(value: unknown): boolean {
  if (typeof value === 'string') return /^data:[^,]*,/.test(value)
  if (!isObject(value) || typeof value.data !== 'string') return false
  return Object.keys(value).every((key) => FILE_KEYS.has(key))
}

const FILE_KEYS = new Set(['filename', 'contentType', 'data'])

function typesOf({ type }: JsonSchema): unknown[] {
  return type === undefined ? [] : [type].flat().filter((one) => one !== 'null')
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
