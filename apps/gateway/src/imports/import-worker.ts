import { parentPort, workerData } from 'node:worker_threads'
import { Problem } from '@sluice/contract'
import { type ImportSource, importSpec } from '@sluice/openapi'
import { countTokens } from '@sluice/tokenizer'
import type { WorkerMessage } from './read-in-worker.ts'

/** The body of the import worker: one document, then it ends. */
const BATCH = 200

function tell(message: WorkerMessage): void {
  parentPort?.postMessage(message)
}

try {
  const { operations, ...spec } = importSpec(workerData as ImportSource, { countTokens })
  for (let at = 0; at < operations.length; at += BATCH)
    tell({ kind: 'operations', operations: operations.slice(at, at + BATCH) })
  tell({ kind: 'done', spec })
} catch (error) {
  if (!(error instanceof Problem)) throw error
  tell({ kind: 'problem', code: error.code, detail: error.detail, errors: error.errors })
}
