import type { Role, SealedSecret } from '@sluice/contract'
import { and, eq, isNotNull, lte, sql } from 'drizzle-orm'
import { findFetchHeaders } from './fetch-headers.ts'
import type { Store } from './open-store.ts'
import { upstreams } from './schema.ts'

/** An upstream whose document is to be fetched again now. */
export interface DueRefresh {
  readonly workspaceId: string
  readonly slug: string
  readonly url: string
  readonly allow: readonly string[]
  /** What the site said of the document's version: an entity tag, else the date of its last change (RFC 9110 8.8). */
  readonly validator: string | null
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
      validator: upstreams.refreshEtag,
      secretId: upstreams.fetchSecretId,
    })
  return Promise.all(
    rows.map(async ({ url, secretId, ...row }) => ({
      ...row,
      url: url!,
      headers: await findFetchHeaders(store, row.workspaceId, secretId),
    })),
  )
}

/** Says what a refresh came to; `validator` stands for the document that was read whole. */
export async function recordRefresh(
  store: Store,
  { workspaceId, slug }: Pick<DueRefresh, 'workspaceId' | 'slug'>,
  outcome: { readonly text: string; readonly validator?: string | null },
): Promise<void> {
  const { text, validator } = outcome
  await store.db
    .update(upstreams)
    .set({
      refreshedAt: new Date(),
      refreshOutcome: text,
      ...(validator === undefined ? {} : { refreshEtag: validator }),
    })
    .where(and(eq(upstreams.workspaceId, workspaceId), eq(upstreams.slug, slug)))
}
