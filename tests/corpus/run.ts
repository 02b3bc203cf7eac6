// `npm run corpus`: imports every document of the corpus and says what became of each. `--help` names the options.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from '../support/spawned.ts'
import { type CorpusDocument, corpusDocuments } from './corpus-documents.ts'
import type { DocumentReport, Task } from './corpus-worker.ts'
import { installCorpus } from './install-corpus.ts'
import { explain } from './judge/known-disagreements.ts'
import { measureLarge } from './measure-large.ts'
import { type DocumentResult, summarize } from './summarize.ts'
import { summarizeJudge } from './summarize-judge.ts'
import { type Ended, runInWorkers } from './worker-pool.ts'

const HELP = `npm run corpus -- [options]

  --only <text>       documents whose id holds the text
  --skip <text>       documents whose id does not hold the text
  --sample <n>        n documents, spread over all
  --judge             make requests for each operation, have them judged, and look for inputs that none carries
  --operations <n>    operations of each document that are judged, spread over it (12)
  --giant             read three large documents, each in a process of its own, and say what that takes
  --seconds <n>       what one document may take (300)
  --workers <n>       documents that are read at a time (2)
  --out <folder>      where the figures of every document are written`

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    skip: { type: 'string' },
    sample: { type: 'string' },
    judge: { type: 'boolean', default: false },
    operations: { type: 'string', default: '12' },
    giant: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '300' },
    workers: { type: 'string', default: '2' },
    out: { type: 'string', default: join(ROOT, 'node_modules', '.cache', 'sluice', 'corpus') },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(HELP)
else {
  installCorpus()
  mkdirSync(values.out, { recursive: true })
  process.exitCode = (values.giant ? await measureLarge(values.out) : await readAll()) ? 0 : 1
}

async function readAll(): Promise<boolean> {
  const started = performance.now()
  const documents = choose(corpusDocuments())
  const results: DocumentResult[] = []
  await runInWorkers<Task, DocumentReport>(
    new URL('corpus-worker.ts', import.meta.url),
    documents.map((document) => ({ document, judged: values.judge ? Number(values.operations) : 0 })),
    { workers: Number(values.workers), limitMs: Number(values.seconds) * 1000 },
    ({ document }, ended) => {
      results.push({ id: document.id, bytes: document.bytes, ended })
      tell(document, ended, `${results.length}/${documents.length}`)
    },
  )
  return report(results, (performance.now() - started) / 1000)
}

function report(results: readonly DocumentResult[], seconds: number): boolean {
  const summary = summarize(results, seconds)
  const judged = results.flatMap(({ id, ended }) =>
    ended.kind === 'done' && ended.answer.judge ? [{ id, figures: ended.answer.judge }] : [],
  )
  const judge = values.judge ? summarizeJudge(judged, !hasLeftOut(results)) : undefined
  const file = join(values.out, 'corpus.json')
  writeFileSync(file, JSON.stringify({ summary: summary.text, judge: judge?.text, results }, null, 1))
  console.log(
    ['', summary.text, judge?.text, `Every document: ${file}`].filter((text) => text !== undefined).join('\n\n'),
  )
  return summary.isGood && (judge?.isGood ?? true)
}

/** Whether operations were left unjudged by an option. */
function hasLeftOut(results: readonly DocumentResult[]): boolean {
  const { only, skip, sample, operations } = values
  const isPart = ({ ended }: DocumentResult) =>
    ended.kind === 'done' && ended.answer.figures.imported > Number(operations)
  return Boolean(only || skip || sample) || results.some(isPart)
}

function choose(all: readonly CorpusDocument[]): CorpusDocument[] {
  const matching = all
    .filter(({ id }) => !values.only || id.includes(values.only))
    .filter(({ id }) => !values.skip || !id.includes(values.skip))
  const step = values.sample ? Math.max(1, matching.length / Number(values.sample)) : 1
  return matching.filter((_document, index) => Math.floor(index / step) !== Math.floor((index - 1) / step))
}

function tell({ id }: CorpusDocument, ended: Ended<DocumentReport>, place: string): void {
  if (ended.kind !== 'done') {
    console.log(`${place} ${id}: ${ended.kind}: ${ended.detail.slice(0, 500)}`)
    return
  }
  const { figures, allSeconds, judge } = ended.answer
  if (figures.refused) console.log(`${place} ${id}: refused: ${figures.refused}`)
  else if (allSeconds > 10) console.log(`${place} ${id}: ${allSeconds.toFixed(1)} s`)
  else if (/00\//.test(place)) console.log(place)
  for (const text of notExplained(judge).slice(0, 3)) console.log(`  ${id} ${text.slice(0, 300)}`)
}

function notExplained(judge: DocumentReport['judge']): string[] {
  return (judge?.verdicts ?? []).flatMap(({ operation, refusals }) =>
    refusals
      .filter((refusal) => refusal.kind !== 'no-arguments' && !explain(refusal, operation))
      .map(({ reasons }) => `${operation}: ${reasons.join('; ')}`),
  )
}
