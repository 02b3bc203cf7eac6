import { isObject } from '@sluice/schema'
import { kindOf } from './body-kind.ts'
import { pointerTo } from './json-pointer.ts'
import type { ParameterPlace } from './list-parameters.ts'
import { isMediaType } from './media-type.ts'
import { resolveObject } from './resolve-object.ts'

export interface DeclaredContent {
  readonly contentType: string
  readonly schema: unknown
  readonly encoding: Readonly<Record<string, unknown>>
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
  const { content, required, description } = located.value
  if (content === undefined || content === null) return {}
  if (!isObject(content)) return bodyInvalid(place, located.pointer, '`content` of the body is not an object')
  const origin = place.origins.get(located.value)
  const contents = Object.entries(content).map(([key, media]) => {
    const at = pointerTo(located.pointer, 'content', key)
    return {
      contentType: mediaTypeOf(place, key, at),
      schema: isObject(media) ? (media.schema ?? media.itemSchema) : undefined,
      encoding: isObject(media) && isObject(media.encoding) ? encodingsOf(place, media.encoding, at) : {},
      schemaPointer: origin ? pointerTo(origin, 'schema') : pointerTo(at, 'schema'),
    }
  })
  if (contents.length === 0) return {}
  if (method === 'GET' || method === 'HEAD') {
    const message = `${method} with a body: it is sent, but servers and what lies between may drop it (RFC 9110 9.3.1)`
    place.findings.add({ code: 'body-unusual', severity: 'info', pointer: origin ?? located.pointer, message })
  }
  return {
    body: { required: required === true, description: typeof description === 'string' ? description : '', contents },
  }
}

function bodyInvalid({ findings }: Place, pointer: string, what: string): Record<string, never> {
  findings.add({ code: 'body-invalid', severity: 'warning', pointer, message: `${what}; nothing is sent as a body` })
  return {}
}

/** What is none cannot be sent, and JSON is what is meant. */
function mediaTypeOf(place: Place, key: string, pointer: string): string {
  if (isMediaType(key)) return key
  mediaTypeInvalid(place, key, pointer, 'the body is sent as application/json')
  return 'application/json'
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
  return Object.entries(given).flatMap(([status, response]): DeclaredResponse[] => {
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
    const media = json === undefined ? undefined : content[json]
    return [
      {
        status,
        contentTypes,
        ...(isObject(media) && media.schema !== undefined ? { schema: media.schema } : {}),
        schemaPointer: pointerTo(located?.pointer ?? pointer, 'content', json ?? '', 'schema'),
      },
    ]
  })
}
