// Reads one document in this process, and prints what that took as JSON.
import type { DerivedOperation } from '@sluice/contract'
import { importSpec } from '@sluice/openapi'
import { countTokens } from '@sluice/tokenizer'
import { readDocument } from './corpus-documents.ts'

export interface Measured {
  readonly operations: number
  readonly skipped: number
  /** From the text in memory to its operations. */
  readonly seconds: number
  /** JSON of all operations together. */
  readonly definitionBytes: number
  /** Most that was resident at once, of the whole process. */
  readonly megabytes: number
}

const text = readDocument({ file: process.argv[2]! })
const started = performance.now()
// Operations are handed over while the rest is read, as to the gateway; what becomes of them there is not measured.
let bytes = 0
const onOperation = ({ definition }: DerivedOperation) => {
  bytes += definition.byteLength
}
const { coverage } = importSpec({ text }, { countTokens, onOperation })
const measured: Measured = {
  operations: coverage.operations,
  skipped: coverage.skipped,
  seconds: (performance.now() - started) / 1000,
  definitionBytes: bytes,
  megabytes: process.resourceUsage().maxRSS / 1024,
}
console.log(JSON.stringify(measured))
