import { promisify } from 'node:util'
import { constants, gunzip, gunzipSync } from 'node:zlib'
import { type SQL, sql } from 'drizzle-orm'
import { specRevisions } from './schema.ts'

const MAGIC = [0x1f, 0x8b] as const

/**
 * A document as it was received. It is stored packed with gzip, or bare as it was by earlier versions: no document that could be read
 * begins as gzip does (RFC 1952 2.3.1).
 */
export async function receivedBytes(stored: Uint8Array): Promise<Uint8Array> {
  return isPacked(stored) ? promisify(gunzip)(stored) : stored
}

/** Its first bytes, of the first that are stored; some hundred at least of some hundred. */
export function receivedStart(stored: Uint8Array): Uint8Array {
  return isPacked(stored) ? gunzipSync(stored, { finishFlush: constants.Z_SYNC_FLUSH }) : stored
}

function isPacked(stored: Uint8Array): boolean {
  return MAGIC.every((byte, at) => stored[at] === byte)
}

const { received } = specRevisions
const last = sql`substr(${received}, length(${received}) - 3)`
/** Its length, which gzip tells in its last four bytes, the lowest first (RFC 1952 2.3.1). Only they are read. */
export const receivedLength: SQL<number> = sql`case
  when substr(${received}, 1, 2) = decode(${Buffer.from(MAGIC).toString('hex')}, 'hex')
  then get_byte(${last}, 0) + (get_byte(${last}, 1) << 8) + (get_byte(${last}, 2) << 16) + (get_byte(${last}, 3) << 24)
  else length(${received}) end`.mapWith(Number)
