import { type Content, headerValue, LIMITS } from '@sluice/contract'
import { minifyJson } from '@sluice/schema'
import type { ResponseBody } from './read-response.ts'

/** An answer as content for the model: minified, and cut to what a result may cost. */
export function toResult(body: ResponseBody): Content[] {
  switch (body.kind) {
    case 'json':
      return [text(cut(minifyJson(body.text)))]
    case 'text':
      return [text(cut(body.text))]
    case 'empty':
      return [text(emptyText(body))]
    case 'image':
    case 'audio':
      return [{ type: body.kind, data: base64(body.bytes), mimeType: body.mimeType }]
    case 'binary':
      return [{ type: 'resource', resource: { uri: uriOf(body), mimeType: body.mimeType, blob: base64(body.bytes) } }]
  }
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
