import { randomBytes } from 'node:crypto'
import { and, eq, gt, lte, sql } from 'drizzle-orm'
import type { Sealer } from './create-sealer.ts'
import { hashKey } from './keys.ts'
import type { Store } from './open-store.ts'
import { continuations } from './schema-records.ts'

/** Whose a kept text is: nobody else finds it. */
export interface ContinuationOwner {
  readonly workspaceId: string
  readonly callerId: string
}

const HANDLE_BYTES = 18
/** What else a caller has kept goes, the oldest first: an agent reads on in what it has just seen. */
export const MOST_OF_A_CALLER = 10

/** What a kept text is found by. */
export function newHandle(): string {
  return randomBytes(HANDLE_BYTES).toString('base64url')
}

/** Keeps a text, sealed, until `ms` have passed; answers the handle it is found by. */
export async function keepContinuation(
  store: Store,
  owner: ContinuationOwner,
  text: string,
  ms: number,
  sealer: Sealer,
): Promise<string> {
  const handle = newHandle()
  await writeContinuation(store, owner, { handle, text, ms }, sealer)
  await forgetOldest(store, owner)
  return handle
}

/** A text that has its handle. */
export interface HandledText {
  readonly handle: string
  readonly text: string
  /** Milliseconds for which it is kept. */
  readonly ms: number
}

/** Keeps a text, sealed, under a handle of which only the hash is stored. Makes no room: see `forgetOldest`. */
export async function writeContinuation(
  { db }: Store,
  { workspaceId, callerId }: ContinuationOwner,
  { handle, text, ms }: HandledText,
  { seal }: Sealer,
): Promise<void> {
  const id = hashKey(handle)
  const { keyId, sealed } = seal(workspaceId, nameOfContinuation(id), text)
  const expiresAt = sql`now() + make_interval(secs => ${ms / 1000})`
  await db.insert(continuations).values({ workspaceId, id, callerId, keyId, sealed, expiresAt })
}

/** Of one owner the newest ten stay. */
export async function forgetOldest({ db }: Store, owner: ContinuationOwner): Promise<void> {
  const own = isOwn(owner)
  await db.execute(sql`delete from ${continuations} where ${own} and ${continuations.id} in (select ${continuations.id}
    from ${continuations} where ${own} order by ${continuations.expiresAt} desc offset ${MOST_OF_A_CALLER})`)
}

/** What is past its time goes, for all workspaces. */
export async function sweepContinuations({ db }: Store): Promise<void> {
  await db.delete(continuations).where(lte(continuations.expiresAt, sql`now()`))
}

/** Undefined for what was never kept, is another's, or is kept no more. */
export async function findContinuation(
  { db }: Store,
  owner: ContinuationOwner,
  handle: string,
  { open }: Sealer,
): Promise<string | undefined> {
  const id = hashKey(handle)
  const [row] = await db.select(SEALED).from(continuations).where(isKept(owner, id))
  return row && open({ ...row, workspaceId: owner.workspaceId, secretId: nameOfContinuation(id) })
}

/** The same, once: it is kept no more. */
export async function takeContinuation(
  { db }: Store,
  owner: ContinuationOwner,
  handle: string,
  { open }: Sealer,
): Promise<string | undefined> {
  const id = hashKey(handle)
  const [row] = await db.delete(continuations).where(isKept(owner, id)).returning(SEALED)
  return row && open({ ...row, workspaceId: owner.workspaceId, secretId: nameOfContinuation(id) })
}

const SEALED = { keyId: continuations.keyId, sealed: continuations.sealed }

function isKept(owner: ContinuationOwner, id: string) {
  return and(isOwn(owner), eq(continuations.id, id), gt(continuations.expiresAt, sql`now()`))
}

function isOwn({ workspaceId, callerId }: ContinuationOwner) {
  return and(eq(continuations.workspaceId, workspaceId), eq(continuations.callerId, callerId))
}

export function nameOfContinuation(id: string): string {
  return `continuation:${id}`
}
