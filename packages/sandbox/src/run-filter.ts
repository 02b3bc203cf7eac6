import jmespath from 'jmespath'
import { exactLength, parseExact } from './exact-number.ts'
import { FilterFailure } from './filter-failure.ts'

/** What a filter may select. */
export interface OutputBudget {
  /** Values, counted as often as they are written. */
  readonly maxNodes: number
  /** Bytes of the JSON text. */
  readonly maxBytes: number
}

/**
 * Applies a JMESPath expression to JSON text and answers JSON text.
 *
 * @throws FilterFailure when the expression does not fit the body or selects more than the budget.
 */
export function runFilter(expression: string, body: string, budget: OutputBudget): string {
  const value = parseBody(body)
  try {
    const selected: unknown = jmespath.search(value, expression)
    const { pure } = measure(selected, budget)
    const text = pure ? JSON.stringify(selected) : JSON.stringify(selected, nullForForeign)
    if (Buffer.byteLength(text) > budget.maxBytes) throw tooManyBytes(budget)
    return text
  } catch (error) {
    if (error instanceof FilterFailure) throw error
    throw new FilterFailure(`failed: ${(error as Error).message.replace(/\.$/, '')}`, { cause: error })
  }
}

function parseBody(body: string): unknown {
  try {
    return parseExact(body)
  } catch (cause) {
    // The parser's own message quotes the body, which nobody may see unfiltered.
    throw new FilterFailure('is for JSON, and the answer is not JSON', { cause })
  }
}

/**
 * Counts what would be written, before it is: `[@,@]|[@,@]|…` makes few values that refer to each other and an output
 * that doubles with every step. `pure` says that there is nothing but JSON in it.
 */
function measure(selected: unknown, budget: OutputBudget): { pure: boolean } {
  let nodes = 0
  // A lower bound: escapes and letters beyond ASCII take more bytes than they have characters.
  let bytes = 0
  let pure = true

  function count(value: unknown): void {
    if (++nodes > budget.maxNodes) throw new FilterFailure(`selects more than ${budget.maxNodes} values`)
    if (isForeign(value)) pure = false
    else if (typeof value === 'string') bytes += value.length + 2
    else if (typeof value !== 'object' || value === null) bytes++
    else if (Array.isArray(value)) {
      bytes += value.length + 1
      for (const item of value) count(item)
    } else bytes += exactLength(value) ?? countEntries(value)
    if (bytes > budget.maxBytes) throw tooManyBytes(budget)
  }

  function countEntries(value: object): number {
    for (const [key, item] of Object.entries(value)) {
      bytes += key.length + 4
      count(item)
    }
    return 1
  }

  count(selected)
  return { pure }
}

/**
 * jmespath reads fields without asking whether they are the object's own: `constructor`, `toString` and `__proto__` give
 * what every object inherits. Those are missing fields, so they are null.
 */
function isForeign(value: unknown): boolean {
  return value === undefined || typeof value === 'function' || value === Object.prototype
}

function nullForForeign(_key: string, value: unknown): unknown {
  return isForeign(value) ? null : value
}

function tooManyBytes(budget: OutputBudget): FilterFailure {
  return new FilterFailure(`selects more than ${budget.maxBytes} bytes`)
}
