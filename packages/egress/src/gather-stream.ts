import { type HeaderList, headerValue, type SendLimits } from '@sluice/contract'

export interface StreamLimits {
  readonly maxBytes: number
  /** Milliseconds for which a stream is listened to. */
  readonly streamMs: number
  readonly onRecords?: SendLimits['onRecords']
}

/** Whether an answer may go on for as long as the connection stands (B137). */
export function isStream(headers: HeaderList): boolean {
  const type = headerValue(headers, 'content-type') ?? ''
  return /^(text\/event-stream|application\/(x-ndjson|ndjson|jsonl|x-jsonlines|json-seq|stream\+json))\b/i.test(type)
}

/** Whether an empty line ends a record (HTML, 9.2.6), or each line is one. */
export function isOfEvents(headers: HeaderList): boolean {
  return /^text\/event-stream\b/i.test(headerValue(headers, 'content-type') ?? '')
}

/** What a stream brings until it ends, or until there is enough of it; then it is closed, which is told. */
export async function gatherStream(
  body: AsyncIterable<Buffer> & { destroy(): unknown },
  { maxBytes, streamMs, onRecords }: StreamLimits,
  ofEvents: boolean,
): Promise<{ readonly body: Buffer; readonly isPart?: boolean }> {
  const chunks: Buffer[] = []
  const tell = onRecords && recordCounter(ofEvents, onRecords)
  let left = maxBytes
  let isPart = false
  const enough = () => {
    isPart = true
    body.destroy()
  }
  const timer = setTimeout(enough, streamMs)
  try {
    for await (const chunk of body) {
      chunks.push(chunk.subarray(0, left))
      left -= chunk.length
      tell?.(chunk)
      if (left < 0) {
        isPart = true
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

/** Counts lines that are not empty, or the events that such lines make; byte by byte, so that no line is too long. */
function recordCounter(ofEvents: boolean, onRecords: (received: number) => void): (chunk: Buffer) => void {
  let received = 0
  let [lineIsEmpty, recordIsEmpty] = [true, true]
  return (chunk) => {
    const before = received
    for (const byte of chunk) {
      if (byte !== LINE_FEED) {
        if (byte !== CARRIAGE_RETURN) lineIsEmpty = false
        continue
      }
      if (!lineIsEmpty) recordIsEmpty = false
      if (!recordIsEmpty && lineIsEmpty === ofEvents) {
        received++
        recordIsEmpty = true
      }
      lineIsEmpty = true
    }
    if (received > before) onRecords(received)
  }
}

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
