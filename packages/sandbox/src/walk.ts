import type { JsonSchema } from '@sluice/contract'

/** What following one filter through one document has found, and may still spend. */
export interface Walk {
  readonly root: JsonSchema
  readonly undeclared: Map<string, readonly string[]>
  /** @throws WalkTooLong once all steps are spent. */
  spend(steps?: number): void
}

/** A filter or a document of few characters can stand for a graph that nobody could walk through. */
export class WalkTooLong extends Error {
  override readonly name = 'WalkTooLong'
}

/** Tens of milliseconds of the main thread. */
const MOST_STEPS = 20_000

export function createWalk(root: JsonSchema): Walk {
  let left = MOST_STEPS
  return {
    root,
    undeclared: new Map(),
    spend(steps = 1) {
      left -= steps
      if (left < 0) throw new WalkTooLong()
    },
  }
}

/** Whether the JSON of a value is of so many characters at most; it is not written to find out, and shared parts count each time. */
export function fitsIn(value: unknown, most: number): boolean {
  let left = most
  const count = (part: unknown): boolean => {
    if (typeof part !== 'object' || part === null) {
      left -= typeof part === 'string' ? part.length + 3 : 6
      return left >= 0
    }
    left -= 2
    if (Array.isArray(part)) return left >= 0 && part.every(count)
    return left >= 0 && Object.entries(part).every(([key, member]) => count(key) && count(member))
  }
  return count(value)
}
