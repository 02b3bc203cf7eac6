import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigFault } from './config.ts'

export interface MasterKey {
  readonly key: Buffer
  /** Where it lies, if it is a file of ours. */
  readonly file?: string
  readonly isNew: boolean
}

/**
 * The key that seals secrets: from the configuration, else from `master.key` in the data folder, made at the first start.
 * There is no default key anywhere (S40).
 * @throws ConfigFault when the text is no key of 32 bytes
 */
export function readMasterKey(configured: string | undefined, dataDir: string): MasterKey {
  if (configured !== undefined) return { key: decodeKey(configured, 'MASTER_KEY'), isNew: false }
  const file = join(dataDir, 'master.key')
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const isNew = writeOnce(file, `${randomBytes(32).toString('base64')}\n`)
  return { key: decodeKey(readFileSync(file, 'utf8').trim(), file), file, isNew }
}

/**
 * Writes a file that must not exist yet, readable by its owner alone; says whether it did. A crash leaves all of it or none.
 */
export function writeOnce(file: string, text: string): boolean {
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  writeFileSync(temporary, text, { mode: 0o600, flush: true })
  try {
    linkSync(temporary, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(temporary, { force: true })
  }
}

function decodeKey(text: string, where: string): Buffer {
  const key = /^[0-9a-fA-F]{64}$/.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64')
  if (key.length === 32 && new Set(key).size > 4) return key
  const advice = 'Make one with: openssl rand -base64 32'
  throw new ConfigFault([
    `${where} is not a random key of 32 bytes in base64 or hex (it has ${key.length} bytes). ${advice}`,
  ])
}
