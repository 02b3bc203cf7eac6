import type { HeaderList } from '@sluice/contract'

/** One part of a multipart body. */
export interface Part {
  /** Names are lower-case. */
  readonly headers: HeaderList
  readonly body: Uint8Array
}

/** More are no answer that somebody reads. */
const MOST_PARTS = 100

/** The parts of a body (RFC 2046 5.1); nothing where its type names no boundary, or the body does not keep to it. */
export function splitParts(contentType: string, bytes: Uint8Array): readonly Part[] | undefined {
  const boundary = /;\s*boundary\s*=\s*(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType)
  if (!boundary) return undefined
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const delimiter = `--${boundary[1] ?? boundary[2]}`
  const parts: Part[] = []
  for (let at = lineOf(body, delimiter, 0); at >= 0; ) {
    const start = at + delimiter.length
    if (body.subarray(start, start + 2).toString('latin1') === '--') return parts.length > 0 ? parts : undefined
    const next = lineOf(body, delimiter, start)
    const begin = body.indexOf('\n', start) + 1
    // What is not closed was cut off on its way.
    if (next < 0 || begin === 0 || begin > next || parts.length === MOST_PARTS) return undefined
    parts.push(partOf(body.subarray(begin, endBefore(body, next))))
    at = next
  }
  return undefined
}

/** Where a line begins so. */
function lineOf(body: Buffer, start: string, from: number): number {
  for (let at = body.indexOf(start, from); at >= 0; at = body.indexOf(start, at + 1)) {
    if (at === 0 || body[at - 1] === LF) return at
  }
  return -1
}

const LF = 10
const CR = 13

/** The line break before a delimiter belongs to it. */
function endBefore(body: Buffer, delimiter: number): number {
  return body[delimiter - 2] === CR ? delimiter - 2 : delimiter - 1
}

function partOf(part: Buffer): Part {
  const blank = /^(?:\r?\n|[\s\S]*?\r?\n\r?\n)/.exec(part.subarray(0, MOST_HEADER_BYTES).toString('latin1'))?.[0] ?? ''
  const headers = blank
    .split(/\r?\n/)
    .map((line) => /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*)$/.exec(line))
    .flatMap((line) => (line ? [[line[1]!.toLowerCase(), line[2]!.trim()] as const] : []))
  const body = part.subarray(blank.length)
  const isBase64 = headers.some(([name, value]) => name === 'content-transfer-encoding' && /^base64$/i.test(value))
  return { headers, body: isBase64 ? Buffer.from(body.toString('latin1'), 'base64') : body }
}

const MOST_HEADER_BYTES = 16 * 1024
