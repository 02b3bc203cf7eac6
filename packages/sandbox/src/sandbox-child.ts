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

process.once('disconnect', () => process.exit())
process.on('message', (task: Task) => say(perform(task)))
say('ready')

function perform(task: Task): ChildMessage {
  mark(1)
  const begun = process.cpuUsage()
  const result = run(task)
  const { user, system } = process.cpuUsage(begun)
  mark(0)
  return { ...result, id: task.id, logs: [], cpuMs: (user + system) / 1000 }
}

function mark(value: 0 | 1): void {
  Atomics.store(busy, 0, value)
  Atomics.notify(busy, 0)
}

function run(task: Task): TaskResult {
  try {
    return { outputText: runFilter(task.source, task.inputText, task.limits) }
  } catch (error) {
    const { name, message } = error as Error
    return { failure: { name, message } }
  }
}

function say(message: ChildMessage): void {
  process.send?.(message)
}
