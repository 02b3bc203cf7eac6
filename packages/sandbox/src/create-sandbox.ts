import { CallFailure, type FailureKind, LIMITS } from '@sluice/contract'
import { type ChildPool, createChildPool } from './child-pool.ts'
import { FilterFailure } from './filter-failure.ts'
import { FilterSyntaxError } from './filter-syntax-error.ts'
import { parseFilter } from './parse-filter.ts'
import type { TaskFailure, TaskResult } from './protocol.ts'
import { type OutputBudget, runFilter } from './run-filter.ts'
import { runsInProcess } from './runs-in-process.ts'

export interface FilterLimits {
  /** Milliseconds of `Date.now()` at which nobody waits for the answer any more. */
  readonly deadline: number
  /** Bytes of the selected JSON text. */
  readonly maxBytes: number
  /** Values that may be selected; `LIMITS.filterNodes` if absent. */
  readonly maxNodes?: number
  /** The curator's response filter, not an agent's projection: it may run in process where it is plain and the body small. */
  readonly trusted?: boolean
}

export interface SandboxOptions {
  /** Child processes at most; each is started when it is first needed. */
  readonly children?: number
  /** Milliseconds that one filter may run. */
  readonly wallMs?: number
  /** Megabytes that a child may hold. */
  readonly memoryMb?: number
}

export const SANDBOX_DEFAULTS = { children: 1, wallMs: 1_500, memoryMb: 400 } as const

/** The one place where foreign code runs. */
export interface Sandbox {
  /**
   * Applies a JMESPath expression to JSON text and answers JSON text. Numbers keep all their digits.
   *
   * @throws CallFailure `interceptor` naming the filter, `timeout` past the deadline, `cancelled` once closed.
   */
  filter(expression: string, body: string, limits: FilterLimits): Promise<string>
  /** @throws FilterSyntaxError for what is not JMESPath, with the position of the fault. */
  checkFilter(expression: string): void
  /** Ends the children; filters under way are `cancelled`. */
  close(): Promise<void>
}

export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const pool = createChildPool({ ...SANDBOX_DEFAULTS, ...options })
  return {
    async filter(expression, body, limits) {
      const result = await apply(expression, body, limits, pool)
      if ('outputText' in result) return result.outputText
      throw describe(result.failure, expression, limits)
    },
    checkFilter(expression) {
      parseFilter(expression)
    },
    close: () => pool.close(),
  }
}

async function apply(expression: string, body: string, limits: FilterLimits, pool: ChildPool): Promise<TaskResult> {
  const budget: OutputBudget = { maxBytes: limits.maxBytes, maxNodes: limits.maxNodes ?? LIMITS.filterNodes }
  try {
    const filter = parseFilter(expression)
    if (limits.trusted && runsInProcess(filter, body)) {
      return { outputText: runFilter(expression, body, budget) }
    }
  } catch (error) {
    if (error instanceof FilterFailure) return { failure: { name: error.name, message: error.message } }
    if (!(error instanceof FilterSyntaxError)) throw error
    return { failure: { name: error.name, message: `is not JMESPath: ${error.message}` } }
  }
  return await pool.run({ kind: 'filter', source: expression, inputText: body, limits: budget }, limits.deadline)
}

const KINDS: Readonly<Record<string, FailureKind | undefined>> = { Deadline: 'timeout', Closed: 'cancelled' }

function describe({ name, message }: TaskFailure, expression: string, { trusted }: FilterLimits): CallFailure {
  const shown = expression.length > 100 ? `${expression.slice(0, 100)}…` : expression
  return new CallFailure(
    KINDS[name] ?? 'interceptor',
    `The ${trusted ? 'response filter' : 'projection'} \`${shown}\` ${message}.`,
  )
}
