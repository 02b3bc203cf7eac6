/** The child process in which foreign code runs. */
import type { ChildMessage, Task, TaskResult } from './protocol.ts'
import { runFilter } from './run-filter.ts'
import { startWatch } from './start-watch.ts'

const mark = startWatch({ maxBytes: Number(process.argv[2]) * 1024 * 1024 })

/** Tasks are worked off in their order: the parent measures the first one's time. */
let turn = Promise.resolve()

process.once('disconnect', () => process.exit())
process.on('message', (task: Task) => {
  turn = turn.then(async () => say(await perform(task)))
})
say('ready')

async function perform(task: Task): Promise<ChildMessage> {
  mark(true)
  const begun = process.cpuUsage()
  const result = await run(task)
  const { user, system } = process.cpuUsage(begun)
  mark(false)
  return { ...result, id: task.id, cpuMs: (user + system) / 1000 }
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
