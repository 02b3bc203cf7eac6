import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'

/** Long text that is stored and kept in memory: as UTF-8, packed; JSON that says much the same many times to a tenth. */
export function packText(text: string): Uint8Array {
  const bytes = Buffer.from(text)
  const packed = brotliCompressSync(bytes, QUICKLY)
  const whole = new Uint8Array(HEAD + packed.byteLength)
  new DataView(whole.buffer).setUint32(1, bytes.byteLength)
  whole.set(packed, HEAD)
  return whole
}

/** As it was packed. What was stored before texts were packed is read as it is: JSON never begins with the mark. */
export function unpackText(stored: Uint8Array): string {
  const { buffer, byteOffset, byteLength } = isPacked(stored) ? unpack(stored) : stored
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8')
}

export function isPacked(stored: Uint8Array): boolean {
  return stored[0] === MARK
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
