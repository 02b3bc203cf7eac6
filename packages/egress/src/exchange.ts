import type { Readable } from 'node:stream'
import { type HeaderList, type HttpRequest, type HttpResponse, headerValue } from '@sluice/contract'
import type { Dispatcher, Pool } from 'undici'
import { decodeBody } from './decode-body.ts'
import { decodeStream } from './decode-stream.ts'
import { gatherStream, type StreamLimits, streamOf } from './gather-stream.ts'
import { isSafe } from './is-safe.ts'
import { tooLarge } from './too-large.ts'

export interface ExchangeLimits extends StreamLimits {
  readonly signal: AbortSignal
  /** Whether a request that a kept connection died under may be sent once more. */
  readonly mayRepeat: () => boolean
}

/** Sends a request over a pool's connections and reads the whole answer. Redirects are not followed. */
export async function exchange(
  pool: Pool,
  target: URL,
  request: HttpRequest,
  limits: ExchangeLimits,
): Promise<HttpResponse> {
  const answer = await dispatch(pool, limits, {
    // The dispatcher takes any token as a method; its type lists the common ones.
    method: request.method as Dispatcher.HttpMethod,
    path: target.pathname + target.search,
    headers: requestHeaders(request.headers),
    body: request.body ?? null,
    signal: limits.signal,
    responseHeaders: 'raw',
  })
  // With `raw` the headers are a flat list, which undici's types do not say.
  const headers = pairs(answer.headers as unknown as readonly string[])
  const { maxBytes } = limits
  const codings = headers.filter(([name]) => name === 'content-encoding').map(([, value]) => value)
  const kind = streamOf(headers)
  if (kind) {
    const stream = { parts: decodeStream(answer.body, codings, target.host), close: () => answer.body.destroy() }
    return { status: answer.statusCode, headers, ...(await gatherStream(stream, limits, kind)) }
  }
  const received = await readBody(answer.body, maxBytes, target.host)
  return {
    status: answer.statusCode,
    headers,
    body: await decodeBody(received, codings, { maxBytes, host: target.host }),
  }
}

const CLOSED_BY_PEER: ReadonlySet<unknown> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

/**
 * A kept connection may be closed by the other side just as we write to it. RFC 9112 9.3.1 lets an idempotent request
 * be sent once more then; we do so for safe ones only, so that nothing is ever carried out twice, and as part of the origin's repeats (S73).
 */
async function dispatch(
  pool: Pool,
  { mayRepeat }: ExchangeLimits,
  options: Dispatcher.RequestOptions,
): Promise<Dispatcher.ResponseData> {
  try {
    return await pool.request(options)
  } catch (error) {
    const closed = CLOSED_BY_PEER.has((error as { code?: unknown }).code)
    if (!closed || !isSafe(options.method) || !mayRepeat()) throw error
    return await pool.request(options)
  }
}

function requestHeaders(headers: HeaderList): string[] {
  const list = headers.flat()
  if (headerValue(headers, 'accept-encoding') === undefined) list.push('accept-encoding', 'gzip, br, zstd, deflate')
  return list
}

function pairs(flat: readonly string[]): HeaderList {
  return Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at]!.toLowerCase(), flat[2 * at + 1]!])
}

/** By its events: an iterator over a body of one chunk costs as much as the request. */
function readBody(body: Readable, maxBytes: number, host: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    body.on('data', (chunk: Buffer) => {
      size += chunk.length
      // Destroying the body ends the connection with it.
      if (size > maxBytes) body.destroy(tooLarge(host, maxBytes))
      else chunks.push(chunk)
    })
    body.on('error', reject)
    body.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)))
  })
}
