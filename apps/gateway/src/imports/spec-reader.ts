import { Worker } from 'node:worker_threads'
import { type DerivedOperation, Problem, type ProblemCode, type ProblemError, type ReadSpec } from '@sluice/contract'
import type { ImportSource } from '@sluice/openapi'
import type { TakenApart } from './take-apart.ts'

/** What the import worker is asked. */
export type WorkerTask =
  | { readonly kind: 'read' | 'missing-urls'; readonly source: ImportSource }
  | { readonly kind: 'take-apart'; readonly body: Uint8Array<ArrayBuffer> }

/** What the import worker says of one document: operations in batches, then the rest; or the problem. */
export type WorkerMessage =
  | { readonly kind: 'taken-apart'; readonly parts: TakenApart }
  | { readonly kind: 'missing-urls'; readonly urls: readonly string[] }
  | { readonly kind: 'operations'; readonly operations: readonly DerivedOperation[] }
  | { readonly kind: 'done'; readonly spec: Omit<ReadSpec, 'operations'> }
  | {
      readonly kind: 'problem'
      readonly code: ProblemCode
      readonly detail: string
      readonly errors: readonly ProblemError[]
    }

/** Reads documents off the event loop: a hostile one costs its worker and nothing else. */
export interface SpecReader {
  /** @throws Problem as `importSpec` does, and `spec-unreadable` when time or memory ran out */
  read(source: ImportSource): Promise<ReadSpec>
  /** The URLs that references of the document lead to. @throws Problem as `read` does */
  missingUrls(source: ImportSource): Promise<readonly string[]>
  /** The JSON body of an import; the bytes are gone afterwards. @throws Problem `invalid-json` */
  takeApart(body: Uint8Array<ArrayBuffer>): Promise<TakenApart>
  close(): Promise<void>
}

/** What one document may take. */
interface ReadLimits {
  readonly ms: number
  readonly megabytes: number
}

const MOST: ReadLimits = { ms: 120_000, megabytes: 1_400 }
/** Documents read at once; more wait. */
const MOST_WORKERS = 2
/** How long a worker is kept for the next document: starting one costs most of a small import. */
const IDLE_MS = 30_000

export function createSpecReader(most: ReadLimits = MOST): SpecReader {
  const waiting: Array<() => void> = []
  let busy = 0
  let idle: { readonly worker: Worker; readonly timer: NodeJS.Timeout } | undefined

  const read = (source: ImportSource) => work<ReadSpec>({ kind: 'read', source })
  const missingUrls = (source: ImportSource) => work<readonly string[]>({ kind: 'missing-urls', source })
  const takeApart = (body: Uint8Array<ArrayBuffer>) => work<TakenApart>({ kind: 'take-apart', body })

  async function work<T>(task: WorkerTask): Promise<T> {
    // Who waits is handed the place of who leaves, so nobody comes between.
    if (busy >= MOST_WORKERS) await new Promise<void>((resolve) => waiting.push(resolve))
    else busy++
    const worker = takeWorker()
    try {
      const answer = await askWorker(worker, task, most)
      keepWorker(worker)
      return answer as T
    } catch (error) {
      // A document that was refused leaves its worker whole; whatever else went wrong does not.
      if (error instanceof Problem && error.code !== 'spec-unreadable') keepWorker(worker)
      else await worker.terminate()
      throw error
    } finally {
      const next = waiting.shift()
      if (next) next()
      else busy--
    }
  }

  function takeWorker(): Worker {
    if (!idle) return newWorker()
    clearTimeout(idle.timer)
    const { worker } = idle
    idle = undefined
    return worker
  }

  function newWorker(): Worker {
    const worker = new Worker(WORKER_FILE, { resourceLimits: { maxOldGenerationSizeMb: most.megabytes } })
    // An idle worker that dies has nobody to tell: it is only forgotten.
    return worker
      .on('error', () => {})
      .on('exit', () => {
        if (idle?.worker === worker) idle = undefined
      })
  }

  function keepWorker(worker: Worker): void {
    if (idle) return void worker.terminate()
    worker.unref()
    idle = { worker, timer: setTimeout(close, IDLE_MS).unref() }
  }

  async function close(): Promise<void> {
    if (!idle) return
    clearTimeout(idle.timer)
    const { worker } = idle
    idle = undefined
    await worker.terminate()
  }

  return { read, missingUrls, takeApart, close }
}

const WORKER_FILE = new URL(
  import.meta.url.endsWith('.ts') ? './import-worker.ts' : './import-worker.js',
  import.meta.url,
)

type Answer = ReadSpec | readonly string[] | TakenApart

function askWorker(worker: Worker, task: WorkerTask, most: ReadLimits): Promise<Answer> {
  const operations: DerivedOperation[] = []
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const timer = setTimeout(
    () => reject(unreadable(`Reading the document took more than ${most.ms / 1000} s.`)),
    most.ms,
  )
  const onMessage = (message: WorkerMessage) => {
    if (message.kind === 'operations') operations.push(...message.operations)
    else if (message.kind === 'missing-urls') resolve(message.urls)
    else if (message.kind === 'taken-apart') resolve(message.parts)
    else if (message.kind === 'done') resolve({ ...message.spec, operations })
    else reject(new Problem(message.code, message))
  }
  const onError = (cause: NodeJS.ErrnoException) => reject(reasonOf(cause, most))
  const onExit = () => reject(new Error('the import worker ended without an answer'))
  worker.ref()
  worker.on('message', onMessage).on('error', onError).on('exit', onExit)
  worker.postMessage(task, task.kind === 'take-apart' ? [task.body.buffer] : [])
  return promise.finally(() => {
    clearTimeout(timer)
    worker.off('message', onMessage).off('error', onError).off('exit', onExit)
  })
}

function reasonOf(cause: NodeJS.ErrnoException, most: ReadLimits): Error {
  const isOutOfMemory = cause.code === 'ERR_WORKER_OUT_OF_MEMORY'
  return isOutOfMemory
    ? unreadable(`The document needs more than ${most.megabytes} MB of memory to read.`, cause)
    : cause
}

function unreadable(detail: string, cause?: unknown): Problem {
  return new Problem('spec-unreadable', { detail, cause })
}
