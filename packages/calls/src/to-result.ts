import { type Content, headerValue, LIMITS } from '@sluice/contract'
import { minifyJson, parseJsonAsWritten, stringifyJson } from '@sluice/schema'
import { answerUri } from './answer-uri.ts'
import { base64 } from './base64.ts'
import { countCodePoints, cutBytes } from './code-points.ts'
import type { KeptAnswer } from './continuations.ts'
import { type CutOptions, cutJson, type Missing } from './cut-json.ts'
import { isPlumbing } from './is-plumbing.ts'
import { contentOfParts } from './parts-content.ts'
import { formOf, type ResponseBody } from './read-response.ts'
import { shapeJson, unshapeJson } from './shape-json.ts'

/** An answer as the model is shown it. */
export interface Shown {
  readonly content: readonly Content[]
  /** Set where it was cut. */
  readonly part?: Part
}

/** What was shown of what. */
export interface Part {
  /** All of it, as JSON or text. */
  readonly whole: Pick<KeptAnswer, 'kind' | 'text'>
  readonly bytes: number
  readonly missing: readonly Missing[]
}

export interface ResultOptions extends Pick<CutOptions, 'inOrder'> {
  /** It is shown twice, as text and as a value: no table, and half the room for each. */
  readonly isTwofold?: boolean
  /** It was asked for its headers alone. */
  readonly isHead?: boolean
  /** What its client takes; absent: as much as any may have. */
  readonly maxBytes?: number
}

/** An answer as content for the model: minified, shaped where that is shorter, and cut to what a result may cost. */
export function toResult(body: ResponseBody, options: ResultOptions = {}): Shown {
  if ('bytes' in body && body.bytes.length > LIMITS.binaryBytes) return { content: [textBlock(tooLargeText(body))] }
  switch (body.kind) {
    case 'json':
      return ofJson(body, options)
    case 'text':
      return ofText(body, mostBytes(options))
    case 'parts':
      return { content: contentOfParts(body.parts, mostBytes(options)) }
    case 'empty':
      return { content: [textBlock(cutBytes(emptyText(body, options), mostBytes(options)))] }
    case 'image':
    case 'audio':
      return { content: [{ type: body.kind, data: base64(body.bytes), mimeType: body.mimeType }] }
    case 'binary': {
      const resource = { uri: answerUri(body.headers, 'body'), mimeType: body.mimeType, blob: base64(body.bytes) }
      return { content: [{ type: 'resource', resource }] }
    }
  }
}

/** A smaller answer is not worth another form. */
const SHAPED_FROM_BYTES = 2 * 1024

/** JSON stays JSON; what is to be said of it stands beside it. */
function ofJson(body: JsonBody, options: ResultOptions): Shown {
  const form = formOf(body)
  const plain = form?.isMinified ? body.text : minifyJson(body.text)
  const most = mostBytes(options)
  const bytes = Buffer.byteLength(plain)
  if (bytes < SHAPED_FROM_BYTES || (options.isTwofold && bytes <= most)) return { content: [textBlock(plain)] }
  const asRead = form?.isExact ? (JSON.parse(plain) as unknown) : parseJsonAsWritten(plain)
  const { value, json, isShaped } = options.isTwofold ? asItIs(asRead, plain) : shortest(asRead, plain)
  if (Buffer.byteLength(json) <= most) return { content: [textBlock(json)] }
  const { value: part, missing } = cutJson(value, most, { ...options, isShaped })
  return { content: [textBlock(stringifyJson(part))], part: { whole: { kind: 'json', text: plain }, bytes, missing } }
}

type JsonBody = Extract<ResponseBody, { kind: 'json' }>

function mostBytes({ isTwofold, maxBytes = LIMITS.resultBytes }: ResultOptions): number {
  return isTwofold ? maxBytes / 2 : maxBytes
}

interface Written {
  readonly value: unknown
  readonly json: string
  readonly isShaped: boolean
}

function asItIs(value: unknown, plain: string): Written {
  return { value, json: plain, isShaped: false }
}

/** Shaped where that is shorter, and gives back the very text: numbers as they were written, keys in their order, all of them. */
function shortest(value: unknown, plain: string): Written {
  const shaped = shapeJson(value)
  if (shaped === value) return { value, json: plain, isShaped: false }
  const json = stringifyJson(shaped)
  // Escapes (`\\/`) may be written otherwise.
  const same = plain.includes('\\') ? stringifyJson(value) : plain
  const isShaped = json.length < plain.length && stringifyJson(unshapeJson(shaped)) === same
  return isShaped ? { value: shaped, json, isShaped } : { value, json: plain, isShaped }
}

const UNENDED = '[The API sends this as a stream that did not end; it was closed after what is shown.]'

/** Cut between characters. */
function ofText({ text, isPart }: Extract<ResponseBody, { kind: 'json' | 'text' }>, most: number): Shown {
  const notes = isPart ? [textBlock(UNENDED)] : []
  const bytes = Buffer.byteLength(text)
  if (bytes <= most) return { content: [textBlock(text), ...notes] }
  const head = cutBytes(text, most)
  const missing = [
    { path: '', shown: countCodePoints(head), total: countCodePoints(text), unit: 'characters' as const },
  ]
  const part = { whole: { kind: 'text' as const, text }, bytes, missing }
  return { content: [textBlock(head), ...notes], part }
}

function tooLargeText({ mimeType, bytes }: Extract<ResponseBody, { bytes: Uint8Array }>): string {
  const most = LIMITS.binaryBytes / 1024 / 1024
  return `[${mimeType} of ${bytes.length} bytes: at most ${most} MB are shown. Ask for a smaller one, or for where it lies.]`
}

export function textBlock(text: string): Content {
  return { type: 'text', text }
}

const TOLD_HEADERS = ['location', 'etag', 'last-modified', 'content-type', 'content-length', 'link', 'x-total-count']

/** A body may be empty on purpose (204, HEAD, 201 with Location): what the headers tell is the answer. */
function emptyText({ status, headers }: ResponseBody, { isHead = false }: ResultOptions): string {
  const told = isHead
    ? headers.filter(([name]) => !isPlumbing(name))
    : TOLD_HEADERS.flatMap((name) => {
        const value = headerValue(headers, name)
        return value === undefined || (name === 'content-length' && value === '0') ? [] : [[name, value] as const]
      })
  return [`${status}, no content`, ...told.map(([name, value]) => `${name}: ${value}`)].join('\n')
}
