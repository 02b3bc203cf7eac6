import { type Duplex, pipeline } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib'
import { CallFailure } from '@sluice/contract'
import { codingsOf, hasZlibHeader, unknownCoding } from './decode-body.ts'

/**
 * Undoes the content codings of a body while it arrives: what its sender flushed comes through at once. How much of it is read
 * is the reader's to bound.
 *
 * @throws CallFailure `upstream` for a coding that is unknown or broken, else whatever `body` fails with.
 */
export function decodeStream(
  body: AsyncIterable<Buffer>,
  codings: readonly string[],
  host: string,
): AsyncIterable<Buffer> {
  // They are listed in the order they were applied.
  return codingsOf(codings, host).reduceRight((encoded, coding) => undone(coding, encoded, host), body)
}

const DECODERS: Readonly<Record<string, ((head: Uint8Array) => Duplex) | undefined>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  br: () => createBrotliDecompress(),
  zstd: () => createZstdDecompress(),
  deflate: (head) => (hasZlibHeader(head) ? createInflate() : createInflateRaw()),
}

async function* undone(coding: string, encoded: AsyncIterable<Buffer>, host: string): AsyncGenerator<Buffer> {
  const make = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined
  if (!make) throw unknownCoding(coding, host)
  const parts = encoded[Symbol.asyncIterator]()
  const head = await headOf(parts)
  if (head.length === 0) return
  let failure: { readonly cause: unknown } | undefined
  const all = async function* () {
    yield head
    try {
      yield* { [Symbol.asyncIterator]: () => parts }
    } catch (cause) {
      failure = { cause }
      throw cause
    }
  }
  try {
    // What goes wrong in it is thrown to who reads from it.
    yield* pipeline(all, make(head), () => {}) as AsyncIterable<Buffer>
  } catch (cause) {
    if (failure) throw failure.cause
    throw new CallFailure('upstream', `${host} sent an answer that is not valid ${coding}.`, { cause })
  }
}

/** As many of the first bytes as tell one format from another. */
async function headOf(parts: AsyncIterator<Buffer>): Promise<Buffer> {
  let head = Buffer.alloc(0)
  while (head.length < 2) {
    const { value, done } = await parts.next()
    if (done) break
    head = Buffer.concat([head, value])
  }
  return head
}
