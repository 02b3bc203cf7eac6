// Has a reader read one document, as an import does, and prints what that took as JSON.
import { createSpecReader } from '../../apps/gateway/src/imports/spec-reader.ts'
import { peakMb } from '../bench/memory-slope.ts'
import { processesBelow } from '../support/processes.ts'
import { readDocument } from './corpus-documents.ts'

export interface Measured {
  readonly operations: number
  readonly skipped: number
  /** From the bytes in memory to the operations, of a reader that stands ready. */
  readonly seconds: number
  /** Packed definitions of all operations together. */
  readonly definitionBytes: number
  /** Most that was resident at once of the reader's process. */
  readonly megabytes: number
}

const reader = createSpecReader()
await reader.read({ text: '{"openapi":"3.1.0","info":{},"paths":{}}' })
const pid = processesBelow(process.pid, 'reader-process')[0]!
let megabytes = Number.NaN
// A large reader is gone once it is done.
const watching = setInterval(() => {
  megabytes = peakMb(pid) ?? megabytes
}, 20)
const bytes = Buffer.from(readDocument({ file: process.argv[2]! }))
const started = performance.now()
const { coverage, operations } = await reader.read({ bytes })
const measured: Measured = {
  operations: coverage.operations,
  skipped: coverage.skipped,
  seconds: (performance.now() - started) / 1000,
  definitionBytes: operations.reduce((sum, { definition }) => sum + definition.byteLength, 0),
  megabytes,
}
console.log(JSON.stringify(measured))
clearInterval(watching)
await reader.close()
