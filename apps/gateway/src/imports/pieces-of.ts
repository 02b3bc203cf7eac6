import type { Piece } from './reader-protocol.ts'

/** What one message may hold of them. */
const MOST_BYTES = 512 * 1024

/** Bytes, one after the other, as messages. */
export function* piecesOf(parts: readonly Uint8Array[]): Generator<Piece> {
  for (const bytes of parts)
    for (let at = 0; at < bytes.byteLength; at += MOST_BYTES)
      yield { kind: 'piece', bytes: bytes.subarray(at, at + MOST_BYTES) }
}
