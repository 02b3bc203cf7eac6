import type { BoundSecret, CatalogCredential, CatalogUpstream } from '@sluice/contract'
import { and, eq, inArray, not } from 'drizzle-orm'
import { isUnset, refersTo } from './conditions.ts'
import type { Database } from './database.ts'
import type { Store } from './open-store.ts'
import { credentials, secrets, upstreams } from './schema.ts'
import { readSnapshot } from './transact.ts'

/** An upstream as calls see it. */
export function readCatalogUpstream(
  store: Store,
  workspaceId: string,
  slug: string,
): Promise<CatalogUpstream | undefined> {
  return readSnapshot(store, async (tx) => {
    const [row] = await tx
      .select({ id: upstreams.id })
      .from(upstreams)
      .where(and(eq(upstreams.workspaceId, workspaceId), eq(upstreams.slug, slug)))
    return row && (await selectUpstreams(tx, workspaceId, [row.id]))[0]
  })
}

/** With what is presented to them. */
export async function selectUpstreams(tx: Database, workspaceId: string, ids: string[]): Promise<CatalogUpstream[]> {
  const { id, slug, baseUrl, allow, securitySchemes, responseFilter, steps, policy } = upstreams
  const rows = await tx
    .select({ id, slug, baseUrl, allow, securitySchemes, responseFilter, steps, policy })
    .from(upstreams)
    .where(and(eq(upstreams.workspaceId, workspaceId), inArray(upstreams.id, ids)))
  const found = await tx
    .select({ credential: credentials, secret: secrets })
    .from(credentials)
    .innerJoin(secrets, refersTo(credentials, credentials.secretId, secrets))
    .where(
      and(
        eq(credentials.workspaceId, workspaceId),
        inArray(credentials.upstreamId, ids),
        eq(credentials.subject, 'shared'),
        // One that is only named so far is missing, and calls say so.
        not(isUnset(secrets.sealed)),
      ),
    )
    .orderBy(credentials.id)
  const parts = await secretsById(
    tx,
    workspaceId,
    found.flatMap(({ credential }) => Object.values(credential.parts)),
  )
  return rows.map(({ responseFilter, ...upstream }) => ({
    ...upstream,
    ...(responseFilter === null ? {} : { responseFilter }),
    credentials: found
      .filter(({ credential }) => credential.upstreamId === upstream.id)
      .map((row) => catalogCredential(row, parts)),
  }))
}

interface CredentialRow {
  readonly credential: typeof credentials.$inferSelect
  readonly secret: typeof secrets.$inferSelect
}

function catalogCredential(
  { credential, secret }: CredentialRow,
  secretsById: ReadonlyMap<string, BoundSecret>,
): CatalogCredential {
  const { id, scheme, origins, placement, tokenGrant } = credential
  const parts = Object.entries(credential.parts).flatMap(([name, secretId]) => {
    const part = secretsById.get(secretId)
    return part ? [[name, part] as const] : []
  })
  return {
    id,
    scheme,
    origins,
    ...(placement ? { placement } : {}),
    ...(tokenGrant ? { grant: tokenGrant } : {}),
    ...(parts.length > 0 ? { parts: Object.fromEntries(parts) } : {}),
    secret: { keyId: secret.keyId, workspaceId: secret.workspaceId, secretId: secret.id, sealed: secret.sealed },
  }
}

export async function secretsById(
  tx: Database,
  workspaceId: string,
  secretIds: readonly string[],
): Promise<Map<string, BoundSecret>> {
  const ids = [...new Set(secretIds)]
  if (ids.length === 0) return new Map()
  const found = await tx
    .select()
    .from(secrets)
    .where(and(eq(secrets.workspaceId, workspaceId), inArray(secrets.id, ids)))
  return new Map(
    found.map(({ id, keyId, sealed, origins }) => [
      id,
      { secret: { keyId, sealed, workspaceId, secretId: id }, origins },
    ]),
  )
}
