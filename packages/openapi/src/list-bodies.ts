import { isObject } from '@sluice/schema'
import { kindOf } from './body-kind.ts'
import { pointerTo } from './json-pointer.ts'
import { isTrue, type ParameterPlace } from './list-parameters.ts'
import { isMediaType } from './media-type.ts'
import { type Located, resolveObject } from './resolve-object.ts'

export interface DeclaredContent {
  readonly contentType: string
  readonly schema: unknown
  /** By the name of the part, or by its place where parts have none (3.2). */
  readonly encoding: Readonly<Record<string, unknown>>
  /** Of all parts without a name or a place of their own (3.2). */
  readonly itemEncoding?: unknown
  readonly schemaPointer: string
}

export interface DeclaredBody {
  readonly required: boolean
  readonly description: string
  readonly contents: readonly DeclaredContent[]
}

/** A response as declared; `schema` is that of its JSON content. */
export interface DeclaredResponse {
  readonly status: string
  readonly contentTypes: readonly string[]
  readonly schema?: unknown
  readonly schemaPointer: string
}

type Place = Omit<ParameterPlace, 'levels'>

/** The body of an operation in each of its media types; a body that cannot be read is said. */
export function bodyOf(
  place: Place,
  method: string,
  given: unknown,
  pointer: string,
): { readonly body?: DeclaredBody } {
  if (given === undefined || given === null) return {}
  const located = resolveObject(place.root, given, pointer, place.findings)
  if (!located) return isObject(given) ? {} : bodyInvalid(place, pointer, '`requestBody` is not an object')
  const origin = place.origins.get(located.value)
  const contents = contentsOf(place, located, origin)
  if (contents.length === 0) return {}
  if (method === 'GET' || method === 'HEAD') {
    const message = `${method} with a body: it is sent, but servers and what lies between may drop it (RFC 9110 9.3.1)`
    place.findings.add({ code: 'body-unusual', severity: 'info', pointer: origin ?? located.pointer, message })
  }
  const { required, description } = located.value
  return {
    body: { required: isTrue(required), description: typeof description === 'string' ? description : '', contents },
  }
}

/** The items of a multipart body are its parts; of a sequence one is read by itself (OpenAPI 3.2 4.14.1). */
function schemaIn(contentType: string, { schema, itemSchema }: Record<string, unknown>): unknown {
  if (schema !== undefined || itemSchema === undefined) return schema
  return kindOf(contentType) === 'multipart' ? { type: 'array', items: itemSchema } : itemSchema
}

/** The encodings of fields, by their names or places, and that of all others. */
export function declaredEncodings({ encoding, prefixEncoding, itemEncoding }: Record<string, unknown>): {
  readonly encoding: Record<string, unknown>
  readonly itemEncoding?: unknown
} {
  const byPlace = Array.isArray(prefixEncoding) ? { ...prefixEncoding } : {}
  return {
    encoding: { ...(isObject(encoding) ? encoding : {}), ...byPlace },
    ...(isObject(itemEncoding) ? { itemEncoding } : {}),
  }
}

function encodingIn(place: Place, media: Record<string, unknown>, at: string) {
  const { encoding, itemEncoding } = declaredEncodings(media)
  return {
    encoding: encodingsOf(place, encoding, at),
    ...(itemEncoding === undefined ? {} : { itemEncoding: encodingsOf(place, { itemEncoding }, at).itemEncoding }),
  }
}

