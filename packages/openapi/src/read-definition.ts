import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import type { OperationDefinition } from '@sluice/contract'
import { parseJson } from '@sluice/schema'

/**
 * A definition as it is stored and kept in memory: its JSON text, packed to a tenth. Definitions of a large document are hundreds of
 * megabytes of text, which say much the same.
 */
export function packDefinition(definition: OperationDefinition): Uint8Array {
  const packed = brotliCompressSync(JSON.stringify(definition), QUICKLY)
  const marked = new Uint8Array(packed.byteLength + 1)
  marked.set(packed, 1)
  return marked
}

/** A stored definition. Numbers that a double cannot hold, in a list of allowed values for instance, keep their digits (B56). */
export function readDefinition(packed: Uint8Array): OperationDefinition {
  return parseJson(definitionText(packed)) as OperationDefinition
}

/** Its JSON text. Rows of earlier releases hold that as it is, which never begins with the mark. */
export function definitionText(packed: Uint8Array): string {
  const text = packed[0] === MARK ? brotliDecompressSync(packed.subarray(1)) : packed
  return Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('utf8')
}

/** The first byte of what is packed. */
const MARK = 0
/** Others take several times as long for little less. */
const QUICKLY = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }
