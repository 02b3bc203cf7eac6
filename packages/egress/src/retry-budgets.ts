/** How many repeats an origin is worth, so that one in trouble is not given more of it (S73). */
export interface RetryBudgets {
  of(origin: string): RetryBudget
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

/** Past this many, the one unused for longest is forgotten. */
const MOST_ORIGINS = 512

export function createRetryBudgets(): RetryBudgets {
  const budgets = new Map<string, RetryBudget>()
  return {
    of: (origin) => {
      const budget = budgets.get(origin) ?? createBudget()
      budgets.delete(origin)
      budgets.set(origin, budget)
      if (budgets.size > MOST_ORIGINS) budgets.delete(budgets.keys().next().value!)
      return budget
    },
  }
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
