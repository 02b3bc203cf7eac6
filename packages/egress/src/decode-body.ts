import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib'
import { CallFailure } from '@sluice/contract'
import { tooLarge } from './too-large.ts'

export interface DecodeLimits {
  /** Bytes that each step of decoding may yield; a bomb is stopped there. */
  readonly maxBytes: number
  /** Named in failures. */
  readonly host: string
}

/**
 * Undoes the content codings of a body (RFC 9110 8.4), `codings` being the values of its Content-Encoding headers.
 *
 * @throws CallFailure `too-large` past `maxBytes`, `upstream` for a coding that is unknown or broken.
 */
export async function decodeBody(
  body: Uint8Array,
  codings: readonly string[],
  { maxBytes, host }: DecodeLimits,
): Promise<Uint8Array> {
  let decoded = body
  // They are listed in the order they were applied.
  for (const coding of codingsOf(codings, host).reverse()) {
    // Some answers without a body say how it would have been encoded.
    if (decoded.length === 0) return decoded
    decoded = await undo(coding, decoded, { maxBytes, host })
  }
  return decoded
}

/** The codings that Content-Encoding headers name. @throws CallFailure `upstream` for too many of them */
export function codingsOf(values: readonly string[], host: string): string[] {
  const applied = values.flatMap((value) => value.toLowerCase().split(',')).map((coding) => coding.trim())
  const codings = applied.filter((coding) => !NO_CODING.test(coding))
  if (codings.length > MAX_CODINGS)
    throw new CallFailure('upstream', `${host} encoded its answer more than ${MAX_CODINGS} times.`)
  return codings
}

const MAX_CODINGS = 4

/** Charsets and transfer encodings are often set there by mistake, and S3 keeps how an object was uploaded: the body is as it is. */
const NO_CODING = /^(identity|none|utf-?8|[78]bit|binary|aws-chunked)?$/

type Decoder = (body: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>

const DECODERS: Readonly<Record<string, Decoder | undefined>> = {
  gzip: promisify(gunzip),
  // RFC 9110 8.4.1.3
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
  // "deflate" means the zlib format, but some send the bare stream (RFC 9110 8.4.1.2).
  deflate: (body, options) => (hasZlibHeader(body) ? promisify(inflate) : promisify(inflateRaw))(body, options),
}

async function undo(coding: string, body: Uint8Array, { maxBytes, host }: DecodeLimits): Promise<Uint8Array> {
  const decode = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined
  if (!decode) throw unknownCoding(coding, host)
  try {
    return await decode(body, { maxOutputLength: maxBytes })
  } catch (cause) {
    if ((cause as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(host, maxBytes)
    throw new CallFailure('upstream', `${host} sent an answer that is not valid ${coding}.`, { cause })
  }
}

export function unknownCoding(coding: string, host: string): CallFailure {
  return new CallFailure('upstream', `${host} encoded its answer as "${coding}", which is not read here.`)
}

/** RFC 1950 2.2: method 8, and a check that makes the first two bytes a multiple of 31. */
export function hasZlibHeader([cmf = 0, flg = 0]: Uint8Array): boolean {
  return (cmf & 0x0f) === 8 && (cmf * 256 + flg) % 31 === 0
}
