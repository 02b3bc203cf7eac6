import module from 'node:module'
import { parentPort } from 'node:worker_threads'
import type { DerivedOperation } from '@sluice/contract'
import type { WorkerMessage, WorkerTask } from './spec-reader.ts'

/** The body of an import worker: it reads one document after the other, and says what is in each. */
module.enableCompileCache?.()
const { Problem } = await import('@sluice/contract')
const { importSpec, missingUrls } = await import('@sluice/openapi')
const { countTokens } = await import('@sluice/tokenizer')

const BATCH = 200

parentPort!.on('message', ({ kind, source }: WorkerTask) => {
  try {
    if (kind === 'missing-urls') return tell({ kind: 'missing-urls', urls: missingUrls(source) })
    let batch: DerivedOperation[] = []
    const flush = () => {
      if (batch.length > 0) tell({ kind: 'operations', operations: batch })
      batch = []
    }
    const onOperation = (operation: DerivedOperation) => {
      if (batch.push(operation) >= BATCH) flush()
    }
    const { operations: _handedOver, ...spec } = importSpec(source, { countTokens, onOperation })
    flush()
    tell({ kind: 'done', spec })
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    tell({ kind: 'problem', code: error.code, detail: error.detail, errors: error.errors })
  }
})

function tell(message: WorkerMessage): void {
  parentPort!.postMessage(message)
}
