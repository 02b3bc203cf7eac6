import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** How a task ended: with an answer, or with its worker dead. */
export type Ended<Answer> =
  | { readonly kind: 'done'; readonly answer: Answer }
  | { readonly kind: 'crash' | 'hang'; readonly detail: string }

const MOST_MB = 6 * 1024

/**
 * Runs tasks in worker threads, one at a time in each. A task that throws, ends its thread or takes longer than it may is
 * counted and costs nothing but itself.
 */
export async function runInWorkers<Task, Answer>(
  script: URL,
  tasks: readonly Task[],
  options: { readonly workers: number; readonly limitMs: number },
  onEnded: (task: Task, ended: Ended<Answer>) => void,
): Promise<void> {
  const queue = tasks.values()
  const lane = async (): Promise<void> => {
    let worker: Worker | undefined
    for (const task of queue) {
      worker ??= new Worker(script, { resourceLimits: { maxOldGenerationSizeMb: MOST_MB } })
      const ended = await runOne<Task, Answer>(worker, task, options.limitMs)
      if (ended.kind !== 'done' || (await isWorn(worker))) {
        await worker.terminate()
        worker = undefined
      }
      onEnded(task, ended)
    }
    await worker?.terminate()
  }
  await Promise.all(Array.from({ length: options.workers }, lane))
}

/** A judge keeps what it compiled of every operation. */
const WORN_BYTES = 2 * 1024 ** 3

async function isWorn(worker: Worker): Promise<boolean> {
  return (await worker.getHeapStatistics()).used_heap_size > WORN_BYTES
}

async function runOne<Task, Answer>(worker: Worker, task: Task, limitMs: number): Promise<Ended<Answer>> {
  const over = new AbortController()
  const { signal } = over
  try {
    worker.postMessage(task)
    return await Promise.race([
      // `once` throws what the worker threw.
      once(worker, 'message', { signal }).then(([answer]): Ended<Answer> => ({ kind: 'done', answer })),
      once(worker, 'exit', { signal }).then(
        ([code]): Ended<Answer> => ({ kind: 'crash', detail: `exit code ${code}` }),
      ),
      after(limitMs, signal),
    ])
  } catch (error) {
    return { kind: 'crash', detail: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  } finally {
    over.abort()
  }
}

function after(limitMs: number, signal: AbortSignal): Promise<{ kind: 'hang'; detail: string }> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ kind: 'hang', detail: `no answer after ${limitMs / 1000} s` }), limitMs)
    signal.addEventListener('abort', () => clearTimeout(timer))
  })
}
