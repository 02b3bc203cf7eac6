import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import type { OpenSecret, SealedSecret } from '@sluice/contract'

/** A master key and the name it is stored under. */
export interface SealingKey {
  readonly id: string
  /** 32 bytes. */
  readonly key: Buffer
}

/** Seals a text for one row: only there, and only in that workspace, does it open again. */
export type Seal = (workspaceId: string, secretId: string, plaintext: string) => SealedSecret

export interface Sealer {
  readonly seal: Seal
  readonly open: OpenSecret
}

/** The key that seals, and those whose secrets are opened, too. */
export interface SealingKeys {
  readonly current: SealingKey
  readonly older?: readonly SealingKey[]
}

/** A sealer whose keys change while it is used. */
export interface Keyring extends Sealer {
  /** Seals under another key from now on. What was known before opens until the process ends: a call may hold such a secret. */
  rekey(keys: SealingKeys): void
  /** The id of the key that seals. */
  currentId(): string
}

/**
 * Seals secrets with AES-256-GCM under `current` and opens what was sealed with it or an older key: that is how keys are
 * changed while calls go on. `ask` is asked for keys again where a secret was sealed under one that is not known.
 *
 * @throws Error where a key has not 32 bytes.
 */
export function createSealer(keys: SealingKeys, ask?: () => SealingKeys | undefined): Keyring {
  let { current } = keys
  const known = new Map<string, Buffer>()
  rekey(keys)
  const opened = new WeakMap<SealedSecret, string>()
  return {
    rekey,
    currentId: () => current.id,
    seal: (workspaceId, secretId, plaintext) => {
      const nonce = randomBytes(NONCE_BYTES)
      const row = { workspaceId, secretId, keyId: current.id }
      const cipher = createCipheriv('aes-256-gcm', current.key, nonce).setAAD(associatedData(row))
      const sealed = Buffer.concat([nonce, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return { ...row, sealed: sealed.toString('base64') }
    },
    // A catalog's secrets are the same objects for as long as it is served, and each call wants some.
    open: (secret) => {
      const text = opened.get(secret) ?? unseal(secret)
      opened.set(secret, text)
      return text
    },
  }

  function rekey({ current: next, older = [] }: SealingKeys): void {
    for (const { id, key } of [...older, next]) {
      if (key.length !== KEY_BYTES)
        throw new Error(`The sealing key ${id} has ${key.length} bytes and not ${KEY_BYTES}.`)
      known.set(id, key)
    }
    current = next
  }

  function findKey(id: string): Buffer | undefined {
    const found = known.get(id)
    const more = found ? undefined : ask?.()
    if (more) rekey(more)
    return known.get(id)
  }

  function unseal(secret: SealedSecret): string {
    const key = findKey(secret.keyId)
    if (!key)
      throw new Error(`The secret ${secret.secretId} was sealed with the key ${secret.keyId}, which is not here.`)
    const sealed = Buffer.from(secret.sealed, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(associatedData(secret)).setAuthTag(sealed.subarray(-TAG_BYTES))
    const text = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES))
    return Buffer.concat([text, decipher.final()]).toString('utf8')
  }
}

/** The key under an id that can be stored beside what it seals: it tells keys apart and says nothing of them. */
export function sealingKey(key: Buffer): SealingKey {
  const id = createHash('sha256').update('sluice key id').update(key).digest('hex').slice(0, KEY_ID_CHARS)
  return { id, key }
}

const KEY_BYTES = 32
const KEY_ID_CHARS = 8
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Bound to the ciphertext: moved to another row, workspace or key id, it does not open (S41). */
function associatedData(row: { workspaceId: string; secretId: string; keyId: string }): Buffer {
  return Buffer.from(JSON.stringify([row.workspaceId, row.secretId, row.keyId]))
}
