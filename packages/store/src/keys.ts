import { hash, randomBytes } from 'node:crypto'

export interface NewKey {
  /** Shown to its owner once. */
  readonly key: string
  /** What is stored of it. */
  readonly keyHash: string
  readonly prefix: string
}

/** A new AdminKey (`sla`) or AccessKey (`slk`): the prefix makes it findable where it was leaked. */
export function newKey(kind: 'sla' | 'slk'): NewKey {
  const key = `${kind}_${randomBytes(KEY_BYTES).toString('base64url')}`
  return { key, keyHash: hashKey(key), prefix: key.slice(0, PREFIX_CHARS) }
}

/**
 * SHA-256, hex. Keys are found by it, so that the time of a search says nothing about a key (S49); and since a key has
 * 256 random bits, no slow hash is needed.
 */
export function hashKey(key: string): string {
  return hash('sha256', key)
}

const KEY_BYTES = 32
const PREFIX_CHARS = 8
