import { createHash } from 'node:crypto'
import { CallFailure, type PartEncoding } from '@sluice/contract'
import { stringifyJson } from '@sluice/schema'
import type { EncodedBody } from './encode-body.ts'
import { plainText } from './plain-text.ts'

interface Part {
  readonly name: string
  readonly filename?: string
  readonly contentType?: string
  readonly bytes: Uint8Array
}

/**
 * multipart/form-data (RFC 7578). The boundary is a hash of the contents: no content can hold its own, and the same
 * arguments always give the same bytes.
 */
export function encodeMultipart(contentType: string, value: Record<string, unknown>, encoding: Readonly<Record<string, PartEncoding>>): EncodedBody {
  const parts = Object.entries(value).flatMap(([name, item]) => partsOf(name, item, encoding[name] ?? {}))
  const boundary = boundaryFor(parts)
  const chunks: Uint8Array[] = []
  for (const part of parts) chunks.push(Buffer.from(head(part, boundary)), part.bytes, CRLF)
  chunks.push(Buffer.from(`--${boundary}--\r\n`))
  const type = contentType.split(';', 1)[0]!.trim()
  return { contentType: `${type}; boundary=${boundary}`, data: Buffer.concat(chunks) }
}

const CRLF = Buffer.from('\r\n')

function partsOf(name: string, value: unknown, encoding: PartEncoding): Part[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value.flatMap((item) => partsOf(name, item, encoding))
  if (encoding.file) {
    const file = readFile(value, name)
    return [{ name, filename: file.filename ?? name, contentType: encoding.contentType?.split(',')[0]?.trim() ?? file.contentType ?? 'application/octet-stream', bytes: file.bytes }]
  }
  // OpenAPI 3.1.1 4.8.15.1.1: an object is a JSON part unless the encoding says otherwise.
  const isObject = typeof value === 'object' && !('rawJSON' in value)
  const contentType = encoding.contentType ?? (isObject ? 'application/json' : undefined)
  const text = isObject ? stringifyJson(value) : plainText(value)
  return [{ name, ...(contentType ? { contentType } : {}), bytes: Buffer.from(text) }]
}

function boundaryFor(parts: readonly Part[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(JSON.stringify([part.name, part.filename, part.contentType])).update(part.bytes)
  return `sluice-${hash.digest('hex').slice(0, 40)}`
}

function head({ name, filename, contentType }: Part, boundary: string): string {
  const file = filename === undefined ? '' : `; filename="${escapeName(filename)}"`
  const type = contentType ? `Content-Type: ${contentType.replaceAll(/[\r\n]/g, '')}\r\n` : ''
  return `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(name)}"${file}\r\n${type}\r\n`
}

/** As browsers escape names (WHATWG HTML 4.10.21.8): a quote or a line break would end the name. */
function escapeName(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

interface ReadFile {
  readonly bytes: Uint8Array
  readonly filename?: string
  readonly contentType?: string
}

/**
 * A file given as base64, as a data URL (RFC 2397) or as `{filename, contentType, data}`.
 * @throws CallFailure of kind `arguments`
 */
export function readFile(value: unknown, argument: string): ReadFile {
  if (typeof value === 'string') return fromText(value, argument)
  if (typeof value === 'object' && value !== null && 'data' in value && typeof value.data === 'string') {
    const file = fromText(value.data, argument)
    const { filename, contentType } = value as { filename?: unknown; contentType?: unknown }
    return {
      ...file,
      ...(typeof filename === 'string' ? { filename } : {}),
      ...(typeof contentType === 'string' ? { contentType } : {}),
    }
  }
  throw notAFile(argument)
}

function fromText(text: string, argument: string): ReadFile {
  const dataUrl = /^data:([^,;]*)((?:;[^,;]*)*),(.*)$/s.exec(text)
  if (dataUrl) {
    const [, contentType, parameters, data] = dataUrl
    const bytes = parameters!.endsWith(';base64') ? base64(data!, argument) : Buffer.from(decodeURIComponent(data!))
    return { bytes, ...(contentType ? { contentType } : {}) }
  }
  return { bytes: base64(text, argument) }
}

function base64(text: string, argument: string): Uint8Array {
  const compact = text.replaceAll(/\s/g, '')
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(compact)) throw notAFile(argument)
  return Buffer.from(compact, 'base64')
}

function notAFile(argument: string): CallFailure {
  return new CallFailure('arguments', `${argument} is a file: give its bytes as base64, as a data URL, or as {filename, contentType, data}. Nothing was sent.`)
}
