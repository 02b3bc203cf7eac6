import { hash } from 'node:crypto'

/** Tells an agent that goes round in circles from one that works (S73). */
export interface LoopDetector {
  /** Counts a call, and says how many of the very same there were in the last minute where that is too many. */
  count(caller: string, tool: string, args: unknown): number | undefined
}

const WINDOW_MS = 60_000
/** Calls that are remembered at least: those that were made longest ago are forgotten first, as many at a time. */
const LEAST_KEPT = 5_000
/** Longer arguments are known by their hash. No hash has a brace, with which all others begin. */
const MOST_CHARS = 200

interface Counted {
  readonly since: number
  calls: number
}

/** `most` alike in a minute; 0: any number. */
export function createLoopDetector(most: number, now: () => number = Date.now): LoopDetector {
  // Two maps, the older of which is dropped whole: taking the oldest out of one with each call costs more than the rest of it.
  let [newer, older] = [new Map<string, Counted>(), new Map<string, Counted>()]

  function remember(key: string, counted: Counted): void {
    if (newer.size >= LEAST_KEPT) [newer, older] = [new Map(), newer]
    newer.set(key, counted)
  }

  return {
    count: (caller, tool, args) => {
      if (most === 0) return undefined
      const text = JSON.stringify(args) ?? ''
      const key = `${caller} ${tool} ${text.length > MOST_CHARS ? hash('sha256', text) : text}`
      const known = newer.get(key)
      let counted = known ?? older.get(key)
      if (!counted || now() - counted.since >= WINDOW_MS) counted = { since: now(), calls: 0 }
      if (counted !== known) remember(key, counted)
      counted.calls++
      return counted.calls > most ? counted.calls : undefined
    },
  }
}
