import {
  type BodyContent,
  CallFailure,
  type HttpRequest,
  headerValue,
  isPlainCookieValue,
  type Operation,
} from '@sluice/contract'
import { kindOf } from './body-kind.ts'
import { isDots, segmentEncoder } from './build-path.ts'
import { charsetOf, inCharset } from './charset.ts'
import { asciiJson, isQuoted, jsonIn } from './content-text.ts'
import { escapeXml } from './encode-xml.ts'
import { essence } from './media-type.ts'
import { hasStyle } from './part-encoding.ts'
import { percentEncode, percentEncodeInCookie, percentEncodeReserved } from './percent-encode.ts'

/** A text that stands in a built request for one that is not known yet. */
export interface Placeholder {
  readonly argument: string
  /** Unreserved characters only (RFC 3986 2.3), so that every encoding leaves them; nobody can guess it. */
  readonly token: string
}

/**
 * Puts a text where its placeholder stands, written as that place wants it: the bytes are those that `buildRequest` makes of
 * the same text. It cannot leave its place: not a path segment (S12), not a header.
 * @throws CallFailure of kind `arguments`, without the text
 */
export function fillPlaceholder(
  request: HttpRequest,
  operation: Operation,
  placeholder: Placeholder,
  text: string,
): HttpRequest {
  const written = asContent(operation, placeholder, text)
  const filled = replaceInRequest(request, placeholder.token, {
    path: () => inPath(operation, placeholder, written),
    query: () => inQuery(operation, placeholder, written),
    header: (name) =>
      name === 'cookie' ? inCookie(operation, placeholder, written) : inHeader(placeholder, name, written),
    body: (contentType) => inCharsetOf(contentType, inBody(operation, placeholder, contentType, text), placeholder),
  })
  // A file is decoded from base64 while the request is built: the placeholder is gone, and nonsense would be sent.
  if (filled === request) throw refuse(placeholder, 'cannot be put there')
  // RFC 3986 5.2.4: a URL parser takes such segments out and calls another path.
  if (filled.url.split('?', 1)[0]!.split('/').some(isDots)) throw refuse(placeholder, 'would change the path')
  return filled
}

/** The request as it may be shown: `shown` stands in place of every placeholder. */
export function hidePlaceholders(
  request: HttpRequest,
  placeholders: readonly Placeholder[],
  shown: string,
): HttpRequest {
  const show = () => shown
  const everywhere = { path: show, query: show, header: show, body: show }
  return placeholders.reduce((shownSoFar, { token }) => replaceInRequest(shownSoFar, token, everywhere), request)
}

/** What to write, by place. Header names are lower-case. */
interface Writing {
  readonly path: () => string
  readonly query: () => string
  readonly header: (name: string) => string
  readonly body: (contentType: string) => string | Uint8Array
}

/** The very same request where the token stands nowhere. */
function replaceInRequest(request: HttpRequest, token: string, write: Writing): HttpRequest {
  const { url, headers, body } = request
  const isInHeaders = headers.some(([, value]) => value.includes(token))
  const isInBody = body !== undefined && (typeof body === 'string' ? body : Buffer.from(body)).includes(token)
  if (!url.includes(token) && !isInHeaders && !isInBody) return request
  const contentType = headerValue(headers, 'content-type') ?? ''
  return {
    ...request,
    url: replaceInUrl(url, token, write),
    headers: headers.map(([name, value]) => [name, replace(value, token, () => write.header(name.toLowerCase()))]),
    ...(isInBody ? { body: replaceInBody(body, token, () => write.body(contentType)) } : {}),
  }
}

function replaceInUrl(url: string, token: string, write: Writing): string {
  const [path, ...query] = url.split('?')
  return [replace(path!, token, write.path), ...query.map((part) => replace(part, token, write.query))].join('?')
}

function replaceInBody(
  body: string | Uint8Array,
  token: string,
  write: () => string | Uint8Array,
): string | Uint8Array {
  const written = write()
  if (typeof body === 'string' && typeof written === 'string') return replace(body, token, () => written)
  // Latin-1 keeps every byte as it is.
  const text = Buffer.from(written).toString('latin1')
  return Buffer.from(
    replace(Buffer.from(body).toString('latin1'), token, () => text),
    'latin1',
  )
}

