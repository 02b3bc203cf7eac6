import { isUtf8 } from 'node:buffer'
import { type HeaderList, type HttpResponse, headerValue } from '@sluice/contract'
import { kindOf } from '@sluice/openapi'
import type { JsonForm } from '@sluice/schema'
import { isJson, walkableForm } from './is-json.ts'
import { type Mask, NO_MASK } from './mask-secrets.ts'
import { splitParts } from './split-parts.ts'

/** An answer, decoded by its kind. Text is free of secrets. */
export type ResponseBody = {
  readonly status: number
  readonly headers: HeaderList
  /** Without parameters, lower-case. */
  readonly mimeType: string
  /** A stream that was closed before its end. */
  readonly isPart?: boolean
} & (
  | { readonly kind: 'text'; readonly text: string }
  /** `form` is of the text that the API sent; see `formOf`. */
  | { readonly kind: 'json'; readonly text: string; readonly form?: JsonForm }
  | { readonly kind: 'image' | 'audio' | 'binary'; readonly bytes: Uint8Array }
  | { readonly kind: 'empty' }
  /** Each as an answer of its own, in their order. */
  | { readonly kind: 'parts'; readonly parts: readonly ResponseBody[] }
)

/** Says what an answer is, whatever its media type claims: broken JSON is text, an empty body is empty (B123 to B129). */
export function readResponse(response: HttpResponse, method: string, mask: Mask): ResponseBody {
  const declared = mask.text(headerValue(response.headers, 'content-type') ?? '')
  const mimeType = typeIn(declared)
  const headers =
    mask === NO_MASK
      ? response.headers
      : response.headers.map(([name, value]) => [mask.text(name), mask.text(value)] as const)
  const about = {
    status: response.status,
    headers,
    mimeType: mimeType || 'application/octet-stream',
    ...(response.isPart ? { isPart: true } : {}),
  }
  if (method === 'HEAD' || response.body.length === 0) return { ...about, kind: 'empty' }
  const parts = mimeType.startsWith('multipart/') ? splitParts(declared, response.body) : undefined
  if (parts) {
    const { status } = response
    return { ...about, kind: 'parts', parts: parts.map((part) => readPart({ status, ...part }, mask)) }
  }
  const kind = kindOfBytes(mimeType, response.body)
  if (kind !== 'text') return { ...about, kind, bytes: mask.bytes(response.body) }
  const text = decode(response, declared, mimeType)
  if (mimeType !== '' && !isJsonType(mimeType)) return { ...about, kind: 'text', text: mask.text(text) }
  const form = walkableForm(text)
  if (!form) return { ...about, kind: 'text', text: mask.text(text) }
  const masked = mask.json(text)
  if (masked === text) return { ...about, kind: 'json', text, form }
  // A secret that is JSON itself may leave none.
  return { ...about, kind: isJson(masked) ? 'json' : 'text', text: masked }
}

/** How a JSON answer is written, where that was looked at already and it is what it was then. */
export function formOf({ text, form }: Extract<ResponseBody, { kind: 'json' }>): JsonForm | undefined {
  return form?.text === text ? form : undefined
}

/** What is within a part stays as it is. */
function readPart(part: HttpResponse, mask: Mask): ResponseBody {
  const type = headerValue(part.headers, 'content-type') ?? ''
  if (!/^multipart\//i.test(type.trim())) return readResponse(part, 'GET', mask)
  const read = readResponse({ ...part, headers: [] }, 'GET', mask)
  return { ...read, mimeType: type.split(';', 1)[0]!.trim().toLowerCase() }
}

/** What is no type, such as `json`, or a range of them says nothing of the answer. */
function typeIn(declared: string): string {
  const type = declared.split(';', 1)[0]!.trim().toLowerCase()
  return type.includes('/') && !type.includes('*') ? type : ''
}

function kindOfBytes(mimeType: string, body: Uint8Array): 'text' | 'image' | 'audio' | 'binary' {
  // Clients take these four; an SVG is text to them.
  if (/^image\/(png|jpeg|gif|webp)$/.test(mimeType)) return 'image'
  if (mimeType.startsWith('audio/')) return 'audio'
  if (mimeType === '') return body.includes(0) ? 'binary' : 'text'
  const kind = kindOf(mimeType)
  // A request or an answer, as a part of a batch, is text too.
  const isText = (kind !== 'binary' && kind !== 'multipart') || mimeType === 'application/http'
  return isText ? 'text' : 'binary'
}

function decode({ body, isPart }: HttpResponse, contentType: string, mimeType: string): string {
  const charset =
    charsetOfMark(body) ?? /charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1] ?? charsetOfXml(body, mimeType)
  if (charset === undefined) {
    const text = UTF_8.decode(body)
    // A stream may have been closed within a character.
    return !isPart && isOfSingleBytes(text, body) ? WINDOWS_1252.decode(body) : text
  }
  try {
    return new TextDecoder(charset).decode(body)
  } catch {
    // A charset nobody knows.
    return UTF_8.decode(body)
  }
}

/** A byte order mark is surer than what a header says (WHATWG Encoding 6.1): `utf-16` leaves open which byte comes first. */
function charsetOfMark(body: Uint8Array): string | undefined {
  if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be'
  if (body[0] === 0xff && body[1] === 0xfe) return 'utf-16le'
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 'utf-8' : undefined
}

/** XML that no one says a charset of says it itself, in its first line (RFC 7303 3). */
function charsetOfXml(body: Uint8Array, mimeType: string): string | undefined {
  if (!/[/+]xml$/.test(mimeType)) return undefined
  const start = Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, MOST_DECLARATION_BYTES))
  const declared = /^<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]+)["']/.exec(start.toString('latin1'))?.[1]
  // A text that can be read as bytes is in no charset of two.
  return declared !== undefined && /^utf-?16/i.test(declared) ? undefined : declared
}

const MOST_DECLARATION_BYTES = 200

// Making one takes as long as reading a small answer. It keeps nothing from one text to the next.
const UTF_8 = new TextDecoder()
const WINDOWS_1252 = new TextDecoder('windows-1252')

/** Whether all that is beyond ASCII was no UTF-8: then it was never meant to be, and is read as what most such texts are. */
function isOfSingleBytes(text: string, body: Uint8Array): boolean {
  return text.includes('\uFFFD') && /^[\0-\x7F\uFFFD]*$/.test(text) && !isUtf8(body)
}

export function isJsonType(mimeType: string): boolean {
  return kindOf(mimeType) === 'json'
}
