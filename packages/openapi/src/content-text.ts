import { CallFailure, type PartEncoding, type XmlShape } from '@sluice/contract'
import { isExactNumber, stringifyJson } from '@sluice/schema'
import { isYaml, kindOf } from './body-kind.ts'
import { charsetOf } from './charset.ts'
import { encodeRecords } from './encode-records.ts'
import { encodeXml } from './encode-xml.ts'
import { isPresent } from './given-arguments.ts'
import { firstConcrete, isConcrete } from './media-type.ts'
import { hasStyle } from './part-encoding.ts'
import { plainText } from './plain-text.ts'
import { isPlainObject } from './serialize-path.ts'
import { serializeQuery } from './serialize-query.ts'

type Encodings = Readonly<Record<string, PartEncoding>>

/** What more a media type is written by. */
export interface ContentForm {
  /** Of the fields of a form. */
  readonly encoding?: Encodings
  readonly xml?: XmlShape
  /** A text is written in the media type already. */
  readonly isWritten?: boolean
}

/**
 * A value in its media type, wherever it stands (B66, B94, B111): as JSON a text has its quotes; XML, forms and records are made
 * of objects and lists, and a text is one already. A range of types says nothing of a text.
 * @throws CallFailure of kind `arguments` for an object or a list as a type that cannot be made of one
 */
export function contentText(name: string, contentType: string, value: unknown, form: ContentForm = {}): string {
  if (typeof value === 'string') return isQuoted(contentType, form) ? stringifyJson(value) : value
  const isPlain = typeof value !== 'object' || value === null || isExactNumber(value)
  if (!isConcrete(contentType)) return plainText(value)
  const kind = kindOf(contentType)
  if (kind === 'json' || (isYaml(contentType) && !isPlain)) return stringifyJson(value)
  if (isPlain) return plainText(value)
  if (kind === 'ndjson') return encodeRecords(contentType, value)
  if (kind === 'xml') return encodeXml(value, form.xml ?? { name: 'root' })
  if (kind === 'form' && isPlainObject(value)) return encodeForm(value, form.encoding ?? {})
  throw new CallFailure(
    'arguments',
    `${name} is written as ${contentType}, which cannot be made of an object or a list: give the very text. Nothing was sent.`,
  )
}

/** Whether a text in a media type, or the first that can be written of a list, has the quotes of JSON. */
export function isQuoted(contentType: string, { isWritten }: ContentForm): boolean {
  const type = firstConcrete(contentType)
  return type !== undefined && kindOf(type) === 'json' && !isWritten
}

/** The same JSON in characters that a header can hold (RFC 8259 7). */
export function asciiJson(json: string): string {
  return json.replaceAll(/[^\u0000-\u007E]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** JSON is UTF-8 (RFC 8259 8.1): in characters that are the same in nearly all other charsets, it is right whoever reads it. */
export function jsonIn(contentType: string, json: string): string {
  const charset = charsetOf(contentType)
  return charset === undefined || /^utf/i.test(charset) ? json : asciiJson(json)
}

/** application/x-www-form-urlencoded. Spaces are `+` (WHATWG URL 5.2). */
export function encodeForm(value: Record<string, unknown>, encoding: Encodings): string {
  return formPairs(value, encoding).join('&').replaceAll('%20', '+')
}

/**
 * The pairs of a form by the Encoding Object: plain values in style `form`, exploded unless it says otherwise; objects, and
 * lists of them, as JSON text unless it gives them a style or another media type (OpenAPI 3.1.1 4.8.15.1).
 */
export function formPairs(value: Record<string, unknown>, encoding: Encodings): string[] {
  return Object.entries(value)
    .filter(([, item]) => isPresent(item))
    .flatMap(([name, item]) =>
      encodeField(
        name,
        Array.isArray(item) ? item.filter(isPresent) : item,
        Object.hasOwn(encoding, name) ? encoding[name]! : {},
      ),
    )
}

function encodeField(name: string, value: unknown, encoding: PartEncoding): string[] {
  const isStyled = hasStyle(encoding) || encoding.allowReserved !== undefined
  const style = encoding.style ?? 'form'
  const binding = {
    argument: name,
    in: 'query',
    name,
    style,
    explode: encoding.explode ?? (style === 'form' || style === 'deepObject'),
    allowReserved: encoding.allowReserved ?? false,
    allowEmptyValue: true,
    required: false,
  } as const
  const asText = (item: unknown) => fieldText(name, item, encoding)
  // OpenAPI 3.2 4.14.3: of a list each item is a value of its own.
  const written = isStyled ? value : Array.isArray(value) ? value.map(asText) : asText(value)
  return serializeQuery(binding, written)
}

/** A field of a form in the media type that its encoding says, or else JSON where it is an object or a list. */
export function fieldText(name: string, value: unknown, encoding: PartEncoding): string {
  const isJson = isPlainObject(value) || Array.isArray(value)
  const contentType = fieldType(value, encoding)
  if (contentType === undefined) return isJson ? stringifyJson(value) : plainText(value)
  return contentText(name, contentType, value, encoding)
}

/** The media type of such a field, where it has one. */
export function fieldType(value: unknown, encoding: PartEncoding): string | undefined {
  const isJson = isPlainObject(value) || Array.isArray(value)
  return firstConcrete(encoding.contentType) ?? (isJson ? 'application/json' : undefined)
}
