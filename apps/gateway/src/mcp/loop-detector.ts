import { hash } from 'node:crypto'
import { createBoundedMap } from '@sluice/calls'

/** Tells an agent that goes round in circles from one that works (S73). */
export interface LoopDetector {
  /** Counts a call, and says how many of the very same there were in the last minute where that is too many. */
  count(caller: string, tool: string, args: unknown): number | undefined
}

const WINDOW_MS = 60_000
/** Calls that are remembered; the one that was made longest ago is forgotten first. */
const MOST_KEPT = 5_000
/** Longer arguments are known by their hash. No hash has a brace, with which all others begin. */
const MOST_CHARS = 200

/** `most` alike in a minute; 0: any number. */
export function createLoopDetector(most: number, now: () => number = Date.now): LoopDetector {
  const seen = createBoundedMap<{ since: number; calls: number }>({ mostEntries: MOST_KEPT })
  return {
    count: (caller, tool, args) => {
      if (most === 0) return undefined
      const text = JSON.stringify(args) ?? ''
      const key = `${caller} ${tool} ${text.length > MOST_CHARS ? hash('sha256', text) : text}`
      const known = seen.get(key)
      const entry = known && now() - known.since < WINDOW_MS ? known : { since: now(), calls: 0 }
      entry.calls++
      if (entry !== known) seen.set(key, entry)
      return entry.calls > most ? entry.calls : undefined
    },
  }
}
