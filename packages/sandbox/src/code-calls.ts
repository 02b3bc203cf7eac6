import type { HostCall, HostReply } from './code-protocol.ts'

/** What came of a call that the code made: `text` is JSON of `{data, status, headers}`, or of what the error says. */
export type CodeReply = Omit<HostReply, 'callId'>

export interface CodeCallLimits {
  readonly maxCalls: number
  readonly callsAtOnce: number
  readonly maxArgsChars: number
  readonly maxArgsCharsTogether: number
}

/**
 * The calls of one run: so many in all, and so many at once. One whose answer the code has not taken in counts among those: answers
 * would pile up here while it is busy.
 */
export function callsOf(
  call: (name: string, argsText: string) => Promise<CodeReply>,
  { maxCalls, callsAtOnce, maxArgsChars, maxArgsCharsTogether }: CodeCallLimits,
  write: (reply: HostReply) => Promise<void>,
) {
  const queue: HostCall[] = []
  const running = new Set<Promise<CodeReply>>()
  let writing = Promise.resolve()
  let [made, argsChars, places, over] = [0, 0, callsAtOnce, false]

  async function run({ callId, name, argsText }: HostCall): Promise<void> {
    places--
    const answered = call(name, argsText).catch(() => BROKEN)
    running.add(answered)
    const answer = await answered
    running.delete(answered)
    // One after the other: each is copied for the way.
    const before = writing
    writing = before.then(() => (over ? undefined : write({ callId, ...answer })))
    await writing
    places++
    next()
  }

  function next(): void {
    while (places > 0 && queue.length > 0 && !over) void run(queue.shift()!)
  }

  return {
    make(asked: HostCall): void {
      argsChars += asked.argsText.length
      // The child counts as well; it is not believed.
      if (++made > maxCalls || asked.argsText.length > maxArgsChars || argsChars > maxArgsCharsTogether) return
      queue.push(asked)
      next()
    },
    isWaiting: () => running.size > 0 || queue.length > 0,
    made: () => Math.min(made, maxCalls),
    /** Begins no more of them, and waits for those that were begun. */
    async settled(): Promise<void> {
      over = true
      await Promise.all(running)
    },
  }
}

const BROKEN: CodeReply = { ok: false, text: '{"message":"Something broke inside Sluice."}' }
