import { type HeaderList, headerValue, type SendLimits, type StreamKind, streamKind } from '@sluice/contract'

export interface StreamLimits {
  readonly maxBytes: number
  /** Milliseconds for which a stream is listened to. */
  readonly streamMs: number
  readonly onRecords?: SendLimits['onRecords']
}

/** What an answer is a stream of, if it is one. */
export function streamOf(headers: HeaderList): StreamKind | undefined {
  const type = headerValue(headers, 'content-type') ?? ''
  return streamKind(type.split(';', 1)[0]!.trim().toLowerCase())
}

/** What arrives, and how it is closed before its end. */
export interface Stream {
  readonly parts: AsyncIterable<Buffer>
  close(): unknown
}

/** What a stream brings until it ends, or until there is enough of it; then it is closed, which is told. */
export async function gatherStream(
  stream: Stream,
  { maxBytes, streamMs, onRecords }: StreamLimits,
  kind: StreamKind,
): Promise<{ readonly body: Buffer; readonly isPart?: boolean }> {
  const chunks: Buffer[] = []
  const tell = onRecords && recordCounter(kind, onRecords)
  let left = maxBytes
  let isPart = false
  const enough = () => {
    isPart = true
    stream.close()
  }
  const timer = setTimeout(enough, streamMs)
  try {
    for await (const chunk of stream.parts) {
      chunks.push(chunk.subarray(0, left))
      left -= chunk.length
      tell?.(chunk)
      if (left < 0) {
        enough()
        break
      }
    }
  } catch (error) {
    // That it was closed here is no failure of its.
    if (!isPart) throw error
  } finally {
    clearTimeout(timer)
  }
  return { body: Buffer.concat(chunks), ...(isPart ? { isPart } : {}) }
}

/** Counts the records that are whole; byte by byte, so that no line is too long. */
function recordCounter(kind: StreamKind, onRecords: (received: number) => void): (chunk: Buffer) => void {
  let received = 0
  let [lineIsEmpty, recordIsEmpty] = [true, true]
  const end = () => {
    if (!recordIsEmpty) received++
    recordIsEmpty = true
  }
  return (chunk) => {
    const before = received
    for (const byte of chunk) {
      if (byte === RECORD_SEPARATOR && kind === 'sequence') end()
      else if (byte === LINE_FEED) {
        if (kind === 'lines' || (kind === 'events' && lineIsEmpty)) end()
        lineIsEmpty = true
      } else if (byte !== CARRIAGE_RETURN) lineIsEmpty = recordIsEmpty = false
    }
    if (received > before) onRecords(received)
  }
}

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const RECORD_SEPARATOR = 0x1e
