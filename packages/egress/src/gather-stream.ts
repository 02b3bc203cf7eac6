import { type HeaderList, headerValue } from '@sluice/contract'

export interface StreamLimits {
  readonly maxBytes: number
  /** Milliseconds for which a stream is listened to. */
  readonly streamMs: number
}

/** Whether an answer may go on for as long as the connection stands (B137). */
export function isStream(headers: HeaderList): boolean {
  const type = headerValue(headers, 'content-type') ?? ''
  return /^(text\/event-stream|application\/(x-ndjson|ndjson|jsonl|x-jsonlines|json-seq|stream\+json))\b/i.test(type)
}

/** What a stream brings until it ends, or until there is enough of it; then it is closed, which is told. */
export async function gatherStream(
  body: AsyncIterable<Buffer> & { destroy(): unknown },
  { maxBytes, streamMs }: StreamLimits,
): Promise<{ readonly body: Buffer; readonly isPart?: boolean }> {
  const chunks: Buffer[] = []
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
