import type { RetryBudget } from './retry-budgets.ts'

/** A request is sent so often at most, for whatever reason. */
const MOST_TRIES = 3

/** What is left of the repeats of one request; each is one of its origin's as well (S73). */
export interface Repeats {
  /** Whether it may be sent once more; that is taken. */
  take(): boolean
}

/** Those of a request that is about to be sent. */
export function repeatsOf(budget: RetryBudget): Repeats {
  let left = MOST_TRIES - 1
  budget.earn()
  return {
    take: () => {
      if (left === 0 || !budget.spend()) return false
      left--
      return true
    },
  }
}
