import { setTimeout as sleep } from 'node:timers/promises'
import { Problem, type SealedSecret } from '@sluice/contract'
import { and, eq, isNull, lte, or, sql } from 'drizzle-orm'
import { isRow } from './conditions.ts'
import type { Seal } from './create-sealer.ts'
import type { Store } from './open-store.ts'
import { secrets } from './schema.ts'

/** A gateway that dies while it renews keeps the others waiting for so long. */
const LEASE_S = 30
const LOOK_EVERY_MS = 100

const MOST_TRIES = 5
const PAUSE_MS = 500

/**
 * Renews a secret in place, one at a time for all gateways on the database (S57): `renew` is given what is stored now and
 * answers the text that is stored then, or nothing to leave it. No transaction is open meanwhile.
 * @throws Problem `not-found` where the secret is gone, and whatever `renew` throws
 */
export async function renewSecret(
  store: Store,
  { workspaceId, secretId }: Pick<SealedSecret, 'workspaceId' | 'secretId'>,
  renew: (stored: SealedSecret) => Promise<string | undefined>,
  seal: Seal,
): Promise<void> {
  const leased = await lease(store, workspaceId, secretId)
  const row = isRow(secrets, workspaceId, secretId)
  try {
    const text = await renew({ ...leased, workspaceId, secretId })
    if (text === undefined) return
    const { keyId, sealed } = seal(workspaceId, secretId, text)
    // What was set anew meanwhile stays.
    const isSame = eq(secrets.sealed, leased.sealed)
    await insist(() => store.db.update(secrets).set({ keyId, sealed, updatedAt: new Date() }).where(and(row, isSame)))
  } finally {
    await store.db.update(secrets).set({ leasedUntil: null }).where(row)
  }
}

/** What was renewed may be good for one use: a database that is away for a moment must not lose it. */
async function insist(write: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await write()
      return
    } catch (error) {
      if (tries === MOST_TRIES) throw error
      await sleep(PAUSE_MS)
    }
  }
}

async function lease(store: Store, workspaceId: string, secretId: string) {
  for (;;) {
    const row = isRow(secrets, workspaceId, secretId)
    const [leased] = await store.db
      .update(secrets)
      .set({ leasedUntil: sql`now() + make_interval(secs => ${LEASE_S})` })
      .where(and(row, or(isNull(secrets.leasedUntil), lte(secrets.leasedUntil, sql`now()`))))
      .returning({ keyId: secrets.keyId, sealed: secrets.sealed })
    if (leased) return leased
    if ((await store.db.$count(secrets, row)) === 0)
      throw new Problem('not-found', { detail: 'There is no such secret any more.' })
    await sleep(LOOK_EVERY_MS)
  }
}
