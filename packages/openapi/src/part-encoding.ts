import type { ParameterStyle, PartEncoding } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { kindOf } from './body-kind.ts'
import type { Findings } from './findings.ts'
import { resolvePointer } from './json-pointer.ts'
import { firstConcrete } from './media-type.ts'

interface Place {
  readonly root: Record<string, unknown>
  readonly findings: Findings
  /** Of the body's schema. */
  readonly pointer: string
  readonly part: string
}

/** How one part is encoded, by its Encoding Object. */
export function partEncoding(value: unknown, place: Place): PartEncoding {
  if (!isObject(value)) return {}
  const headers = headersOf(value.headers, place)
  return { ...fieldEncoding(value), ...(Object.keys(headers).length > 0 ? { headers } : {}) }
}

/** The same of a field that has no headers, as in a query. */
export function fieldEncoding(value: unknown): PartEncoding {
  if (!isObject(value)) return {}
  return {
    ...(typeof value.contentType === 'string' ? { contentType: value.contentType } : {}),
    ...(typeof value.style === 'string' ? { style: value.style as ParameterStyle } : {}),
    ...(typeof value.explode === 'boolean' ? { explode: value.explode } : {}),
    ...(typeof value.allowReserved === 'boolean' ? { allowReserved: value.allowReserved } : {}),
    ...(isObject(value.encoding) ? { encoding: within(value.encoding) } : {}),
  }
}

function within(fields: Record<string, unknown>): Record<string, PartEncoding> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, fieldEncoding(value)]))
}

/** Whether a part is made of parts itself. */
export function isNested({ contentType }: PartEncoding): boolean {
  const type = firstConcrete(contentType)
  return type !== undefined && kindOf(type) === 'multipart'
}

/** Whether a value is written by a style; then no media type counts (OpenAPI 3.1.1 4.8.15.1.2). */
export function hasStyle({ style, explode }: PartEncoding): boolean {
  return style !== undefined || explode !== undefined
}

/** Headers of a part whose value the document itself says: there is no argument that could (B111). */
function headersOf(headers: unknown, place: Place): Record<string, string> {
  if (!isObject(headers)) return {}
  const entries = Object.entries(headers).flatMap(([name, given]): Array<[string, string]> => {
    const header = isObject(given) && typeof given.$ref === 'string' ? resolvePointer(place.root, given.$ref) : given
    // OpenAPI 3.1.1 4.8.15.1.1: the type is said by the encoding itself.
    if (!isObject(header) || /^content-(type|disposition)$/i.test(name)) return []
    const value = saidValue(schemaOf(header))
    if (/^[\w-]+$/.test(name) && ['string', 'number', 'boolean'].includes(typeof value))
      return [[name, String(value).replaceAll(/[\r\n]/g, '')]]
    if (header.required === true) tellMissing(name, place)
    return []
  })
  return Object.fromEntries(entries)
}

/** Of a header that is described by its content, in whatever media type: a plain value is the same in all of them but JSON. */
function schemaOf({ schema, content }: Record<string, unknown>): unknown {
  if (schema !== undefined || !isObject(content)) return schema
  const [type, media] = Object.entries(content)[0] ?? []
  if (!isObject(media)) return undefined
  const value = saidValue(media.schema)
  return typeof value === 'string' && kindOf(type!) === 'json' ? { const: JSON.stringify(value) } : media.schema
}

function saidValue(schema: unknown): unknown {
  if (!isObject(schema)) return undefined
  const only = Array.isArray(schema.enum) && schema.enum.length === 1 ? schema.enum[0] : undefined
  return schema.const ?? schema.default ?? only
}

function tellMissing(name: string, { findings, pointer, part }: Place): void {
  const message = `The part ${part} needs a header ${name}, to which the document gives no value; it is sent without`
  findings.add({ code: 'part-header-left-out', severity: 'warning', pointer, message })
}
