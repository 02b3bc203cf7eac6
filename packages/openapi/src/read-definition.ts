import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import type { OperationDefinition } from '@sluice/contract'
import { parseJson } from '@sluice/schema'

/**
 * A definition as it is stored and kept in memory: its JSON text, packed to a tenth. Definitions of a large document are hundreds of
 * megabytes of text, which say much the same.
 */
export function packDefinition(definition: OperationDefinition): Uint8Array {
  return pack(Buffer.from(JSON.stringify(definition)))
}

/** The same where it comes from an earlier release, which stored it as text. */
export function repacked(stored: Uint8Array): Uint8Array {
  return stored[0] === MARK ? stored : pack(stored)
}

function pack(text: Uint8Array): Uint8Array {
  const packed = brotliCompressSync(text, QUICKLY)
  const whole = new Uint8Array(HEAD + packed.byteLength)
  new DataView(whole.buffer).setUint32(1, text.byteLength)
  whole.set(packed, HEAD)
  return whole
}

/** A stored definition. Numbers that a double cannot hold, in a list of allowed values for instance, keep their digits (B56). */
export function readDefinition(packed: Uint8Array): OperationDefinition {
  return parseJson(definitionText(packed)) as OperationDefinition
}

/** Its JSON text. Rows of earlier releases hold that as it is, which never begins with the mark. */
export function definitionText(packed: Uint8Array): string {
  const { buffer, byteOffset, byteLength } = packed[0] === MARK ? unpack(packed) : packed
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8')
}

function unpack(packed: Uint8Array): Uint8Array {
  const bytes = new DataView(packed.buffer, packed.byteOffset).getUint32(1)
  // In one piece, with room left over by which it is known to be the last.
  return brotliDecompressSync(packed.subarray(HEAD), { chunkSize: bytes + 64 })
}

/** The first byte of what is packed; then how long the text is, in four. */
const MARK = 0
const HEAD = 5
/** Others take several times as long for little less. */
const QUICKLY = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }
