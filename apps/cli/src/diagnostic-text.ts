import type { SpecRevisionDetail } from '@sluice/contract'
import { safe } from './print.ts'

/** One note of the importer, for people. */
export function diagnosticText(diagnostic: SpecRevisionDetail['diagnostics'][number]): string {
  const { severity, code, line, column, pointer, message, fix } = diagnostic
  const place = line === undefined ? pointer : `${line}:${column}`
  return safe(`  ${severity} ${code} at ${place}: ${message}.${fix ? ` ${fix}` : ''}`)
}
