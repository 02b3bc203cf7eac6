import { CallFailure, type CancelSignal, LIMITS } from '@sluice/contract'
import { type ChildPool, createChildPool } from './child-pool.ts'
import { compileInterceptor, type InterceptPoint, type StripTypes } from './compile-interceptor.ts'
import { failureKind } from './failure-kind.ts'
import { FilterFailure } from './filter-failure.ts'
import { FilterSyntaxError } from './filter-syntax-error.ts'
import { createInterceptors, type Interceptors } from './intercept.ts'
import { parseFilter } from './parse-filter.ts'
import type { TaskFailure, TaskResult } from './protocol.ts'
import { CODE_DEFAULTS, createCodeRunner, type RunCode } from './run-code.ts'
import { type OutputBudget, runFilter } from './run-filter.ts'
import { runsInProcess } from './runs-in-process.ts'
import { createTypeStripper } from './type-stripper.ts'

export interface FilterLimits {
  /** Milliseconds of `Date.now()` at which nobody waits for the answer any more. */
  readonly deadline: number
  /** Bytes of the selected JSON text. */
  readonly maxBytes: number
  /** Values that may be selected; `LIMITS.filterNodes` if absent. */
  readonly maxNodes?: number
  /** The curator's response filter, not an agent's projection: it may run in process where it is plain and the body small. */
  readonly trusted?: boolean
  /** Whose it is: they take turns. Of one owner projections run one after the other. */
  readonly owner?: string | undefined
  /** A filter that is aborted before it runs does not run. */
  readonly signal?: CancelSignal | undefined
}

export interface SandboxOptions {
  /** Child processes for what curators wrote at most, and as many for projections; each is started when it is first needed. */
  readonly children?: number
  /** Milliseconds that a filter, or an interceptor that nothing else stops, may run. */
  readonly wallMs?: number
  /** Megabytes that a child may hold. */
  readonly memoryMb?: number
  /** Milliseconds that an interceptor may run. */
  readonly cpuMs?: number
  /** Megabytes that an interceptor may hold. */
  readonly isolateMb?: number
  /** Told the name of an interceptor that is not run any more. */
  readonly onDisabled?: (name: string) => void
}

export const SANDBOX_DEFAULTS = { children: 1, wallMs: 1_500, memoryMb: 400, cpuMs: 500, isolateMb: 64 } as const

/** The one place where foreign code runs. */
export interface Sandbox {
  /**
   * Applies a JMESPath expression to JSON text and answers JSON text. Numbers keep all their digits.
   *
   * @throws CallFailure `interceptor` naming the filter, `timeout` past the deadline, `cancelled` once closed or aborted.
   */
  filter(expression: string, body: string, limits: FilterLimits): Promise<string>
  /** @throws FilterSyntaxError for what is not JMESPath, with the position of the fault. */
  checkFilter(expression: string): void
  /**
   * Gives an interceptor JSON text of `{request | response, arguments, tool}` and answers JSON text of the request or
   * response that it made of it. Numbers keep all their digits: in the script, an integer that a double cannot hold is a
   * BigInt. Nothing of the outside is in its reach, and nothing of one call in reach of the next.
   *
   * @throws InterceptorFailure, a CallFailure: `interceptor` naming it, the error and its place; `timeout` past the
   * deadline; `cancelled` once closed.
   */
  readonly intercept: Interceptors['intercept']
  readonly isDisabled: Interceptors['isDisabled']
  /**
   * Compiles an interceptor and runs nothing of it. Without a point, it is enough if it fits one.
   *
   * @throws InterceptorSyntaxError with the place of the fault.
   */
  checkInterceptor(source: string, point?: InterceptPoint): void
  /** Runs an agent's code, which makes calls, in a process of its own. It never rejects because of the code. */
  readonly runCode: RunCode
  /** Ends the children; what is under way is `cancelled`. */
  close(): Promise<void>
}

export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const { cpuMs, isolateMb, onDisabled = () => {}, ...poolOptions } = { ...SANDBOX_DEFAULTS, ...options }
  const pool = createChildPool(poolOptions)
  // What any agent may ask for must not keep waiting what curators have set for all.
  const projections = createChildPool(poolOptions)
  const stripper = createTypeStripper()
  const code = createCodeRunner(CODE_DEFAULTS)
  return {
    async filter(expression, body, limits) {
      const result = await apply(expression, body, limits, limits.trusted ? pool : projections)
      if ('outputText' in result) return result.outputText
      throw describe(result.failure, expression, limits)
    },
    checkFilter(expression) {
      parseFilter(expression)
    },
    ...createInterceptors(pool, { cpuMs, isolateMb }, onDisabled),
    checkInterceptor: (source, point) => check(source, point, stripper.stripTypes),
    runCode: code.run,
    close: async () => {
      code.close()
      await Promise.all([pool.close(), projections.close(), stripper.close()])
    },
  }
}

function check(source: string, point: InterceptPoint | undefined, stripTypes: StripTypes): void {
  try {
    compileInterceptor(source, point ?? 'response', stripTypes)
  } catch (error) {
    if (point) throw error
    try {
      // It may have a variable named as the parameter of the other point.
      compileInterceptor(source, 'request', stripTypes)
    } catch {
      throw error
    }
  }
}

/** Those whose owner is not told share a turn. */
const NOBODY = 'nobody'

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
  const { deadline, signal, trusted, owner = NOBODY } = limits
  const terms = { deadline, signal, owner, isSingle: !trusted }
  return await pool.run({ kind: 'filter', source: expression, inputText: body, limits: budget }, terms)
}

function describe({ name, message }: TaskFailure, expression: string, { trusted }: FilterLimits): CallFailure {
  const shown = expression.length > 100 ? `${expression.slice(0, 100)}…` : expression
  return new CallFailure(
    failureKind(name),
    `The ${trusted ? 'response filter' : 'projection'} \`${shown}\` ${message}.`,
  )
}
