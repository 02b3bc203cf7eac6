import { hash } from 'node:crypto'
import { createBoundedMap } from './bounded-map.ts'
import type { ChildPool } from './child-pool.ts'
import type { InterceptPoint } from './compile-interceptor.ts'
import { failureKind } from './failure-kind.ts'
import { InterceptorFailure } from './interceptor-failure.ts'
import type { InterceptBudget, TaskResult } from './protocol.ts'

export interface Interceptor {
  /** How a failure names it: `response interceptor of the tool "x"`. */
  readonly name: string
  readonly point: InterceptPoint
  /** JavaScript or TypeScript: the body of an async function of `request` or `response`, `args` and `tool`. */
  readonly source: string
}

export interface InterceptLimits {
  /** Milliseconds of `Date.now()` at which nobody waits for the answer any more. */
  readonly deadline: number
  /** Whose call it is: they take turns. */
  readonly owner?: string
  /** Bytes of the output's JSON text. */
  readonly maxBytes: number
}

export interface Intercepted {
  /** JSON text of the changed request or response. */
  readonly outputText: string
  readonly logs: readonly string[]
  readonly cpuMs: number
}

export type Intercept = (interceptor: Interceptor, input: string, limits: InterceptLimits) => Promise<Intercepted>

/** Bytes of an input. */
const MAX_INPUT_BYTES = 5 * 1024 * 1024
/** A script that cost its child process so often is not run any more: each time, others wait and are run again. */
const MAX_KILLS = 2
/** Scripts whose kills are remembered. */
const MAX_REMEMBERED = 1_000

export interface Interceptors {
  readonly intercept: Intercept
  /** Whether it is not run any more in this process, since it ended too many of others. */
  readonly isDisabled: (script: Script) => boolean
}

/** The same words of another owner are given other things to work on. */
type Script = Pick<Interceptor, 'point' | 'source'> & Pick<InterceptLimits, 'owner'>

/** Runs interceptors in the pool's children, until one has ended too many of them; `disabled` is told its name. */
export function createInterceptors(
  pool: ChildPool,
  budget: Omit<InterceptBudget, 'maxBytes'>,
  disabled: (name: string) => void,
): Interceptors {
  const kills = createBoundedMap<number>(MAX_REMEMBERED)
  const killsOf = (script: Script) => kills.get(keyOf(script)) ?? 0

  const intercept: Intercept = async ({ name, point, source }, input, { deadline, owner, maxBytes }) => {
    const script = { point, source, owner }
    const scriptHash = hashOf(script)
    if (killsOf(script) >= MAX_KILLS) throw new InterceptorFailure('interceptor', sentence(name, DISABLED))
    const bytes = Buffer.byteLength(input)
    if (bytes > MAX_INPUT_BYTES) throw new InterceptorFailure('interceptor', sentence(name, tooMuch(bytes)))
    const limits = { ...budget, maxBytes }
    const task = { kind: 'intercept', point, scriptHash, source, inputText: input, limits } as const
    const result = await pool.run(task, { deadline, owner })
    if ('failure' in result && KILLS.has(result.failure.name)) {
      const killed = killsOf(script) + 1
      kills.set(keyOf(script), killed)
      if (killed === MAX_KILLS) disabled(name)
    }
    return read(result, name)
  }

  return { intercept, isDisabled: (script) => killsOf(script) >= MAX_KILLS }
}

function hashOf({ point, source }: Script): string {
  return hash('sha256', `${point}\n${source}`)
}

function keyOf(script: Script): string {
  return JSON.stringify([script.owner, hashOf(script)])
}

/** Failures that cost a child. */
const KILLS: ReadonlySet<string> = new Set(['Overrun', 'Fatal'])

const DISABLED =
  'is disabled: it had to be stopped together with its process twice, because it ran too long or took too much memory. ' +
  'Change it to enable it again'

const tooMuch = (bytes: number) =>
  `was not applied: it is given at most ${MAX_INPUT_BYTES} bytes, and these are ${bytes}`

function read({ logs = [], cpuMs = 0, ...result }: TaskResult, name: string): Intercepted {
  if ('outputText' in result) return { outputText: result.outputText, logs, cpuMs }
  const { name: why, message, line, column } = result.failure
  throw new InterceptorFailure(failureKind(why), sentence(name, message), { line, column, logs, cpuMs })
}

function sentence(name: string, words: string): string {
  return `The ${name} ${words}${/[.!?…]$/.test(words) ? '' : '.'}`
}
