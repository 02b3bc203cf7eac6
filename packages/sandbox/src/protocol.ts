import type { OutputBudget } from './run-filter.ts'

/** What a child is asked to do. */
export interface Task {
  readonly id: number
  readonly kind: 'filter'
  /** The expression. */
  readonly source: string
  /** JSON text. */
  readonly inputText: string
  readonly limits: OutputBudget
}

export interface TaskFailure {
  readonly name: string
  /** Completes the sentence "The response filter …". */
  readonly message: string
  /** 1-based, where the fault has a place in the source. */
  readonly line?: number
  readonly column?: number
}

/** How a task ended: JSON text, or why there is none. */
export type TaskResult = { readonly outputText: string } | { readonly failure: TaskFailure }

/** What a child says: that it listens, and then one answer per task. */
export type ChildMessage =
  | 'ready'
  | (TaskResult & { readonly id: number; readonly logs: readonly string[]; readonly cpuMs: number })
