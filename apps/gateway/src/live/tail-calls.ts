import { setTimeout as sleep } from 'node:timers/promises'
import { Problem, type RecordedCall } from '@sluice/contract'
import type { WrittenCall, WrittenPlace } from '@sluice/store'

/** Live streams of what is recorded, by this gateway and the others. */
export interface CallTails {
  /** @throws Problem `too-many-streams` */
  readonly open: (tail: Tail) => AsyncIterable<RecordedCall | undefined>
  /** Ends all. */
  readonly close: () => void
}

export interface Tail {
  /** Whose it is: the id of an admin key. */
  readonly owner: string
  /** Asked again and again: it ends when its key holds no more. */
  readonly stillHolds: () => Promise<boolean>
  /** What was written after a time of the database; without one, that time alone. */
  readonly read: (after: Date | undefined) => Promise<{ readonly now: Date; readonly calls: readonly WrittenCall[] }>
  /** Goes on where another stream ended. */
  readonly resume?: Resume | undefined
  /** It ends by itself after so many milliseconds. */
  readonly ms?: number | undefined
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
}

interface Resume {
  /** What was told last. */
  readonly last: WrittenPlace
  /** What was written behind a place, page by page; an empty one is the end. */
  readonly readBehind: (place: WrittenPlace) => Promise<readonly WrittenCall[]>
}

const POLL_MS = 500
const MOST_OF_A_KEY = 5
/** What one transaction wrote may be seen later than what a younger one did. */
const OVERLAP_MS = 3_000

export function createCallTails(): CallTails {
  const open = new Map<string, number>()
  const closing = new AbortController()
  return {
    open: (tail) => {
      const { owner } = tail
      const count = open.get(owner) ?? 0
      if (count >= MOST_OF_A_KEY) {
        const detail = `An admin key has at most ${MOST_OF_A_KEY} streams open at a gateway. Close one, then open another.`
        throw new Problem('too-many-streams', { detail })
      }
      open.set(owner, count + 1)
      const signal = AbortSignal.any([tail.signal, closing.signal])
      let isOpen = true
      const leave = () => {
        if (!isOpen) return
        isOpen = false
        const left = open.get(owner)! - 1
        if (left > 0) open.set(owner, left)
        else open.delete(owner)
      }
      // A client may be gone before anybody reads the first of it.
      if (signal.aborted) leave()
      signal.addEventListener('abort', leave, { once: true })
      return ending(follow({ ...tail, signal }), leave)
    },
    close: () => closing.abort(),
  }
}

async function* ending<T>(values: AsyncIterable<T>, ended: () => void): AsyncGenerator<T> {
  try {
    yield* values
  } finally {
    ended()
  }
}

/** What was written since, from a little before: what one transaction wrote may not have been seen when a younger was told. */
async function* catchUp({ last, readBehind }: Resume, seen: Map<string, Date>): AsyncGenerator<RecordedCall> {
  seen.set(last.id, last.writtenAt)
  let place: WrittenPlace = { writtenAt: new Date(last.writtenAt.getTime() - OVERLAP_MS), id: '' }
  for (;;) {
    const page = await readBehind(place)
    for (const { call, writtenAt } of page) {
      place = { writtenAt, id: call.id }
      if (seen.has(call.id)) continue
      seen.set(call.id, writtenAt)
      yield call
    }
    if (page.length === 0) return
  }
}

/** The calls that are written from now on, each once; nothing in between says that it goes on. */
async function* follow({ read, resume, stillHolds, signal, ms }: Tail): AsyncGenerator<RecordedCall | undefined> {
  const until = ms === undefined ? Number.POSITIVE_INFINITY : performance.now() + ms
  const { now: begun } = await read(undefined)
  let after = begun
  const seen = new Map<string, Date>()
  yield undefined
  if (resume) yield* catchUp(resume, seen)
  const first = resume ? begun.getTime() - OVERLAP_MS : begun.getTime()
  while (!signal.aborted && performance.now() < until) {
    await sleep(POLL_MS, undefined, { signal }).catch(() => {})
    try {
      if (signal.aborted || !(await stillHolds())) return
      const { now, calls } = await read(new Date(after.getTime() - OVERLAP_MS))
      for (const { call, writtenAt } of calls) {
        if (seen.has(call.id) || writtenAt.getTime() < first) continue
        seen.set(call.id, writtenAt)
        yield call
      }
      after = now
      for (const [id, at] of seen) if (at.getTime() < now.getTime() - OVERLAP_MS) seen.delete(id)
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'database-unavailable') throw error
    }
    yield undefined
  }
}
