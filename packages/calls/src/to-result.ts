import { type Call, type Content, headerValue, LIMITS } from '@sluice/contract'
import { minifyJson, parseJsonAsWritten, stringifyJson } from '@sluice/schema'
import { cutJson } from './cut-json.ts'
import type { ResponseBody } from './read-response.ts'
import { shapeJson, unshapeJson } from './shape-json.ts'
import { tellMore } from './tell-more.ts'

/** An answer as content for the model: minified, shaped where that is shorter, and cut to what a result may cost. */
export function toResult(body: ResponseBody, call: Call): Content[] {
  switch (body.kind) {
    case 'json':
      return ofJson(body, call)
    case 'text':
      return body.isPart ? [text(cut(body.text)), text(PART)] : [text(cut(body.text))]
    case 'empty':
      return [text(emptyText(body))]
    case 'image':
    case 'audio':
      return [{ type: body.kind, data: base64(body.bytes), mimeType: body.mimeType }]
    case 'binary':
      return [{ type: 'resource', resource: { uri: uriOf(body), mimeType: body.mimeType, blob: base64(body.bytes) } }]
  }
}

const PART = '[The API sends this as a stream that did not end; it was closed after what is shown.]'

/** A smaller answer is not worth another form. */
const SHAPED_FROM_BYTES = 2 * 1024

/** The JSON stays JSON; what is to be said of it stands beside it. */
function ofJson(body: Extract<ResponseBody, { kind: 'json' | 'text' }>, call: Call): Content[] {
  const plain = minifyJson(body.text)
  const bytes = Buffer.byteLength(plain)
  if (bytes < SHAPED_FROM_BYTES) return withNote(plain, tellMore(body, call, [], bytes))
  const { value, json } = shortest(plain)
  if (Buffer.byteLength(json) <= LIMITS.resultBytes) return withNote(json, tellMore(body, call, [], bytes))
  const part = cutJson(value, LIMITS.resultBytes)
  return withNote(stringifyJson(part.value), tellMore(body, call, part.missing, bytes))
}

/** Shaped where that is shorter, and gives back the very text: numbers as they were written, keys in their order, all of them. */
function shortest(plain: string): { readonly value: unknown; readonly json: string } {
  const value = parseJsonAsWritten(plain)
  const shaped = shapeJson(value)
  const json = stringifyJson(shaped)
  // Escapes (`\\/`) may be written otherwise.
  const same = plain.includes('\\') ? stringifyJson(value) : plain
  const isShorter = json.length < plain.length && stringifyJson(unshapeJson(shaped)) === same
  return isShorter ? { value: shaped, json } : { value, json: plain }
}

function withNote(json: string, note: string): Content[] {
  return note === '' ? [text(json)] : [text(json), text(note)]
}

function text(value: string): Content {
  return { type: 'text', text: value }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

/** Cut between characters, with what is missing and how to get less. */
function cut(value: string): string {
  const bytes = Buffer.from(value)
  if (bytes.length <= LIMITS.resultBytes) return value
  // A code point that the cut splits is dropped, not replaced.
  const head = new TextDecoder().decode(bytes.subarray(0, LIMITS.resultBytes), { stream: true })
  return `${head}\n[Cut: the first ${LIMITS.resultBytes} of ${bytes.length} bytes. Ask for less: a smaller page, or arguments that filter.]`
}

const TOLD_HEADERS = ['location', 'etag', 'last-modified', 'content-type', 'content-length', 'link', 'x-total-count']

/** A body may be empty on purpose (204, HEAD, 201 with Location): what the headers tell is the answer. */
function emptyText({ status, headers }: ResponseBody): string {
  const told = TOLD_HEADERS.flatMap((name) => {
    const value = headerValue(headers, name)
    return value === undefined || (name === 'content-length' && value === '0') ? [] : [`${name}: ${value}`]
  })
  return [`${status}, no content`, ...told].join('\n')
}

function uriOf(body: ResponseBody): string {
  const name = /filename="?([^";]+)"?/i.exec(headerValue(body.headers, 'content-disposition') ?? '')?.[1]
  return `sluice://answer/${encodeURIComponent(name ?? 'body')}`
}