function contentsOf(place: Place, { value, pointer }: Located, origin: string | undefined): DeclaredContent[] {
  const { content, schema } = value
  if (content === undefined || content === null) {
    if (schema === undefined) bodyInvalid(place, pointer, '`requestBody` has no `content`')
    else bodyInvalid(place, pointer, '`requestBody` has a `schema` without `content`', 'it is read as application/json')
    const schemaPointer = pointerTo(pointer, 'schema')
    return schema === undefined ? [] : [{ contentType: 'application/json', schema, encoding: {}, schemaPointer }]
  }
  if (!isObject(content)) bodyInvalid(place, pointer, '`content` of the body is not an object')
  else if (Object.keys(content).length === 0) bodyInvalid(place, pointer, '`content` of the body has no media type')
  const declared = isObject(content) ? content : {}
  return Object.entries(declared).flatMap(([key, given]) => {
    const at = pointerTo(pointer, 'content', key)
    const media = resolveObject(place.root, given, at, place.findings) ?? { value: {}, pointer: at }
    return mediaTypesOf(place, key, at, Object.keys(declared))
      .filter((contentType) => contentType === key || !Object.hasOwn(declared, contentType))
      .map((contentType) => ({
        contentType,
        schema: schemaIn(contentType, media.value),
        ...encodingIn(place, media.value, media.pointer),
        schemaPointer: pointerTo(origin ?? media.pointer, 'schema'),
      }))
  })
}

function bodyInvalid(
  { findings }: Place,
  pointer: string,
  what: string,
  so = 'nothing is sent as a body',
): Record<string, never> {
  findings.add({ code: 'body-invalid', severity: 'warning', pointer, message: `${what}; ${so}` })
  return {}
}

/** One key may list several types, each of which may be sent. What is none cannot be, and alone it is JSON that is meant. */
function mediaTypesOf(place: Place, key: string, pointer: string, keys: readonly string[]): readonly string[] {
  if (isMediaType(key)) return [key]
  const listed = new Set(key.split(',').map((type) => type.trim()))
  const types = [...listed].filter(isMediaType)
  if (types.length > 1) {
    mediaTypeInvalid(place, key, pointer, 'each that it lists is read by itself')
    return types
  }
  if (keys.some(isMediaType)) {
    mediaTypeInvalid(place, key, pointer, 'the body is sent as one of the others')
    return []
  }
  mediaTypeInvalid(place, key, pointer, 'the body is sent as application/json')
  return ['application/json']
}

function mediaTypeInvalid({ findings }: Place, type: string, pointer: string, instead: string): void {
  const message = `${JSON.stringify(type)} is no media type; ${instead}`
  findings.add({ code: 'media-type-invalid', severity: 'warning', pointer, message })
}

/** How the parts are encoded, without media types that are none: a line break in one would begin a header of its own. */
function encodingsOf(place: Place, encodings: Record<string, unknown>, pointer: string): Record<string, unknown> {
  const entries = Object.entries(encodings).map(([name, encoding]): [string, unknown] => {
    if (!isObject(encoding) || typeof encoding.contentType !== 'string') return [name, encoding]
    if (encoding.contentType.split(',').every((type) => isMediaType(type.trim()))) return [name, encoding]
    const at = pointerTo(pointer, 'encoding', name, 'contentType')
    mediaTypeInvalid(place, encoding.contentType, at, 'the part is sent as its schema has it')
    const { contentType: _invalid, ...rest } = encoding
    return [name, rest]
  })
  return Object.fromEntries(entries)
}

export function responsesOf(place: Place, given: unknown, pointer: string): DeclaredResponse[] {
  if (!isObject(given)) return []
  // By status: the order of a document's members means nothing.
  const entries = Object.entries(given).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return entries.flatMap(([status, response]): DeclaredResponse[] => {
    if (!isObject(response)) return []
    const located = resolveObject(place.root, response, pointerTo(pointer, status), place.findings)
    const content = located && isObject(located.value.content) ? located.value.content : {}
    const contentTypes = Object.keys(content).filter((type) => {
      if (isMediaType(type)) return true
      const at = pointerTo(located?.pointer ?? pointer, 'content', type)
      mediaTypeInvalid(place, type, at, 'it is not asked for')
      return false
    })
    const json = contentTypes.find((type) => kindOf(type) === 'json')
    const at = pointerTo(located?.pointer ?? pointer, 'content', json ?? '')
    const media = json === undefined ? undefined : resolveObject(place.root, content[json], at, place.findings)
    return [
      {
        status,
        contentTypes,
        ...(media?.value.schema !== undefined ? { schema: media.value.schema } : {}),
        schemaPointer: pointerTo(media?.pointer ?? at, 'schema'),
      },
    ]
  })
}
