import { setImmediate } from 'node:timers/promises'

/** Calls that come meanwhile wait that long, and for what is done between two looks at the clock. */
const HELD_MS = 8

/**
 * For work on thousands of things, which would hold up all calls until it is done: awaited after each of them, what this returns lets
 * the event loop turn where the work has held it for a while.
 */
export function takingTurns(now = () => performance.now()): () => Promise<void> {
  let since = now()
  return async () => {
    if (now() - since < HELD_MS) return
    await wholeTurn()
    since = now()
  }
}

/** Lets the event loop turn as a whole. One `setImmediate` that is asked for while something received is handled comes before anything new is received: hence two. */
export async function wholeTurn(): Promise<void> {
  await setImmediate()
  await setImmediate()
}
