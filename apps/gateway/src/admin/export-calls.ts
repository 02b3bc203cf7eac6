import { Readable } from 'node:stream'
import { type PageOf, type RecordedCall, TIMED_STAGES } from '@sluice/contract'
import { csvLine } from './csv-line.ts'

type ReadPage = (cursor: string | undefined) => Promise<PageOf<RecordedCall>>

/** All calls that are meant, page by page, as fast as they are taken. The first page is read before anything is answered. */
export async function exportCalls(readPage: ReadPage, format: 'ndjson' | 'csv'): Promise<Readable> {
  const first = await readPage(undefined)
  const lineOf = format === 'csv' ? csvLineOf : (call: RecordedCall) => `${JSON.stringify(call)}\n`
  return Readable.from(textsOf(first, readPage, lineOf, format === 'csv' ? csvLine(CSV_NAMES) : ''))
}

async function* textsOf(
  first: PageOf<RecordedCall>,
  readPage: ReadPage,
  lineOf: (call: RecordedCall) => string,
  head: string,
): AsyncGenerator<string> {
  if (head) yield head
  for (let page = first; ; page = await readPage(page.nextCursor)) {
    if (page.items.length > 0) yield page.items.map(lineOf).join('')
    if (page.nextCursor === null) return
  }
}

const PLAIN = [
  'id',
  'at',
  'server',
  'tool',
  'toolId',
  'operationVersion',
  'specRevision',
  'callerId',
  'caller',
  'client',
  'clientVersion',
  'road',
  'parent',
  'outcome',
  'status',
  'retries',
  'cache',
  'ms',
  'rawBytes',
  'bytes',
  'savedTokens',
  'traceId',
] as const satisfies ReadonlyArray<keyof RecordedCall>

const CSV_NAMES = [...PLAIN, 'rawTokens', 'sentTokens', 'isReckoned', ...TIMED_STAGES.map((stage) => `${stage}Ms`)]

function csvLineOf(call: RecordedCall): string {
  const { tokens, stages } = call
  return csvLine([
    ...PLAIN.map((name) => call[name]),
    tokens?.raw ?? null,
    tokens?.sent ?? null,
    tokens && String(tokens.isReckoned === true),
    ...TIMED_STAGES.map((stage) => stages[stage] ?? null),
  ])
}
