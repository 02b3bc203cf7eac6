import type { IncomingMessage } from 'node:http'

/** Of a body that is refused, what is read and thrown away; whoever sends more finds the connection closed. */
const MOST_BYTES = 64 * 1024 * 1024
const MOST_MS = 5_000
/** Who writes nothing for so long waits for the answer. */
const MOST_IDLE_MS = 500

/**
 * Reads what a client is still sending and keeps none of it, within bounds. Many clients look for an answer only when all is
 * written: one that is closed upon before finds a broken connection, and no word of why (RFC 9112 9.6).
 */
export function readOff(
  request: IncomingMessage,
  { mostBytes = MOST_BYTES, mostMs = MOST_MS, mostIdleMs = MOST_IDLE_MS } = {},
): Promise<void> {
  if (request.complete || request.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    let bytes = 0
    const count = (chunk: Buffer) => {
      bytes += chunk.length
      idle.refresh()
      if (bytes > mostBytes) end()
    }
    const timer = setTimeout(end, mostMs)
    const idle = setTimeout(end, mostIdleMs)
    function end(): void {
      clearTimeout(timer)
      clearTimeout(idle)
      request.off('data', count)
      for (const event of ENDINGS) request.off(event, end)
      request.pause()
      resolve()
    }
    for (const event of ENDINGS) request.on(event, end)
    request.on('data', count)
    request.resume()
  })
}

const ENDINGS = ['end', 'close', 'error'] as const
