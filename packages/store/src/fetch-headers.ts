import type { ImportCommit, SealedSecret } from '@sluice/contract'
import { and, eq } from 'drizzle-orm'
import type { Seal } from './create-sealer.ts'
import type { Database } from './database.ts'
import { newId } from './new-id.ts'
import type { Store } from './open-store.ts'
import { secrets, upstreams } from './schema.ts'
import { transact } from './transact.ts'
import type { Writing } from './writing.ts'

/** Seals the headers that fetch the document, in place of those there were. */
export async function saveFetchHeaders(
  tx: Database,
  commit: ImportCommit,
  upstreamId: string,
  seal: Seal,
): Promise<void> {
  const { workspaceId, upstream } = commit
  if (upstream.fetchHeaders === undefined) return
  const isIt = and(eq(upstreams.workspaceId, workspaceId), eq(upstreams.id, upstreamId))
  const [before] = await tx.select({ secretId: upstreams.fetchSecretId }).from(upstreams).where(isIt)
  const secretId = upstream.fetchHeaders === null ? null : newId('sec')
  if (secretId !== null) {
    const { keyId, sealed } = seal(workspaceId, secretId, upstream.fetchHeaders!)
    await tx.insert(secrets).values({ workspaceId, id: secretId, keyId, sealed })
  }
  await tx.update(upstreams).set({ fetchSecretId: secretId }).where(isIt)
  if (before?.secretId)
    await tx.delete(secrets).where(and(eq(secrets.workspaceId, workspaceId), eq(secrets.id, before.secretId)))
}

/** Says that an upstream's document is fetched with headers that somebody has yet to give. */
export function nameFetchHeaders(
  store: Store,
  { workspaceId }: Writing,
  upstreamId: string,
  seal: Seal,
): Promise<void> {
  return transact(store, workspaceId, async (tx) => {
    const secretId = newId('sec')
    await tx.insert(secrets).values({ workspaceId, id: secretId, ...sealedOnly(seal(workspaceId, secretId, '')) })
    const isIt = and(eq(upstreams.workspaceId, workspaceId), eq(upstreams.id, upstreamId))
    await tx.update(upstreams).set({ fetchSecretId: secretId }).where(isIt)
  })
}

function sealedOnly({ keyId, sealed }: SealedSecret) {
  return { keyId, sealed }
}

/** What an upstream's document is fetched with, and where from: it is nobody else's business. */
export async function readFetchHeaders(
  store: Store,
  workspaceId: string,
  slug: string,
): Promise<{ readonly refreshUrl: string | null; readonly headers: SealedSecret | null }> {
  const [row] = await store.db
    .select({ secretId: upstreams.fetchSecretId, refreshUrl: upstreams.refreshUrl })
    .from(upstreams)
    .where(and(eq(upstreams.workspaceId, workspaceId), eq(upstreams.slug, slug)))
  return {
    refreshUrl: row?.refreshUrl ?? null,
    headers: await findFetchHeaders(store, workspaceId, row?.secretId ?? null),
  }
}

/** The sealed headers of a secret; null where there are none. */
export async function findFetchHeaders(
  store: Store,
  workspaceId: string,
  secretId: string | null,
): Promise<SealedSecret | null> {
  if (secretId === null) return null
  const [row] = await store.db
    .select({ keyId: secrets.keyId, sealed: secrets.sealed })
    .from(secrets)
    .where(and(eq(secrets.workspaceId, workspaceId), eq(secrets.id, secretId)))
  return row ? { ...row, workspaceId, secretId } : null
}
