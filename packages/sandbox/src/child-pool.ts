import { Child, type ChildOptions, failure, type Job } from './child.ts'
import type { NewTask, Task, TaskResult } from './protocol.ts'

export interface ChildPoolOptions extends ChildOptions {
  /** Processes at most. */
  readonly children: number
}

export interface ChildPool {
  /** Runs a task when its turn comes. `deadline` (milliseconds of `Date.now()`) holds for waiting and running together. */
  run(task: NewTask, deadline: number): Promise<TaskResult>
  close(): Promise<void>
}

/**
 * Children that are started when they are needed, kept, killed when a task overruns, and replaced. Tasks must be pure:
 * those that were in flight in a child that died are run again, once.
 */
export function createChildPool(options: ChildPoolOptions): ChildPool {
  const children = new Set<Child>()
  const queue: Job[] = []
  let lastId = 0
  let closed = false

  function start(): Child {
    const child = new Child(options, {
      answered: handOut,
      condemned: () => children.delete(child),
      gone(victims) {
        queue.unshift(...victims)
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

  function handOut(): void {
    for (let job = queue[0]; job; job = queue[0]) {
      const child = job.settled ? undefined : childFor(job)
      if (!child && !job.settled) return
      queue.shift()
      child?.take(job)
    }
  }

  function dismiss(): void {
    for (const job of queue.splice(0)) job.settle(CLOSED)
  }

  return {
    async run(task, deadline) {
      if (closed) return CLOSED
      const { job, result } = createJob({ ...task, id: ++lastId }, deadline)
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

function createJob(task: Task, deadline: number): { job: Job; result: Promise<TaskResult> } {
  const { promise, resolve, reject } = Promise.withResolvers<TaskResult>()
  const job: Job = {
    task,
    settled: false,
    alone: false,
    settle(result) {
      job.settled = true
      clearTimeout(timer)
      if (result instanceof Error) reject(result)
      else resolve(result)
    },
  }
  const timer = setTimeout(() => job.settle(failure('Deadline', 'was not done in time')), deadline - Date.now())
  return { job, result: promise }
}
