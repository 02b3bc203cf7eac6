import type { OpenSecret } from '@sluice/contract'
import { and, eq, isNull, lte, ne, or, type SQL, sql } from 'drizzle-orm'
import { nameOfContinuation } from './continuations.ts'
import { nameOfAnswer } from './create-once.ts'
import type { Seal } from './create-sealer.ts'
import type { Store } from './open-store.ts'
import { secrets } from './schema.ts'
import { continuations, idempotencyKeys } from './schema-records.ts'

interface Sealing {
  /** The id of the key that seals. */
  readonly keyId: string
  readonly seal: Seal
  readonly openSecret: OpenSecret
}

const AT_ONCE = 100

/**
 * Seals anew, under the key that seals now, whatever lies sealed under another: row by row, each bound to its own row as before,
 * so whoever is stopped goes on where it was. A row that somebody else changes meanwhile is theirs, and one that is being renewed
 * is left for the next time: what was renewed is written over what was read. Answers how many rows were sealed anew.
 * @throws Error where a row was sealed under a key that is not here
 */
export async function resealAll(store: Store, sealing: Sealing): Promise<number> {
  return (
    (await resealSecrets(store, sealing)) +
    (await resealRows(store, sealing, continuations, continuations.id, nameOfContinuation)) +
    (await resealRows(store, sealing, idempotencyKeys, idempotencyKeys.key, nameOfAnswer))
  )
}

async function resealSecrets({ db }: Store, sealing: Sealing): Promise<number> {
  const isFree = or(isNull(secrets.leasedUntil), lte(secrets.leasedUntil, sql`now()`))
  const isOld = and(ne(secrets.keyId, sealing.keyId), isFree)
  return inBatches(async () => {
    const { workspaceId, id, keyId, sealed } = secrets
    const rows = await db.select({ workspaceId, id, keyId, sealed }).from(secrets).where(isOld).limit(AT_ONCE)
    for (const row of rows) {
      const isIt = and(eq(workspaceId, row.workspaceId), eq(id, row.id), eq(sealed, row.sealed), isFree)
      await db
        .update(secrets)
        .set(resealed(sealing, row, row.id))
        .where(isIt)
    }
    return rows.length
  })
}

type Kept = typeof continuations | typeof idempotencyKeys

async function resealRows(
  { db }: Store,
  sealing: Sealing,
  table: Kept,
  name: typeof continuations.id | typeof idempotencyKeys.key,
  nameOf: (name: string) => string,
): Promise<number> {
  const { workspaceId, keyId, sealed } = table
  return inBatches(async () => {
    const rows = await db
      .select({
        workspaceId: sql<string>`${workspaceId}`,
        name: sql<string>`${name}`,
        keyId: sql<string>`${keyId}`,
        sealed: sql<string>`${sealed}`,
      })
      .from(table)
      .where(ne(keyId, sealing.keyId))
      .limit(AT_ONCE)
    for (const row of rows) {
      const isIt: SQL | undefined = and(eq(workspaceId, row.workspaceId), eq(name, row.name), eq(sealed, row.sealed))
      const anew = tryReseal(sealing, row, nameOf(row.name))
      // What is kept for a while under a key that is lost can be read by nobody.
      await (anew ? db.update(table).set(anew).where(isIt) : db.delete(table).where(isIt))
    }
    return rows.length
  })
}

function resealed(
  { seal, openSecret }: Sealing,
  row: { readonly workspaceId: string; readonly keyId: string; readonly sealed: string },
  secretId: string,
) {
  const { workspaceId, keyId, sealed } = row
  const anew = seal(workspaceId, secretId, openSecret({ workspaceId, secretId, keyId, sealed }))
  return { keyId: anew.keyId, sealed: anew.sealed }
}

function tryReseal(...[sealing, row, secretId]: Parameters<typeof resealed>) {
  try {
    return resealed(sealing, row, secretId)
  } catch {
    return undefined
  }
}

async function inBatches(next: () => Promise<number>): Promise<number> {
  let all = 0
  for (;;) {
    const done = await next()
    all += done
    if (done < AT_ONCE) return all
  }
}
