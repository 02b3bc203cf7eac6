import { byOrigin } from './by-origin.ts'

/** How many repeats an origin is worth, so that one in trouble is not given more of it (S73). */
export interface RetryBudgets {
  of(origin: string, workspaceId: string | undefined): RetryBudget
}

export interface RetryBudget {
  /** For each request that is sent at first. */
  earn(): void
  /** Whether one more repeat is left; it is taken. */
  spend(): boolean
}

/** A tenth of a repeat for each request. */
const SHARE = 0.1
/** What an origin begins with, and the most that it saves up. */
const RESERVE = 5
const MOST = 50

export function createRetryBudgets(): RetryBudgets {
  return { of: byOrigin(createBudget) }
}

function createBudget(): RetryBudget {
  let left = RESERVE
  return {
    earn: () => {
      left = Math.min(MOST, left + SHARE)
    },
    spend: () => {
      if (left < 1) return false
      left -= 1
      return true
    },
  }
}
