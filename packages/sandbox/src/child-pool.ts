import type { CancelSignal } from '@sluice/contract'
import { Child, type ChildOptions, failure, type Job } from './child.ts'
import { JobQueue } from './job-queue.ts'
import type { NewTask, Task, TaskResult } from './protocol.ts'

export interface ChildPoolOptions extends ChildOptions {
  /** Processes at most. */
  readonly children: number
}

export interface TaskTerms {
  /** Milliseconds of `Date.now()`; it holds for waiting and running together. */
  readonly deadline: number
  /** Owners take turns. */
  readonly owner?: string | undefined
  /** Its owner has one task in flight at most. */
  readonly isSingle?: boolean
  /** A task that is aborted before it runs does not run. */
  readonly signal?: CancelSignal | undefined
}

export interface ChildPool {
  /** Runs a task when its turn comes. */
  run(task: NewTask, terms: TaskTerms): Promise<TaskResult>
  close(): Promise<void>
}

/**
 * Children that are started when they are needed, kept, killed when a task overruns, and replaced. Tasks must be pure:
 * those that were in flight in a child that died are run again, once.
 */
export function createChildPool(options: ChildPoolOptions): ChildPool {
  const children = new Set<Child>()
  const queue = new JobQueue()
  let lastId = 0
  let closed = false

  function start(): Child {
    const child = new Child(options, {
      answered: handOut,
      condemned: () => children.delete(child),
      gone(victims) {
        queue.putBack(victims)
        if (closed) dismiss()
        else handOut()
      },
    })
    children.add(child)
    return child
  }

  function childFor(job: Job): Child | undefined {
    const [idlest] = [...children].filter((child) => child.hasRoom(job)).sort((a, b) => a.load - b.load)
    return idlest?.load === 0 || children.size >= options.children ? idlest : start()
  }

  const mayRun = ({ owner, isSingle }: Job) =>
    !isSingle || owner === undefined || ![...children].some((child) => child.isBusyFor(owner))

  function handOut(): void {
    for (let job = queue.first(mayRun); job; job = queue.first(mayRun)) {
      const child = childFor(job)
      if (!child) return
      queue.take(job)
      child.take(job)
    }
  }

  function dismiss(): void {
    for (const job of queue.clear()) job.settle(CLOSED)
  }

  return {
    async run(task, terms) {
      if (closed) return CLOSED
      const { job, result } = createJob({ ...task, id: ++lastId }, terms)
      queue.push(job)
      handOut()
      return await result
    },
    async close() {
      closed = true
      dismiss()
      await Promise.all([...children].map((child) => child.kill()))
    },
  }
}

const CLOSED = failure('Closed', 'was not applied: Sluice is stopping')

const ABORTED = failure('Aborted', 'was not applied: nobody waits for it any more')

function createJob(
  task: Task,
  { deadline, owner, isSingle = false, signal }: TaskTerms,
): { job: Job; result: Promise<TaskResult> } {
  const { promise, resolve, reject } = Promise.withResolvers<TaskResult>()
  const abort = () => job.settle(ABORTED)
  const job: Job = {
    task,
    owner,
    isSingle,
    settled: false,
    alone: false,
    settle(result) {
      job.settled = true
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      if (result instanceof Error) reject(result)
      else resolve(result)
    },
  }
  const timer = setTimeout(() => job.settle(failure('Deadline', 'was not done in time')), deadline - Date.now())
  if (signal?.aborted) abort()
  else signal?.addEventListener('abort', abort)
  return { job, result: promise }
}
