import { readFileSync, rmSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '@sluice/contract'
import {
  createSealer,
  type Keyring,
  readSealingKeyIds,
  resealAll,
  type SealingKeys,
  type Store,
  sealingKey,
  settleWrites,
} from '@sluice/store'
import { type MasterKeys, newKey, readKeyFile, writeKeyFile, writeOnce } from './master-key.ts'

/** How often a gateway looks whether another one has changed the key. */
const LOOK_EVERY_MS = 500

/** How the master key is changed while the gateway runs. */
export interface KeyChange {
  /**
   * Makes a new key, or goes on where that was interrupted, and seals all secrets anew. Calls go on meanwhile.
   * @throws Problem `conflict` where the key is configured, and the new one is not yet
   */
  readonly rotate: () => Promise<{ readonly keyId: string; readonly resealed: number }>
  /** Goes on with what a gateway that was stopped had begun. Does nothing where nothing was. */
  readonly resume: () => Promise<void>
  readonly close: () => void
}

/** The sealer of these keys, which asks the file that holds them again for one that it does not know. */
export function keyringOf({ keys, file }: MasterKeys): Keyring {
  return createSealer(asSealing(keys), () => (file === undefined ? undefined : asSealing(readKeyFile(file))))
}

export function createKeyChange({ keys: first, file }: MasterKeys, keyring: Keyring, store: Store): KeyChange {
  let keys = first
  let seen = file && stampOf(file)
  let going: Promise<number> | undefined

  /** What another gateway wrote. Whatever this one has sealed meanwhile under the older key, it seals anew. */
  async function follow(): Promise<void> {
    if (file === undefined || stampOf(file) === seen) return
    const before = keyring.currentId()
    take()
    if (keyring.currentId() !== before) await reseal()
  }

  function take(): void {
    seen = stampOf(file!)
    keys = readKeyFile(file!)
    keyring.rekey(asSealing(keys))
  }

  function reseal(): Promise<number> {
    const { open: openSecret, seal } = keyring
    return resealAll(store, { keyId: keyring.currentId(), seal, openSecret })
  }

  /** From the moment on at which both keys are in the file, until only the new one is. */
  async function finish(): Promise<number> {
    // By then every gateway that has the file seals under the new key.
    await sleep(LOOK_EVERY_MS * 3)
    // What was sealed before, in a change that takes long, is there to be sealed anew.
    await settleWrites(store)
    let resealed = 0
    for (;;) {
      resealed += await reseal()
      const left = (await readSealingKeyIds(store)).filter((id) => id !== keyring.currentId())
      if (left.length === 0) break
      // One that is being renewed is free again after half a minute at most.
      await sleep(LOOK_EVERY_MS)
    }
    if (file !== undefined) {
      writeKeyFile(file, [keys[0]])
      rmSync(nextOf(file), { force: true })
      take()
    }
    return resealed
  }

  function finished(): Promise<number> {
    going ??= finish().finally(() => {
      going = undefined
    })
    return going
  }

  const looking = setInterval(() => void follow().catch(() => {}), LOOK_EVERY_MS).unref()
  return {
    rotate: async () => {
      if (!going) {
        await follow()
        if (file === undefined && keys.length === 1) throw configured()
        if (file !== undefined && keys.length === 1) begin(file)
      }
      return { resealed: await finished(), keyId: keyring.currentId() }
    },
    resume: async () => {
      if (file !== undefined && keys.length > 1) await finished()
    },
    close: () => clearInterval(looking),
  }

  /** Two gateways that begin at once take the same new key: of two, one would be lost with what it had sealed. */
  function begin(path: string): void {
    const current = keys[0]
    writeOnce(nextOf(path), `${newKey()}\n`)
    const next = readNext(path)
    // Left behind by one that was stopped at its end.
    if (next.equals(current)) {
      rmSync(nextOf(path), { force: true })
      begin(path)
      return
    }
    writeKeyFile(path, [next, current])
    take()
  }
}

function readNext(file: string): Buffer {
  return Buffer.from(readFileSync(nextOf(file), 'utf8').trim(), 'base64')
}

function nextOf(file: string): string {
  return `${file}.next`
}

function configured(): Problem {
  const detail = 'The master key is configured, so Sluice cannot change it by itself.'
  const fix =
    'Set MASTER_KEY to OLD,NEW on every gateway, then to NEW,OLD on every gateway, rotate, and leave OLD out when that is done.'
  return new Problem('conflict', { detail, errors: [{ pointer: 'MASTER_KEY', detail, fix }] })
}

function asSealing([current, ...older]: MasterKeys['keys']): SealingKeys {
  return { current: sealingKey(current), older: older.map(sealingKey) }
}

function stampOf(file: string): string {
  const { mtimeMs, ino } = statSync(file)
  return `${mtimeMs} ${ino}`
}