/** A function as replacement, since `$&` in a text means something. Not asked where there is nothing to replace. */
function replace(text: string, token: string, write: () => string): string {
  if (!text.includes(token)) return text
  const written = write()
  return text.replaceAll(token, () => written)
}

/** A parameter with `content` has its text in that media type. */
function asContent({ parameters }: Operation, { argument }: Placeholder, text: string): string {
  const binding = parameters.find((parameter) => parameter.argument === argument)
  if (!binding?.contentType || !isQuoted(binding.contentType, binding)) return text
  return binding.in === 'header' ? asciiJson(jsonText(text)) : jsonText(text)
}

function inPath(operation: Operation, placeholder: Placeholder, text: string): string {
  if (text === '' || text.includes('\u0000')) throw refuse(placeholder, 'cannot stand in a path')
  const binding = operation.parameters.find(({ argument }) => argument === placeholder.argument)
  return binding?.in === 'path' ? segmentEncoder(operation, binding, text)(text) : percentEncode(text)
}

function inQuery(operation: Operation, { argument }: Placeholder, text: string): string {
  const binding = operation.parameters.find((parameter) => parameter.argument === argument)
  if (binding?.in !== 'query') return percentEncode(text)
  return binding.allowReserved ? percentEncodeReserved(text) : percentEncode(text)
}

/** RFC 9110 5.5, and latin-1, as for any other argument. */
function inHeader(placeholder: Placeholder, name: string, text: string): string {
  if (/[^\t\u0020-\u007E\u0080-\u00FF]/.test(text)) {
    throw refuse(placeholder, `holds characters that the header ${name} cannot hold`)
  }
  return text
}

/** A cookie is percent-encoded like a query, but for OpenAPI 3.2's style `cookie`, which takes it as it is. */
function inCookie(operation: Operation, placeholder: Placeholder, text: string): string {
  const binding = operation.parameters.find(({ argument }) => argument === placeholder.argument)
  if (binding?.in !== 'cookie' || binding.style !== 'cookie')
    return binding?.in === 'cookie' && binding.allowReserved ? percentEncodeInCookie(text) : percentEncode(text)
  if (!isPlainCookieValue(text)) throw refuse(placeholder, 'holds characters that a cookie cannot hold')
  return text
}

function inBody({ body }: Operation, { argument }: Placeholder, contentType: string, text: string): string {
  const declared = body?.contents.find((one) => essence(one.contentType) === essence(contentType))
  const kind = declared?.kind ?? kindOf(contentType)
  if (kind === 'json') return jsonIn(contentType, jsonText(text))
  if (kind === 'ndjson') return jsonText(text)
  const properties = body && 'properties' in body.from ? body.from.properties : []
  const property = properties.find((one) => one.argument === argument)?.property
  const content = declared ?? body?.contents.find((one) => one.kind === kind)
  if (property === undefined || !content) return kind === 'form' ? formText(text, {}) : text
  if (kind === 'xml') return escapeXml(text, content.xml?.properties?.[property])
  if (kind !== 'form' && kind !== 'multipart') return text
  const encoding = content.encoding[property] ?? {}
  const isJson = !encoding.file && !hasStyle(encoding) && isQuoted(encoding.contentType ?? '', encoding)
  const written = isJson ? jsonText(text) : text
  return kind === 'form' ? formText(written, encoding) : written
}

/** In the charset of a body of bytes. Of the parts of a form each has its own. */
function inCharsetOf(contentType: string, text: string, placeholder: Placeholder): string | Uint8Array {
  if (['multipart', 'form'].includes(kindOf(contentType))) return text
  const encoded = inCharset(contentType, text)
  if (encoded.contentType !== contentType)
    throw refuse(placeholder, `holds characters that ${charsetOf(contentType)} cannot hold`)
  return encoded.data
}

function formText(text: string, { allowReserved }: BodyContent['encoding'][string]): string {
  return (allowReserved ? percentEncodeReserved(text) : percentEncode(text)).replaceAll('%20', '+')
}

/** As it stands between the quotes of a JSON text. */
function jsonText(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

function refuse({ argument }: Placeholder, why: string): CallFailure {
  return new CallFailure(
    'arguments',
    `The secret that ${argument} is fixed to ${why}. The operator must set another. Nothing was sent.`,
  )
}
