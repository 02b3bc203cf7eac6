import { parentPort } from 'node:worker_threads'
import { type CorpusDocument, readDocument } from './corpus-documents.ts'
import { type ImportFigures, importDocument } from './import-document.ts'

/** What is to be found out about a document. */
export interface Task {
  readonly document: CorpusDocument
}

/** What was found out. */
export interface DocumentReport {
  readonly figures: ImportFigures
  readonly seconds: number
}

parentPort!.on('message', (task: Task) => {
  const text = readDocument(task.document)
  const started = performance.now()
  const { figures } = importDocument(text)
  const report: DocumentReport = { figures, seconds: (performance.now() - started) / 1000 }
  parentPort!.postMessage(report)
})
