import { type AccessKey, type CreatedAccessKey, Problem } from '@sluice/contract'
import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { recordAudit } from './audit.ts'
import { refersTo } from './conditions.ts'
import type { Database } from './database.ts'
import { newKey } from './keys.ts'
import { newId } from './new-id.ts'
import type { Store } from './open-store.ts'
import { bumpRevisions } from './revisions.ts'
import { accessKeyServers, accessKeys, servers } from './schema.ts'
import { transact } from './transact.ts'

export interface NewAccessKey {
  readonly workspaceId: string
  /** An AdminKey's id. */
  readonly actor: string
  readonly name: string
  /** Slugs. */
  readonly servers: readonly string[]
  /** ISO 8601. */
  readonly expiresAt?: string
}

/**
 * Makes an AccessKey. `key` is stored as a hash only and never seen again.
 *
 * @throws Problem `invalid-request`, with a pointer to each slug that names no server of the workspace.
 */
export function createAccessKey(store: Store, request: NewAccessKey): Promise<CreatedAccessKey> {
  return transact(store, request.workspaceId, (tx) => insertAccessKey(tx, request))
}

/** `createAccessKey` inside a transaction of `transact`. */
export async function insertAccessKey(tx: Database, request: NewAccessKey): Promise<CreatedAccessKey> {
  const { workspaceId, actor, name } = request
  const serverIds = await idsOfServers(tx, workspaceId, request.servers)
  const { key, keyHash, prefix } = newKey('slk')
  const id = newId('key')
  const createdAt = new Date()
  const expiresAt = request.expiresAt === undefined ? null : new Date(request.expiresAt)
  await tx.insert(accessKeys).values({ workspaceId, id, name, keyHash, prefix, createdAt, expiresAt })
  await tx.insert(accessKeyServers).values(serverIds.map((serverId) => ({ workspaceId, accessKeyId: id, serverId })))

  const shown = { name, prefix, servers: [...request.servers].sort(), expiresAt: expiresAt?.toISOString() ?? null }
  await recordAudit(tx, { workspaceId, actor, action: 'access-key.create', target: id, after: shown })
  await bumpRevisions(tx, workspaceId, serverIds)
  return { id, ...shown, createdAt: createdAt.toISOString(), revokedAt: null, key }
}

/** All keys of the workspace, the newest first; revoked and expired ones too. */
export function listAccessKeys(store: Store, workspaceId: string): Promise<AccessKey[]> {
  return selectAccessKeys(store.db, workspaceId)
}

/** Revokes a key for good; doing so again changes nothing. Undefined where the workspace has no such key. */
export function revokeAccessKey(
  store: Store,
  request: { workspaceId: string; actor: string; id: string },
): Promise<AccessKey | undefined> {
  const { workspaceId, actor, id } = request
  return transact(store, workspaceId, async (tx) => {
    const revoked = await tx
      .update(accessKeys)
      .set({ revokedAt: new Date() })
      .where(and(eq(accessKeys.workspaceId, workspaceId), eq(accessKeys.id, id), isNull(accessKeys.revokedAt)))
      .returning({ name: accessKeys.name })
    const [accessKey] = await selectAccessKeys(tx, workspaceId, id)
    if (revoked.length === 0 || !accessKey) return accessKey

    const change = { before: { revokedAt: null }, after: { revokedAt: accessKey.revokedAt } }
    await recordAudit(tx, { workspaceId, actor, action: 'access-key.revoke', target: id, ...change })
    await bumpRevisions(tx, workspaceId, await idsOfServers(tx, workspaceId, accessKey.servers))
    return accessKey
  })
}

async function idsOfServers(tx: Database, workspaceId: string, slugs: readonly string[]): Promise<string[]> {
  const rows = await tx
    .select({ id: servers.id, slug: servers.slug })
    .from(servers)
    .where(and(eq(servers.workspaceId, workspaceId), inArray(servers.slug, [...slugs])))
  const known = new Set(rows.map((row) => row.slug))
  const errors = slugs.flatMap((slug, index) =>
    known.has(slug) ? [] : [{ pointer: `/servers/${index}`, detail: `There is no server "${slug}".` }],
  )
  if (errors.length > 0) throw new Problem('invalid-request', { detail: errors[0]!.detail, errors })
  return rows.map((row) => row.id)
}

async function selectAccessKeys(db: Database, workspaceId: string, id?: string): Promise<AccessKey[]> {
  const rows = await db
    .select({
      id: accessKeys.id,
      name: accessKeys.name,
      prefix: accessKeys.prefix,
      servers: sql<string[]>`array_agg(${servers.slug} order by ${servers.slug})`,
      createdAt: accessKeys.createdAt,
      expiresAt: accessKeys.expiresAt,
      revokedAt: accessKeys.revokedAt,
    })
    .from(accessKeys)
    .leftJoin(accessKeyServers, refersTo(accessKeyServers, accessKeyServers.accessKeyId, accessKeys))
    .leftJoin(servers, refersTo(accessKeyServers, accessKeyServers.serverId, servers))
    .where(and(eq(accessKeys.workspaceId, workspaceId), id === undefined ? undefined : eq(accessKeys.id, id)))
    .groupBy(accessKeys.workspaceId, accessKeys.id)
    .orderBy(desc(accessKeys.createdAt), desc(accessKeys.id))
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  }))
}
