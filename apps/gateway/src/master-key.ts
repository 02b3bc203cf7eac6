import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { ConfigFault } from './config.ts'

export interface MasterKeys {
  /** The first seals; those after it are still opened. */
  readonly keys: readonly [Buffer, ...Buffer[]]
  /** Where they lie, if that is a file of ours. */
  readonly file?: string
  readonly isNew: boolean
}

/**
 * The keys that seal secrets: from the configuration, else from `master.key` in the data folder, made at the first start. It is
 * one key, and several while it is changed. There is no default key anywhere (S40).
 * @throws ConfigFault when the text is no key of 32 bytes
 */
export function readMasterKeys(configured: string | undefined, dataDir: string): MasterKeys {
  if (configured !== undefined) return { keys: decodeKeys(configured, 'MASTER_KEY'), isNew: false }
  const file = join(dataDir, 'master.key')
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const isNew = writeOnce(file, `${newKey()}\n`)
  return { keys: readKeyFile(file), file, isNew }
}

/** @throws ConfigFault when it holds anything but keys */
export function readKeyFile(file: string): MasterKeys['keys'] {
  return decodeKeys(readFileSync(file, 'utf8'), file)
}

/** Writes the keys in place of those that the file holds, all of it or nothing, and past a power cut: what they seal is, too. */
export function writeKeyFile(file: string, keys: readonly Buffer[]): void {
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  writeFileSync(temporary, `${keys.map((key) => key.toString('base64')).join('\n')}\n`, { mode: 0o600, flush: true })
  renameSync(temporary, file)
  flushFolder(dirname(file))
}

/** A name in a folder is as lasting as the folder. Windows opens none. */
function flushFolder(folder: string): void {
  if (process.platform === 'win32') return
  const opened = openSync(folder, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

/** A random key, in base64. */
export function newKey(): string {
  return randomBytes(32).toString('base64')
}

/**
 * Writes a file that must not exist yet, readable by its owner alone; says whether it did. A crash leaves all of it or none.
 */
export function writeOnce(file: string, text: string): boolean {
  // What is there is found on a disk that is full or read-only, too.
  if (existsSync(file)) return false
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    writeFileSync(temporary, text, { mode: 0o600, flush: true })
    linkSync(temporary, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(temporary, { force: true })
  }
}

function decodeKeys(text: string, where: string): MasterKeys['keys'] {
  const [first = '', ...others] = text.split(/[\s,]+/).filter(Boolean)
  return [decodeKey(first, where), ...others.map((other) => decodeKey(other, where))]
}

function decodeKey(text: string, where: string): Buffer {
  const key = /^[0-9a-fA-F]{64}$/.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64')
  if (key.length === 32 && new Set(key).size > 4) return key
  const advice = 'Make one with: openssl rand -base64 32'
  throw new ConfigFault([
    `${where} is not a random key of 32 bytes in base64 or hex (it has ${key.length} bytes). ${advice}`,
  ])
}
