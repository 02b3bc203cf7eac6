import { parentPort } from 'node:worker_threads'
import { type CorpusDocument, readDocument } from './corpus-documents.ts'
import { type ImportFigures, importDocument } from './import-document.ts'
import type { Court } from './judge/judge-operation.ts'
import { startJudgeServer } from './judge/judge-server.ts'
import { type JudgeFigures, judgeSpec } from './judge/judge-spec.ts'
import { loadPrism } from './judge/prism.ts'

/** What is to be found out about a document. */
export interface Task {
  readonly document: CorpusDocument
  /** How many of its operations are judged; 0 for none. */
  readonly judged: number
}

/** What was found out. */
export interface DocumentReport {
  readonly figures: ImportFigures
  /** What its import took, and what all took. */
  readonly seconds: number
  readonly allSeconds: number
  readonly judge?: JudgeFigures
}

parentPort!.on('message', async ({ document, judged }: Task) => {
  const text = readDocument(document)
  const started = performance.now()
  const { figures, spec } = importDocument(text, judged > 0)
  const seconds = (performance.now() - started) / 1000
  const judge = judged > 0 && spec ? await judgeSpec(text, spec, await court(), judged) : undefined
  const allSeconds = (performance.now() - started) / 1000
  const report: DocumentReport = { figures, seconds, allSeconds, ...(judge ? { judge } : {}) }
  parentPort!.postMessage(report)
})

let started: Promise<Court> | undefined

function court(): Promise<Court> {
  started ??= startJudgeServer().then((server) => ({ server, load: loadPrism }))
  return started
}
