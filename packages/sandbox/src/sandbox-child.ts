/** The child process in which foreign code runs. */
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { ChildMessage, Task, TaskResult } from './protocol.ts'
import { runFilter } from './run-filter.ts'
import type { Watch } from './sandbox-watch.ts'

const WATCH_MODULE = new URL(`./sandbox-watch${extname(import.meta.url)}`, import.meta.url)

const busy = new Int32Array(new SharedArrayBuffer(4))
const maxBytes = Number(process.argv[2]) * 1024 * 1024
new Worker(WATCH_MODULE, { workerData: { busy, maxBytes, parentPid: process.ppid } satisfies Watch })

/** Tasks are worked off in their order: the parent measures the first one's time. */
let turn = Promise.resolve()

process.once('disconnect', () => process.exit())
process.on('message', (task: Task) => {
  turn = turn.then(async () => say(await perform(task)))
})
say('ready')

async function perform(task: Task): Promise<ChildMessage> {
  mark(1)
  const begun = process.cpuUsage()
  const result = await run(task)
  const { user, system } = process.cpuUsage(begun)
  mark(0)
  return { ...result, id: task.id, cpuMs: (user + system) / 1000 }
}

function mark(value: 0 | 1): void {
  Atomics.store(busy, 0, value)
  Atomics.notify(busy, 0)
}

async function run(task: Task): Promise<TaskResult> {
  try {
    if (task.kind === 'filter') return { outputText: runFilter(task.source, task.inputText, task.limits) }
    // Not before it is needed: who only filters shall not pay for the engine's isolates.
    const { runInterceptor } = await import('./run-interceptor.ts')
    return runInterceptor(task)
  } catch (error) {
    const { name, message } = error as Error
    return { failure: { name, message } }
  }
}

function say(message: ChildMessage): void {
  process.send?.(message)
}
