/** A check that was given up: what it looks at grows with each level of the value (S27). */
export class CheckTooCostly extends Error {}

let left = Number.POSITIVE_INFINITY

/** Runs a check that may look at so many things. What `spend` counts in it is its own. */
export function withBudget<T>(units: number, check: () => T): T {
  const before = left
  left = units
  try {
    return check()
  } finally {
    left = before
  }
}

/** @throws CheckTooCostly where nothing is left */
export function spend(units: number): void {
  left -= units
  if (left < 0) throw new CheckTooCostly('The check is too costly')
}
