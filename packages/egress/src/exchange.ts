import { type CancelSignal, type HeaderList, type HttpRequest, type HttpResponse, headerValue } from '@sluice/contract'
import type { Dispatcher, Pool } from 'undici'
import { decodeBody } from './decode-body.ts'
import { decodeStream } from './decode-stream.ts'
import { gatherStream, type StreamLimits, streamOf } from './gather-stream.ts'
import { isSafe } from './is-safe.ts'
import { type Received, receive, type Settle } from './receive.ts'

export interface ExchangeLimits extends StreamLimits {
  readonly signal: CancelSignal
  readonly settle: Settle
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
  const { maxBytes } = limits
  const answer = await dispatch(pool, target.host, limits, {
    // The dispatcher takes any token as a method; its type lists the common ones.
    method: request.method as Dispatcher.HttpMethod,
    path: target.pathname + target.search,
    headers: requestHeaders(request.headers),
    body: request.body ?? null,
  })
  const { status, headers } = answer
  const codings = headers.filter(([name]) => name === 'content-encoding').map(([, value]) => value)
  if ('stream' in answer) {
    const { stream } = answer
    const decoded = { parts: decodeStream(stream, codings, target.host), close: () => stream.destroy() }
    return { status, headers, ...(await gatherStream(decoded, limits, streamOf(headers)!)) }
  }
  return { status, headers, body: await decodeBody(answer.bytes, codings, { maxBytes, host: target.host }) }
}

const CLOSED_BY_PEER: ReadonlySet<unknown> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

/**
 * A kept connection may be closed by the other side just as we write to it. RFC 9112 9.3.1 lets an idempotent request
 * be sent once more then; we do so for safe ones only, so that nothing is ever carried out twice, and as part of the origin's repeats (S73).
 */
async function dispatch(
  pool: Pool,
  host: string,
  { mayRepeat, signal, maxBytes, settle }: ExchangeLimits,
  options: Dispatcher.DispatchOptions,
): Promise<Received> {
  const limits = { host, signal, maxBytes, settle, isStream: (headers: HeaderList) => streamOf(headers) !== undefined }
  try {
    return await receive(pool, options, limits)
  } catch (error) {
    const closed = CLOSED_BY_PEER.has((error as { code?: unknown }).code)
    if (!closed || !isSafe(options.method) || !mayRepeat()) throw error
    return await receive(pool, options, limits)
  }
}

function requestHeaders(headers: HeaderList): string[] {
  const list = headers.flat()
  if (headerValue(headers, 'accept-encoding') === undefined) list.push('accept-encoding', 'gzip, br, zstd, deflate')
  return list
}
