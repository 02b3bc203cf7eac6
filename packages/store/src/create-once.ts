import { createHash } from 'node:crypto'
import { Problem, type SealedSecret } from '@sluice/contract'
import { and, eq, lt } from 'drizzle-orm'
import type { Sealer } from './create-sealer.ts'
import type { Database } from './database.ts'
import type { Store } from './open-store.ts'
import { idempotencyKeys } from './schema-records.ts'
import { transact } from './transact.ts'

/** A create that its client may repeat without creating twice (the Idempotency-Key header field, IETF draft 07). */
export interface Once {
  readonly key: string
  /** Whose key it is: the same key of somebody else is another. */
  readonly actor: string
  /** What is asked for, the route included: the same key for another request is refused. */
  readonly request: string
  readonly sealer: Sealer
}

const KEPT_MS = 24 * 60 * 60 * 1000

/**
 * `transact` for what creates: repeated within a day, the answer of the first time comes back and nothing is done. The answer is
 * kept in the very transaction, so there is no creation without it. It must be JSON.
 * @throws Problem `idempotency-key-reused`
 */
export function createOnce<T>(
  store: Store,
  workspaceId: string,
  once: Once | undefined,
  work: (tx: Database) => Promise<T>,
): Promise<T> {
  return transact(store, workspaceId, async (tx) => {
    if (!once) return work(tx)
    const repeated = await findAnswer<T>(tx, workspaceId, once)
    if (repeated) return repeated.answer
    const answer = await work(tx)
    await keepAnswer(tx, workspaceId, once, answer)
    return answer
  })
}

/** What a create answered before, so that a long one need not be prepared again. */
export function findCreated<T>(store: Store, workspaceId: string, once: Once): Promise<{ answer: T } | undefined> {
  return findAnswer<T>(store.db, workspaceId, once)
}

async function findAnswer<T>(db: Database, workspaceId: string, once: Once): Promise<{ answer: T } | undefined> {
  const [kept] = await db
    .select()
    .from(idempotencyKeys)
    .where(and(eq(idempotencyKeys.workspaceId, workspaceId), eq(idempotencyKeys.key, keyOf(once))))
  if (!kept || kept.createdAt.getTime() < Date.now() - KEPT_MS) return undefined
  if (kept.requestHash !== hashOf(once)) {
    const detail = `The Idempotency-Key "${once.key}" was used for another request. Use a new one for each thing to create.`
    throw new Problem('idempotency-key-reused', { detail })
  }
  return { answer: JSON.parse(once.sealer.open(rowOf(workspaceId, once, kept))) as T }
}

async function keepAnswer(tx: Database, workspaceId: string, once: Once, answer: unknown): Promise<void> {
  const outdated = new Date(Date.now() - KEPT_MS)
  await tx
    .delete(idempotencyKeys)
    .where(and(eq(idempotencyKeys.workspaceId, workspaceId), lt(idempotencyKeys.createdAt, outdated)))
  const { keyId, sealed } = once.sealer.seal(workspaceId, nameOfAnswer(keyOf(once)), JSON.stringify(answer))
  await tx.insert(idempotencyKeys).values({ workspaceId, key: keyOf(once), requestHash: hashOf(once), keyId, sealed })
}

function rowOf(workspaceId: string, once: Once, { keyId, sealed }: { keyId: string; sealed: string }): SealedSecret {
  return { keyId, sealed, workspaceId, secretId: nameOfAnswer(keyOf(once)) }
}

/** What an answer that is kept under a key is sealed for. */
export function nameOfAnswer(key: string): string {
  return `idempotency-key:${key}`
}

/** An id has no space, so nobody's key is taken for another's. */
function keyOf({ actor, key }: Once): string {
  return `${actor} ${key}`
}

function hashOf({ request }: Once): string {
  return createHash('sha256').update(request).digest('hex')
}
