import type { SpecRevisionDetail } from '@sluice/contract'
import { safe } from './print.ts'

/** One note of the importer, for people. */
export function diagnosticText(diagnostic: SpecRevisionDetail['diagnostics'][number]): string {
  const { severity, code, file, line, column, pointer, message, fix } = diagnostic
  const at = line === undefined ? pointer : `${line}:${column}`
  const place = file === undefined ? at : `${file}:${at}`
  return safe(`  ${severity} ${code} at ${place}: ${message}.${fix ? ` ${fix}` : ''}`)
}
