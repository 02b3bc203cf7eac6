import module from 'node:module'
import { parentPort } from 'node:worker_threads'
import type { DerivedOperation } from '@sluice/contract'
import { giveWay } from '../give-way.ts'
import type { WorkerMessage, WorkerTask } from './spec-reader.ts'
import type { TakenApart } from './take-apart.ts'

/** The body of an import worker: it reads one document after the other, and says what is in each. */
module.enableCompileCache?.()
giveWay()
const { Problem } = await import('@sluice/contract')
const { importSpec, missingUrls } = await import('@sluice/openapi')
const { countTokens } = await import('@sluice/tokenizer')
const { takeApart } = await import('./take-apart.ts')

/** Small enough for the event loop that takes them over to turn between two. */
const BATCH = 50

parentPort!.on('message', (task: WorkerTask) => {
  try {
    if (task.kind === 'take-apart') return tellParts(takeApart(task.body))
    const { kind, source } = task
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

function tellParts(parts: TakenApart): void {
  parentPort!.postMessage({ kind: 'taken-apart', parts }, parts.document ? [parts.document.buffer as ArrayBuffer] : [])
}

function tell(message: WorkerMessage): void {
  parentPort!.postMessage(message)
}
