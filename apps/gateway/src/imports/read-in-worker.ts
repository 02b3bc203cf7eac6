import { Worker } from 'node:worker_threads'
import { type DerivedOperation, Problem, type ProblemCode, type ProblemError, type ReadSpec } from '@sluice/contract'
import type { ImportSource } from '@sluice/openapi'

/** What the import worker says: operations in batches, then the rest; or the problem. */
export type WorkerMessage =
  | { readonly kind: 'operations'; readonly operations: readonly DerivedOperation[] }
  | { readonly kind: 'done'; readonly spec: Omit<ReadSpec, 'operations'> }
  | {
      readonly kind: 'problem'
      readonly code: ProblemCode
      readonly detail: string
      readonly errors: readonly ProblemError[]
    }

const MOST_MS = 120_000
const MOST_MB = 1_400

/**
 * Reads a document off the event loop: a hostile one costs its worker and nothing else.
 * @throws Problem as `importSpec` does, and `spec-unreadable` when time or memory ran out
 */
export function readInWorker(source: ImportSource): Promise<ReadSpec> {
  const worker = new Worker(WORKER_FILE, { workerData: source, resourceLimits: { maxOldGenerationSizeMb: MOST_MB } })
  const operations: DerivedOperation[] = []
  return new Promise<ReadSpec>((resolve, reject) => {
    const gaveUp = () => reject(unreadable(`Reading the document took more than ${MOST_MS / 1000} s.`))
    const timer = setTimeout(gaveUp, MOST_MS)
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'operations') operations.push(...message.operations)
      else if (message.kind === 'done') resolve({ ...message.spec, operations })
      else reject(new Problem(message.code, message))
    })
    worker.on('error', (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? unreadable(`The document needs more than ${MOST_MB} MB of memory to read.`, cause)
          : cause,
      )
    })
    worker.on('exit', () => {
      clearTimeout(timer)
      reject(new Error('the import worker ended without an answer'))
    })
  }).finally(() => worker.terminate())
}

const WORKER_FILE = new URL(
  import.meta.url.endsWith('.ts') ? './import-worker.ts' : './import-worker.js',
  import.meta.url,
)

function unreadable(detail: string, cause?: unknown): Problem {
  return new Problem('spec-unreadable', { detail, cause })
}
