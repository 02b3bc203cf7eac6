// Reads one document in this process, and prints what that took as JSON.
import { importSpec } from '@sluice/openapi'
import { countTokens } from '@sluice/tokenizer'
import { readDocument } from './corpus-documents.ts'

export interface Measured {
  readonly operations: number
  readonly skipped: number
  /** From the text in memory to its operations. */
  readonly seconds: number
  /** Most that was resident at once, of the whole process. */
  readonly megabytes: number
}

const text = readDocument({ file: process.argv[2]! })
const started = performance.now()
const { coverage } = importSpec({ text }, { countTokens })
const measured: Measured = {
  operations: coverage.operations,
  skipped: coverage.skipped,
  seconds: (performance.now() - started) / 1000,
  megabytes: process.resourceUsage().maxRSS / 1024,
}
console.log(JSON.stringify(measured))
