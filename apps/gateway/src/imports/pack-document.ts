import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'

/** A document as it was received. */
export interface ReceivedDocument {
  /** Its bytes, with gzip: a tenth of most, and so little that holding and storing it costs no call anything. */
  readonly packed: Uint8Array
  /** SHA-256 of its bytes, hex. */
  readonly hash: string
}

/** For a reader: both take long for many megabytes. */
export function packDocument(bytes: Uint8Array): ReceivedDocument {
  return { packed: gzipSync(bytes, { level: FASTEST }), hash: createHash('sha256').update(bytes).digest('hex') }
}

const FASTEST = 1
