import { evaluate } from './evaluate-filter.ts'
import { exactLength, parseExact } from './exact-number.ts'
import { FilterFailure } from './filter-failure.ts'
import { parseFilter } from './parse-filter.ts'

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
    const selected = evaluate(parseFilter(expression), value)
    measure(selected, budget)
    const text = JSON.stringify(selected)
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
 * that doubles with every step.
 */
function measure(selected: unknown, budget: OutputBudget): void {
  let nodes = 0
  // A lower bound: escapes and letters beyond ASCII take more bytes than they have characters.
  let bytes = 0

  function count(value: unknown): void {
    if (++nodes > budget.maxNodes) throw new FilterFailure(`selects more than ${budget.maxNodes} values`)
    if (typeof value === 'string') bytes += value.length + 2
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
}

function tooManyBytes(budget: OutputBudget): FilterFailure {
  return new FilterFailure(`selects more than ${budget.maxBytes} bytes`)
}
