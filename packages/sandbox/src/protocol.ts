import type { InterceptPoint } from './compile-interceptor.ts'
import type { OutputBudget } from './run-filter.ts'

/** What a child is asked to do. */
export type Task = FilterTask | InterceptTask

/** A task before the pool has numbered it. */
export type NewTask = Omit<FilterTask, 'id'> | Omit<InterceptTask, 'id'>

interface FilterTask {
  readonly id: number
  readonly kind: 'filter'
  /** The expression. */
  readonly source: string
  /** JSON text. */
  readonly inputText: string
  readonly limits: OutputBudget
}

export interface InterceptTask {
  readonly id: number
  readonly kind: 'intercept'
  readonly point: InterceptPoint
  /** The same for the same source at the same point, and for nothing else. */
  readonly scriptHash: string
  readonly source: string
  /** JSON text of the request or response, `arguments` and `tool`. */
  readonly inputText: string
  readonly limits: InterceptBudget
}

export interface InterceptBudget {
  /** Bytes of the output's JSON text. */
  readonly maxBytes: number
  /** Milliseconds that the script may run. */
  readonly cpuMs: number
  /** Megabytes that the script may hold. */
  readonly isolateMb: number
}

export interface TaskFailure {
  readonly name: string
  /** Completes the sentence "The response filter …". */
  readonly message: string
  /** 1-based, where the fault has a place in the source. */
  readonly line?: number
  readonly column?: number
}

/** What a task left besides its end. */
interface TaskTraces {
  /** What the script logged. */
  readonly logs?: readonly string[]
  readonly cpuMs?: number
}

/** How a task ended: JSON text, or why there is none. */
export type TaskResult = TaskTraces & ({ readonly outputText: string } | { readonly failure: TaskFailure })

/** What a child says: that it listens, and then one answer per task. */
export type ChildMessage = 'ready' | (TaskResult & { readonly id: number })
