import type { Role, SealedSecret } from '@sluice/contract'
import { and, eq, isNotNull, lte, sql } from 'drizzle-orm'
import type { Store } from './open-store.ts'
import { secrets, upstreams } from './schema.ts'

/** An upstream whose document is to be fetched again now. */
export interface DueRefresh {
  readonly workspaceId: string
  readonly slug: string
  readonly url: string
  readonly allow: readonly string[]
  readonly etag: string | null
  /** JSON of the headers it is fetched with. */
  readonly headers: SealedSecret | null
}

/** Who refreshes: nobody's key, with the rights of whoever set the schedule. */
export const REFRESHER = { id: 'system', role: 'owner' as Role } as const

/**
 * Takes the upstreams that are due, and sets when they are due next: of several gateways on one database only one gets each
 * (design 8.12). A gateway that dies while it refreshes leaves the next turn to whoever is there.
 */
export async function claimDueRefreshes(store: Store, most: number): Promise<DueRefresh[]> {
  const due = store.db
    .select({ id: sql`${upstreams.workspaceId} || ' ' || ${upstreams.id}` })
    .from(upstreams)
    .where(
      and(
        isNotNull(upstreams.refreshMinutes),
        isNotNull(upstreams.refreshUrl),
        lte(upstreams.refreshDueAt, sql`now()`),
      ),
    )
    .orderBy(upstreams.refreshDueAt)
    .limit(most)
    .for('update', { skipLocked: true })
  const rows = await store.db
    .update(upstreams)
    .set({ refreshDueAt: sql`now() + make_interval(mins => ${upstreams.refreshMinutes})` })
    .where(sql`${upstreams.workspaceId} || ' ' || ${upstreams.id} in ${due}`)
    .returning({
      workspaceId: upstreams.workspaceId,
      slug: upstreams.slug,
      url: upstreams.refreshUrl,
      allow: upstreams.allow,
      etag: upstreams.refreshEtag,
      secretId: upstreams.fetchSecretId,
    })
  return Promise.all(
    rows.map(async ({ url, secretId, ...row }) => ({
      ...row,
      url: url!,
      headers: await findHeaders(store, row.workspaceId, secretId),
    })),
  )
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
  return { refreshUrl: row?.refreshUrl ?? null, headers: await findHeaders(store, workspaceId, row?.secretId ?? null) }
}

async function findHeaders(store: Store, workspaceId: string, secretId: string | null): Promise<SealedSecret | null> {
  if (secretId === null) return null
  const [row] = await store.db
    .select({ keyId: secrets.keyId, sealed: secrets.sealed })
    .from(secrets)
    .where(and(eq(secrets.workspaceId, workspaceId), eq(secrets.id, secretId)))
  return row ? { ...row, workspaceId, secretId } : null
}

/** Says what a refresh came to; `etag` stands for the document that was read whole. */
export async function recordRefresh(
  store: Store,
  { workspaceId, slug }: Pick<DueRefresh, 'workspaceId' | 'slug'>,
  outcome: { readonly text: string; readonly etag?: string | null },
): Promise<void> {
  const { text, etag } = outcome
  await store.db
    .update(upstreams)
    .set({ refreshedAt: new Date(), refreshOutcome: text, ...(etag === undefined ? {} : { refreshEtag: etag }) })
    .where(and(eq(upstreams.workspaceId, workspaceId), eq(upstreams.slug, slug)))
}
