import { createHash } from 'node:crypto'
import type { BodyContent, PartEncoding } from '@sluice/contract'
import { inCharset } from './charset.ts'
import { fieldText, fieldType } from './content-text.ts'
import { deepObject } from './deep-object.ts'
import { DELIMITERS, delimited } from './delimiters.ts'
import type { EncodedBody } from './encoded-body.ts'
import { isSaidFile } from './file-use.ts'
import { isPresent } from './given-arguments.ts'
import { firstConcrete, typeOfFile } from './media-type.ts'
import { hasStyle, isNested } from './part-encoding.ts'
import { plainText } from './plain-text.ts'
import { readFile } from './read-file.ts'
import { isPlainObject } from './serialize-path.ts'

interface Part {
  /** Parts of other types than form-data may have none. */
  readonly name?: string
  readonly filename?: string
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly bytes: Uint8Array
}

/**
 * multipart/form-data (RFC 7578), or parts in their order where a list is given (RFC 2046 5.1.3). The boundary is a hash of the contents: no content can hold its own, and the same
 * arguments always give the same bytes.
 */
export function encodeMultipart(
  contentType: string,
  value: Record<string, unknown> | readonly unknown[],
  { encoding, otherEncoding = {} }: Pick<BodyContent, 'encoding' | 'otherEncoding'>,
): EncodedBody {
  const parts = Object.entries(value).flatMap(([name, item]) => {
    const own = Object.hasOwn(encoding, name) ? encoding[name]! : otherEncoding
    return Array.isArray(value) ? [unnamed(partOf(`part ${name}`, item, own))] : fieldParts(name, item, own)
  })
  const boundary = boundaryFor(parts)
  const chunks: Uint8Array[] = []
  for (const part of parts) chunks.push(Buffer.from(head(part, boundary)), part.bytes, CRLF)
  chunks.push(Buffer.from(`--${boundary}--\r\n`))
  return { contentType: `${contentType.replace(BOUNDARY, '')}; boundary=${boundary}`, data: Buffer.concat(chunks) }
}

/** All else that a type says of itself stays: RFC 2387 3.1 asks for a `type`. */
const BOUNDARY = /\s*;\s*boundary\s*=\s*(?:"[^"]*"|[^;]*)|\s*;\s*$/gi

/** A file has its own name still, where the caller gave it one. */
function unnamed({ name, filename, ...part }: Part): Part {
  return filename === undefined || filename === name ? part : { ...part, filename }
}

const CRLF = Buffer.from('\r\n')

/** A style makes plain parts of a list or an object, as it makes pairs of them in a query (OpenAPI 3.1.1 4.8.15.1.2). */
function fieldParts(name: string, value: unknown, encoding: PartEncoding): Part[] {
  if (isMadeOfParts(value, encoding)) return [partOf(name, value, encoding)]
  if (!hasStyle(encoding) || encoding.file || value === null) return partsOf(name, value, encoding)
  const { style = 'form', contentType: _ignored, ...own } = encoding
  const { explode = style === 'form' } = encoding
  if (typeof value !== 'object') return partsOf(name, value, own)
  const plain = (key: string, item: unknown) => partsOf(key, plainText(item), own)
  if (style === 'deepObject') return deepObject(name, value).flatMap(([key, item]) => plain(key, item))
  const entries = Array.isArray(value) ? value.map((item) => [name, item] as const) : Object.entries(value)
  const given = entries.filter(([, item]) => isPresent(item))
  if (explode) return given.flatMap(([key, item]) => plain(key, item))
  const items = Array.isArray(value) ? given.map(([, item]) => item) : given.flat()
  return items.length > 0 ? partsOf(name, delimited(name, DELIMITERS[style] ?? ',', items, plainText), own) : []
}

function partsOf(name: string, value: unknown, encoding: PartEncoding): Part[] {
  return (Array.isArray(value) ? value : [value]).filter(isPresent).map((item) => partOf(name, item, encoding))
}

/** A list within a list is JSON, like an object: as parts of their own its items would belong to nobody. */
function partOf(name: string, value: unknown, encoding: PartEncoding): Part {
  const headers = encoding.headers ? { headers: encoding.headers } : {}
  if (isFile(value, encoding)) {
    const file = readFile(value, name)
    const contentType = typeOfFile(encoding.contentType, file.contentType)
    return { name, filename: file.filename ?? name, ...headers, contentType, bytes: file.bytes }
  }
  if (isMadeOfParts(value, encoding)) {
    const { encoding: inner = {}, otherEncoding = {} } = encoding
    const type = firstConcrete(encoding.contentType)!
    const nested = encodeMultipart(type, value, { encoding: inner, otherEncoding })
    return { name, contentType: nested.contentType, ...headers, bytes: Buffer.from(nested.data) }
  }
  // OpenAPI 3.1.1 4.8.15.1.1: an object is a JSON part unless the encoding says otherwise.
  const type = fieldType(value, encoding)
  const text = fieldText(name, value, encoding)
  if (!type) return { name, ...headers, bytes: Buffer.from(text) }
  const { contentType, data } = inCharset(type, text)
  return { name, contentType, ...headers, bytes: Buffer.from(data) }
}

function isMadeOfParts(value: unknown, encoding: PartEncoding): value is Record<string, unknown> | readonly unknown[] {
  return isNested(encoding) && (isPlainObject(value) || Array.isArray(value))
}

/** A file where the document leaves open that it is one; where it says nothing of files, one that has a name too. */
function isFile(value: unknown, encoding: PartEncoding): boolean {
  if (encoding.file === true) return true
  return isSaidFile(value) && (encoding.file === 'said' || (isPlainObject(value) && 'filename' in value))
}

function boundaryFor(parts: readonly Part[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(JSON.stringify([part.name, part.filename, part.contentType])).update(part.bytes)
  return `sluice-${hash.digest('hex').slice(0, 40)}`
}

function head({ name, filename, contentType, headers = {} }: Part, boundary: string): string {
  const file = filename === undefined ? '' : `; filename="${escapeName(filename)}"`
  const called = name === undefined ? '' : `form-data; name="${escapeName(name)}"`
  const disposition = called || (file && 'attachment')
  const lines = [
    ...(disposition ? [`Content-Disposition: ${disposition}${file}`] : []),
    ...(contentType ? [`Content-Type: ${contentType.replaceAll(/[\r\n]/g, '')}`] : []),
    ...Object.entries(headers).map(([key, value]) => `${key}: ${value}`),
  ]
  return `--${boundary}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`
}

/** As browsers escape names (WHATWG HTML 4.10.21.8): a quote or a line break would end the name. */
function escapeName(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
