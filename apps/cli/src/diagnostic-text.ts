import type { SpecRevisionDetail } from '@sluice/contract'
import { count, safe } from './print.ts'

type Note = SpecRevisionDetail['diagnostics'][number]

/** The notes of the importer that weigh most, a line each, and how many more there are, shown where `elsewhere` says. */
export function weightiestText(diagnostics: readonly Note[], most: number, elsewhere: string): string[] {
  const weighed = diagnostics.toSorted((one, other) => weightOf(one) - weightOf(other))
  const more = diagnostics.length - most
  return [
    ...weighed.slice(0, most).map(diagnosticText),
    ...(more > 0 ? [`  … and ${count(more, 'more note')}: ${elsewhere}`] : []),
  ]
}

/** What concerns the whole document is to be known before the rest. */
function weightOf({ severity, pointer }: Note): number {
  return pointer === '' ? 0 : WEIGHTS[severity]
}

const WEIGHTS = { error: 1, warning: 2, info: 3 } as const

/** One note of the importer, for people. */
export function diagnosticText(diagnostic: Note): string {
  const { severity, code, file, line, column, pointer, message, fix } = diagnostic
  const at = line === undefined ? pointer : `${line}:${column}`
  const place = [file, at].filter(Boolean).join(':')
  const sentence = message.endsWith('.') ? message : `${message}.`
  return safe(`  ${severity} ${code}${place && ` at ${place}`}: ${sentence}${fix ? ` ${fix}` : ''}`)
}
