import { Readable } from 'node:stream'
import type { CancelSignal, HeaderList } from '@sluice/contract'
import type { Dispatcher, Pool } from 'undici'
import { tooLarge } from './too-large.ts'

/** An answer: all of its body, or what brings it. */
export type Received = {
  readonly status: number
  /** In their order, with lower-case names. */
  readonly headers: HeaderList
} & ({ readonly bytes: Buffer } | { readonly stream: Readable })

/** Ends the receiving of an answer, at once or with others. */
export type Settle = (end: () => void) => void

export interface ReceiveLimits {
  /** Named in failures. */
  readonly host: string
  /** Ends the exchange with its reason, whenever it is aborted. */
  readonly signal: CancelSignal
  /** Of a body that is read whole. */
  readonly maxBytes: number
  readonly settle: Settle
  /** Whether the body is read as it arrives. */
  readonly isStream: (headers: HeaderList) => boolean
}

/**
 * Sends a request over a pool's connections, and receives the answer as it comes off the wire: undici's own `request` makes a stream
 * of every body, which costs as much as all else and keeps its memory for long.
 *
 * @throws CallFailure `too-large` past `maxBytes`, else whatever undici fails with
 */
export function receive(pool: Pool, options: Dispatcher.DispatchOptions, limits: ReceiveLimits): Promise<Received> {
  const { host, signal, maxBytes, isStream, settle } = limits
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let [head, stream]: [Pick<Received, 'status' | 'headers'>?, Readable?] = []
    let size = 0
    pool.dispatch(options, {
      onRequestStart(controller) {
        const abort = () => controller.abort(signal.reason as Error)
        if (signal.aborted) abort()
        else signal.addEventListener('abort', abort, { once: true })
      },
      onResponseStart(controller, status) {
        // Others may come before the answer (RFC 9110 15.2).
        if (status < 200) return
        head = { status, headers: pairs(controller.rawHeaders as readonly Buffer[]) }
        if (!isStream(head.headers)) return
        stream = streamFrom(controller)
        resolve({ ...head, stream })
      },
      onResponseData(controller, chunk) {
        if (stream) {
          if (!stream.push(chunk)) controller.pause()
          return
        }
        size += chunk.length
        // The connection ends with it.
        if (size > maxBytes) controller.abort(tooLarge(host, maxBytes))
        else chunks.push(chunk)
      },
      onResponseEnd() {
        if (stream) stream.push(null)
        else settle(() => resolve({ ...head!, bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size) }))
      },
      onResponseError(_controller, error) {
        if (stream) stream.destroy(error)
        else reject(error)
      },
    })
  })
}

/** Whoever closes it before its end closes the connection. */
function streamFrom(controller: Dispatcher.DispatchController): Readable {
  return new Readable({
    read: () => controller.resume(),
    destroy(error, done) {
      if (!this.readableEnded) controller.abort(error ?? new Error('The stream was closed before its end.'))
      done(error)
    },
  })
}

function pairs(flat: readonly Buffer[]): HeaderList {
  const list: Array<HeaderList[number]> = []
  for (let at = 0; at < flat.length; at += 2)
    list.push([flat[at]!.toString('latin1').toLowerCase(), flat[at + 1]!.toString('latin1')])
  return list
}
