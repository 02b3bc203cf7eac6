import { setTimeout as pause } from 'node:timers/promises'
import type { FinishedCall, Observe } from '@sluice/contract'
import { type Drop, newId } from '@sluice/store'
import { isAway } from './is-away.ts'

/** Calls on their way to the record: kept in memory for a moment and written many at a time, so that no call waits for a database. */
export interface CallRecorder {
  readonly record: (call: FinishedCall) => void
  /** Writes what has ended before; what cannot be written goes on waiting. */
  readonly flush: () => Promise<void>
  readonly counts: () => RecorderCounts
  /** Writes what can be written. */
  readonly close: () => Promise<void>
}

export interface RecorderCounts {
  readonly recorded: number
  /** For want of room, since this process began. */
  readonly dropped: number
  readonly waiting: number
}

export type WriteCalls = (calls: readonly FinishedCall[], drops: readonly Drop[]) => Promise<void>

const WRITE_EVERY_MS = 500
/** To write more at a time would hold up the event loop. */
const MOST_AT_ONCE = 250
/** Some seconds of all the calls that a process can make. */
const MOST_WAITING = 20_000
/** Of what was sent and answered in calls that wait: what is over is recorded without. */
const MOST_WAITING_CHARS = 32 * 1024 * 1024
const MOST_CLOSING_MS = 5_000
/** Of one statement. */
const MOST_CHARS_AT_ONCE = 1024 * 1024

export function createCallRecorder(
  write: WriteCalls,
  observe: Observe,
  { mostWaiting = MOST_WAITING, everyMs = WRITE_EVERY_MS } = {},
): CallRecorder {
  const waiting: FinishedCall[] = []
  const lost = new Map<string, number>()
  let drops: Drop[] = []
  let [recorded, dropped, waitingChars] = [0, 0, 0]
  let writing: Promise<void> | undefined
  let isFailing = false

  function drop(workspaceId: string, calls = 1): void {
    dropped += calls
    lost.set(workspaceId, (lost.get(workspaceId) ?? 0) + calls)
  }

  /** How many were taken off the queue; undefined: try again later. */
  async function writeSome(): Promise<number | undefined> {
    const batch = firstOf(waiting)
    // Those that were told once keep their ids, so that they are written once; what is lost meanwhile waits for them.
    if (drops.length === 0) {
      drops = [...lost].map(([workspaceId, calls]) => ({ id: newId('drop'), workspaceId, calls }))
      lost.clear()
    }
    try {
      await write(batch, drops)
      recorded += batch.length
      drops = []
      isFailing = false
    } catch (cause) {
      if (!isFailing) observe({ kind: 'calls.record-failed', waiting: waiting.length, dropped, cause })
      isFailing = true
      if (isAway(cause)) return undefined
      // What the database refuses, it would refuse for ever.
      for (const { workspaceId } of batch) drop(workspaceId)
    }
    waiting.splice(0, batch.length)
    for (const call of batch) waitingChars -= charsOf(call)
    return batch.length
  }

  async function writeAll(): Promise<void> {
    let left = waiting.length
    do {
      const taken = await writeSome()
      if (taken === undefined) return
      left -= taken
    } while (left > 0)
  }

  function flush(): Promise<void> {
    if (waiting.length === 0 && lost.size === 0 && drops.length === 0) return writing ?? Promise.resolve()
    // What ended since the one under way began needs another.
    const next = (writing ?? Promise.resolve()).then(writeAll).finally(() => {
      if (writing === next) writing = undefined
    })
    writing = next
    return next
  }

  const timer = setInterval(() => void (writing ?? flush()), everyMs).unref()
  return {
    record: (call) => {
      if (waiting.length >= mostWaiting) return drop(call.workspaceId)
      const chars = charsOf(call)
      const fits = waitingChars + chars <= MOST_WAITING_CHARS
      if (fits) waitingChars += chars
      if (waiting.push(fits ? call : withoutContent(call)) >= MOST_AT_ONCE && !writing && !isFailing) void flush()
    },
    flush,
    counts: () => ({ recorded, dropped, waiting: waiting.length }),
    close: async () => {
      clearInterval(timer)
      // A database that hangs is not waited for: whoever ends a process gives it some seconds.
      await Promise.race([flush(), pause(MOST_CLOSING_MS, undefined, { ref: false })])
    },
  }
}

function firstOf(calls: readonly FinishedCall[]): FinishedCall[] {
  let chars = 0
  const end = calls.findIndex((call, index) => {
    chars += charsOf(call)
    return index >= MOST_AT_ONCE || (index > 0 && chars > MOST_CHARS_AT_ONCE)
  })
  return calls.slice(0, end < 0 ? calls.length : end)
}

function charsOf({ content }: FinishedCall): number {
  return content ? (content.arguments?.length ?? 0) + (content.answer?.length ?? 0) : 0
}

function withoutContent({ content: _content, ...call }: FinishedCall): FinishedCall {
  return call
}
