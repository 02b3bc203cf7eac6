// `npm run corpus`: imports every document of the corpus, and says what became of each. Options: --only <text>, --sample <n>.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from '../support/spawned.ts'
import { type CorpusDocument, corpusDocuments } from './corpus-documents.ts'
import type { DocumentReport, Task } from './corpus-worker.ts'
import { installCorpus } from './install-corpus.ts'
import { type DocumentResult, summarize } from './summarize.ts'
import { type Ended, runInWorkers } from './worker-pool.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    sample: { type: 'string' },
    judge: { type: 'boolean', default: false },
    operations: { type: 'string', default: '40' },
    seconds: { type: 'string', default: '180' },
    out: { type: 'string', default: join(ROOT, 'node_modules', '.cache', 'sluice', 'corpus') },
  },
})

installCorpus()
const started = performance.now()
const documents = choose(corpusDocuments())
const results: DocumentResult[] = []
await runInWorkers<Task, DocumentReport>(
  new URL('corpus-worker.ts', import.meta.url),
  documents.map((document) => ({ document, judged: values.judge ? Number(values.operations) : 0 })),
  { workers: 2, limitMs: Number(values.seconds) * 1000 },
  ({ document }, ended) => {
    results.push({ id: document.id, bytes: document.bytes, ended })
    tell(document, ended)
  },
)
const summary = summarize(results, (performance.now() - started) / 1000)
mkdirSync(values.out, { recursive: true })
writeFileSync(join(values.out, 'corpus.json'), JSON.stringify({ summary, results }, null, 1))
console.log(`\n${summary.text}\n\nEvery document: ${join(values.out, 'corpus.json')}`)
process.exitCode = summary.isGood ? 0 : 1

function choose(all: readonly CorpusDocument[]): CorpusDocument[] {
  const matching = all.filter(({ id }) => !values.only || id.includes(values.only))
  const step = values.sample ? Math.max(1, matching.length / Number(values.sample)) : 1
  return matching.filter((_document, index) => Math.floor(index / step) !== Math.floor((index - 1) / step))
}

function tell({ id }: CorpusDocument, ended: Ended<DocumentReport>): void {
  const place = `${results.length}/${documents.length}`
  if (ended.kind !== 'done') console.log(`${place} ${id}: ${ended.kind}: ${ended.detail.slice(0, 500)}`)
  else if (ended.answer.figures.refused) console.log(`${place} ${id}: refused: ${ended.answer.figures.refused}`)
  else if (ended.answer.seconds > 10) console.log(`${place} ${id}: ${ended.answer.seconds.toFixed(1)} s`)
  else if (results.length % 250 === 0) console.log(place)
}
