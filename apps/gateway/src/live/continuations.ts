import { setTimeout as pause } from 'node:timers/promises'
import type { Continuations, KeptAnswer, Reader } from '@sluice/calls'
import { LIMITS } from '@sluice/contract'
import {
  findContinuation,
  forgetOldest,
  type HandledText,
  MOST_OF_A_CALLER,
  newHandle,
  type Sealer,
  type Store,
  writeContinuation,
} from '@sluice/store'
import { isAway } from './is-away.ts'

/** Answers that were shown in part, on their way to where any gateway reads on. */
export interface WrittenContinuations extends Continuations {
  /** Writes what waits. */
  readonly flush: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Where they are written. */
export interface ContinuationPlace {
  readonly write: (reader: Reader, text: HandledText) => Promise<void>
  /** Makes room for the newest of a reader. */
  readonly makeRoom: (reader: Reader) => Promise<void>
  readonly find: (reader: Reader, handle: string) => Promise<string | undefined>
}

export function continuationsIn(store: Store, sealer: Sealer): WrittenContinuations {
  return createContinuations({
    write: (reader, text) => writeContinuation(store, reader, text, sealer),
    makeRoom: (reader) => forgetOldest(store, reader),
    find: (reader, handle) => findContinuation(store, reader, handle, sealer),
  })
}

/** Long enough that an agent in a hurry has most of its answers never written, short beside the time that it takes to read one. */
const WRITE_AFTER_MS = 200
const TRY_AGAIN_MS = 1_000
/** Another gateway may be about to write what is not found. */
const LOOK_AGAIN_MS = 2 * WRITE_AFTER_MS
/** Of texts that wait: the oldest go. */
const MOST_WAITING_CHARS = 32 * 1024 * 1024
const MOST_CLOSING_MS = 2_000

interface Waiting {
  readonly handle: string
  readonly reader: Reader
  readonly answer: KeptAnswer
  readonly until: number
}

/**
 * An answer is read on seldom, and by who has just seen it: it waits a moment to be written, and is never if its reader has seen ten
 * others by then. While the database is away it waits here.
 */
export function createContinuations(place: ContinuationPlace, writeAfterMs = WRITE_AFTER_MS): WrittenContinuations {
  // The newest last. A list: see `createRoster`.
  let waiting: readonly Waiting[] = []
  let [timer, writing]: [NodeJS.Timeout?, Promise<void>?] = []

  function keep(reader: Reader, answer: KeptAnswer): string {
    const handle = newHandle()
    waiting = [...waiting, { handle, reader, answer, until: Date.now() + LIMITS.keptAnswerMs }]
    const own = waiting.filter((one) => isSame(one.reader, reader))
    const overtaken = own.slice(0, -MOST_OF_A_CALLER)
    waiting = newestOf(waiting.filter((one) => !overtaken.includes(one)))
    writeIn(writeAfterMs)
    return handle
  }

  function writeIn(ms: number): void {
    timer ??= setTimeout(() => void flush(), ms).unref()
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing = (writing ?? Promise.resolve()).then(writeWaiting)
    return writing
  }

  async function writeWaiting(): Promise<void> {
    const readers = new Map<string, Reader>()
    try {
      for (const one of waiting) {
        // Overtaken meanwhile.
        if (!waiting.includes(one)) continue
        await writeOne(one)
        readers.set(`${one.reader.workspaceId} ${one.reader.callerId}`, one.reader)
      }
      for (const reader of readers.values()) await place.makeRoom(reader)
    } catch {
      waiting = waiting.filter(({ until }) => until >= Date.now())
      if (waiting.length > 0) writeIn(TRY_AGAIN_MS)
    }
  }

  /** @throws whatever tells that the database is away */
  async function writeOne(one: Waiting): Promise<void> {
    const { handle, reader, answer, until } = one
    try {
      await place.write(reader, { handle, text: JSON.stringify(answer), ms: until - Date.now() })
    } catch (error) {
      // What the database refuses, of a workspace that is gone, it would refuse for ever.
      if (isAway(error)) throw error
    }
    waiting = waiting.filter((other) => other !== one)
  }

  async function find(reader: Reader, handle: string): Promise<KeptAnswer | undefined> {
    const here = waiting.find((one) => one.handle === handle)
    if (here) return isSame(here.reader, reader) && here.until > Date.now() ? here.answer : undefined
    const written = async () => {
      const text = await place.find(reader, handle)
      return text === undefined ? undefined : (JSON.parse(text) as KeptAnswer)
    }
    const found = await written()
    if (found) return found
    await pause(LOOK_AGAIN_MS)
    return written()
  }

  return {
    keep,
    find,
    flush,
    // A database that hangs is not waited for.
    close: () => Promise.race([flush(), pause(MOST_CLOSING_MS, undefined, { ref: false })]),
  }
}

/** As many as there is room for. */
function newestOf(waiting: readonly Waiting[]): readonly Waiting[] {
  let chars = 0
  const oldest = waiting.findLastIndex(({ answer }) => {
    chars += answer.text.length
    return chars > MOST_WAITING_CHARS
  })
  return waiting.slice(oldest + 1)
}

function isSame(one: Reader, other: Reader): boolean {
  return one.callerId === other.callerId && one.workspaceId === other.workspaceId
}
