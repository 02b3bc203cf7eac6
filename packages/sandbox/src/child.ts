import type { ChildProcess } from 'node:child_process'
import { extname } from 'node:path'
import { forkChild } from './fork-child.ts'
import type { ChildMessage, Task, TaskResult } from './protocol.ts'

/** A task on its way. */
export interface Job {
  readonly task: Task
  /** Who asks for it; owners take turns. */
  readonly owner?: string | undefined
  /** No two of its owner are in flight at once. */
  readonly isSingle: boolean
  /** Nobody waits for it any more. */
  settled: boolean
  /** It was in flight in a child that died. It runs again in a child for itself: if that dies as well, it is the cause. */
  alone: boolean
  settle(result: TaskResult | Error): void
}

export interface ChildOptions {
  /** Milliseconds that one task may run. */
  readonly wallMs: number
  /** Megabytes that a child may hold. */
  readonly memoryMb: number
}

export interface ChildEvents {
  /** There may be room again. */
  answered(): void
  /** It takes no more tasks. */
  condemned(): void
  /** The process is gone; these tasks may be innocent. */
  gone(victims: readonly Job[]): void
}

/** More would only wait inside the child instead of outside. */
const MAX_IN_FLIGHT = 4

/** One forked process that works off its tasks in order. */
export class Child {
  /** In the order they were handed over: the first one is running. */
  readonly #jobs = new Map<number, Job>()
  readonly #options: ChildOptions
  readonly #events: ChildEvents
  readonly #process: ChildProcess
  readonly #gone = Promise.withResolvers<void>()
  #ready = false
  #wall: NodeJS.Timeout | undefined

  constructor(options: ChildOptions, events: ChildEvents) {
    this.#options = options
    this.#events = events
    this.#process = forkChild(CHILD_MODULE, options.memoryMb)
    this.#process.on('message', (message: ChildMessage) => this.#hear(message))
    this.#process.once('exit', () => this.#bury())
    this.#process.once('error', () => this.#bury())
  }

  get load(): number {
    return this.#jobs.size
  }

  /** Whether anything of an owner is in flight, wanted or not. */
  isBusyFor(owner: string): boolean {
    return [...this.#jobs.values()].some((job) => job.owner === owner)
  }

  hasRoom(job: Job): boolean {
    if (this.load === 0) return true
    return this.load < MAX_IN_FLIGHT && !job.alone && ![...this.#jobs.values()].some((other) => other.alone)
  }

  take(job: Job): void {
    this.#jobs.set(job.task.id, job)
    // If it cannot be sent, the process is about to be buried, and the job with it.
    this.#process.send(job.task, () => {})
    if (this.load === 1) this.#restartWall()
  }

  /** Resolves when the process is gone. */
  kill(): Promise<void> {
    this.#process.ref()
    this.#process.kill('SIGKILL')
    return this.#gone.promise
  }

  #hear(message: ChildMessage): void {
    if (message === 'ready') this.#ready = true
    else {
      this.#jobs.get(message.id)?.settle(message)
      this.#jobs.delete(message.id)
    }
    this.#restartWall()
    this.#events.answered()
  }

  /** Gives the running task its time. Starting the process is not counted: on a busy machine it can take as long. */
  #restartWall(): void {
    clearTimeout(this.#wall)
    const [running] = this.#jobs.values()
    if (!running || !this.#ready) return
    const { wallMs } = this.#options
    this.#wall = setTimeout(() => {
      running.settle(failure('Overrun', `ran longer than ${wallMs} ms and was stopped`))
      this.#events.condemned()
      void this.kill()
    }, wallMs)
  }

  /**
   * Killed for one task, by the watch over memory, or from outside: nobody can tell whose fault it was, and what earlier
   * tasks left in memory is not the last one's. So each task that was in flight gets a second chance, by itself.
   */
  #bury(): void {
    clearTimeout(this.#wall)
    this.#gone.resolve()
    const jobs = [...this.#jobs.values()].filter((job) => !job.settled)
    this.#jobs.clear()
    const victims = jobs.filter((job) => !job.alone)
    for (const job of jobs) {
      if (!job.alone) job.alone = true
      else
        job.settle(
          this.#ready ? fatal(job.task, this.#options) : new Error('The child process of the sandbox does not start.'),
        )
    }
    this.#events.condemned()
    this.#events.gone(victims)
  }
}

/** Beside this module: TypeScript in the repository, JavaScript in a package. */
const CHILD_MODULE = new URL(`./sandbox-child${extname(import.meta.url)}`, import.meta.url)

/** A failure that the child could not tell itself. */
export function failure(name: string, message: string): TaskResult {
  return { failure: { name, message } }
}

function fatal(task: Task, options: ChildOptions): TaskResult {
  const memoryMb = task.kind === 'intercept' ? task.limits.isolateMb : options.memoryMb
  return failure('Fatal', `ended its process twice, probably because it takes more than ${memoryMb} MB of memory`)
}
