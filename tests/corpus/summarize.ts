import type { DocumentReport } from './corpus-worker.ts'
import { percent, table, totals } from './table.ts'
import type { Ended } from './worker-pool.ts'

/** How one document ended. */
export interface DocumentResult {
  readonly id: string
  readonly bytes: number
  readonly ended: Ended<DocumentReport>
}

/** The whole run, as figures and as a table. */
export interface Summary {
  readonly text: string
  /** No crash, no hang, no lint failure, and at least 99.9 % of the operations imported. */
  readonly isGood: boolean
}

export function summarize(results: readonly DocumentResult[], seconds: number): Summary {
  const reports = results.flatMap(({ ended }) => (ended.kind === 'done' ? [ended.answer] : []))
  const figures = reports.map((report) => report.figures)
  const sum = (pick: (index: number) => number) => figures.reduce((total, _one, index) => total + pick(index), 0)
  const operations = sum((index) => figures[index]!.operations)
  const imported = sum((index) => figures[index]!.imported)
  const lint = figures.flatMap((one) => one.lint)
  const ended = (kind: string) => results.filter((result) => result.ended.kind === kind).length
  const rows: Array<[string, string | number]> = [
    ['documents', results.length],
    ['refused whole', figures.filter(({ refused }) => refused).length],
    ['crashes', ended('crash')],
    ['hangs', ended('hang')],
    ['operations', operations],
    ['imported', `${imported} (${percent(imported, operations)})`],
    ['with diagnostics', sum((index) => figures[index]!.withDiagnostics)],
    ['lint failures', lint.length],
    ['seconds', seconds.toFixed(0)],
    ['peak memory, MB', Math.round(process.resourceUsage().maxRSS / 1024)],
  ]
  const text = [
    ...rows.map(([name, value]) => `${name.padEnd(20)}${value}`),
    ...table('skipped by reason', totals(figures.map(({ skipped }) => skipped))),
    ...table('diagnostics by code', totals(figures.map(({ diagnostics }) => diagnostics))),
    ...table('lint failures by fault', totals(lint.map(({ faults }) => Object.fromEntries(faults.map((f) => [f, 1]))))),
  ].join('\n')
  const isGood =
    ended('crash') + ended('hang') + lint.length === 0 && imported >= operations * 0.999 && results.length > 0
  return { text, isGood }
}
