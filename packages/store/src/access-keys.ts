import {
  type AccessKey,
  type CreateAccessKey,
  type CreatedAccessKey,
  type PageOf,
  type PageRequest,
  Problem,
  type UpdateAccessKey,
} from '@sluice/contract'
import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import { fieldsBefore, recordAudit } from './audit-events.ts'
import { isRow, refersTo } from './conditions.ts'
import { createOnce } from './create-once.ts'
import type { Database } from './database.ts'
import { newKey } from './keys.ts'
import { newId } from './new-id.ts'
import type { Store } from './open-store.ts'
import { planPage } from './page.ts'
import { bumpRevisions } from './revisions.ts'
import { accessKeyServers, accessKeys, servers } from './schema.ts'
import { idsOfServers } from './servers.ts'
import { refuseMissingTools } from './tools.ts'
import { transact } from './transact.ts'
import type { Changing, Creating } from './writing.ts'

export type NewAccessKey = Creating & CreateAccessKey

/**
 * Makes an AccessKey. `key` is stored as a hash only and never seen again.
 *
 * @throws Problem `invalid-request`, with a pointer to each server and tool that the workspace does not have.
 */
export function createAccessKey(store: Store, request: NewAccessKey): Promise<CreatedAccessKey> {
  return createOnce(store, request.workspaceId, request.once, (tx) => insertAccessKey(tx, request))
}

/** `createAccessKey` inside a transaction of `transact`. */
export async function insertAccessKey(tx: Database, request: NewAccessKey): Promise<CreatedAccessKey> {
  const { workspaceId, actor, name, tools: toolIds = null, tags = null, readOnly = false, limits = null } = request
  const serverIds = await idsOfServers(tx, workspaceId, request.servers)
  if (toolIds) await refuseMissingTools(tx, workspaceId, toolIds)
  const { key, keyHash, prefix } = newKey('slk')
  const id = newId('key')
  const expiresAt = request.expiresAt === undefined ? null : new Date(request.expiresAt)
  const row = {
    workspaceId,
    id,
    name,
    keyHash,
    prefix,
    createdAt: new Date(),
    expiresAt,
    toolIds,
    tags,
    readOnly,
    limits,
  }
  await tx.insert(accessKeys).values(row)
  await bindServers(tx, workspaceId, id, serverIds)
  const created = (await findById(tx, workspaceId, id))!
  const { servers: slugs } = created
  const after = { name, prefix, servers: slugs, expiresAt: created.expiresAt, tools: toolIds, tags, readOnly, limits }
  await recordAudit(tx, { workspaceId, actor, action: 'access-key.create', target: id, after })
  await bumpRevisions(tx, workspaceId, serverIds)
  return { ...created, key }
}

/** The newest first unless asked otherwise; revoked and expired ones too. */
export async function listAccessKeys(
  store: Store,
  workspaceId: string,
  request: PageRequest & { readonly server?: string; readonly revoked?: boolean } = {},
): Promise<PageOf<AccessKey>> {
  const page = planPage<Row>(
    { sort: '-createdAt', ...request },
    {
      createdAt: accessKeys.createdAt,
      name: accessKeys.name,
    },
    accessKeys.id,
  )
  const { server, revoked } = request
  const opens = sql`${accessKeys.id} in (select ${accessKeyServers.accessKeyId} from ${accessKeyServers}
    join ${servers} as wanted on wanted.workspace_id = ${accessKeyServers.workspaceId} and wanted.id = ${accessKeyServers.serverId}
    where ${accessKeyServers.workspaceId} = ${workspaceId} and wanted.slug = ${server})`
  const rows = await selectAccessKeys(
    store.db,
    and(
      eq(accessKeys.workspaceId, workspaceId),
      server === undefined ? undefined : opens,
      revoked === undefined ? undefined : sql`(${accessKeys.revokedAt} is not null) = ${revoked}`,
      page.where,
    ),
  )
    .orderBy(...page.orderBy)
    .limit(page.limit)
  return page.toPage(rows, toAccessKey)
}

export function findAccessKey(store: Store, workspaceId: string, id: string): Promise<AccessKey | undefined> {
  return findById(store.db, workspaceId, id)
}

/**
 * Changes what a key may do. Undefined where the workspace has no such key.
 * @throws Problem `conflict` for a revoked key, `invalid-request` as `createAccessKey`
 */
export function updateAccessKey(
  store: Store,
  request: Changing<AccessKey> & { readonly id: string; readonly change: UpdateAccessKey },
): Promise<AccessKey | undefined> {
  const { workspaceId, actor, id, change } = request
  return transact(store, workspaceId, async (tx) => {
    const current = await findById(tx, workspaceId, id)
    if (!current) return undefined
    request.check?.(current)
    if (current.revokedAt) throw new Problem('conflict', { detail: 'The key is revoked for good: make a new one.' })
    if (change.tools) await refuseMissingTools(tx, workspaceId, change.tools)
    const before = await idsOfServers(tx, workspaceId, current.servers)
    const serverIds = change.servers ? await idsOfServers(tx, workspaceId, change.servers) : before
    await tx
      .update(accessKeys)
      .set(columnsOf(change, current))
      .where(isRow(accessKeys, workspaceId, id))
    await tx
      .delete(accessKeyServers)
      .where(and(eq(accessKeyServers.workspaceId, workspaceId), eq(accessKeyServers.accessKeyId, id)))
    await bindServers(tx, workspaceId, id, serverIds)
    const was = fieldsBefore(current, change)
    await recordAudit(tx, { workspaceId, actor, action: 'access-key.update', target: id, before: was, after: change })
    await bumpRevisions(tx, workspaceId, [...new Set([...before, ...serverIds])])
    return findById(tx, workspaceId, id)
  })
}

/** Revokes a key for good; doing so again changes nothing. Undefined where the workspace has no such key. */
export function revokeAccessKey(
  store: Store,
  request: Changing<AccessKey> & { readonly id: string },
): Promise<AccessKey | undefined> {
  const { workspaceId, actor, id } = request
  return transact(store, workspaceId, async (tx) => {
    const current = await findById(tx, workspaceId, id)
    if (current) request.check?.(current)
    const revoked = await tx
      .update(accessKeys)
      .set({ revokedAt: new Date() })
      .where(and(isRow(accessKeys, workspaceId, id), isNull(accessKeys.revokedAt)))
      .returning({ name: accessKeys.name })
    const accessKey = await findById(tx, workspaceId, id)
    if (revoked.length === 0 || !accessKey) return accessKey

    const change = { before: { revokedAt: null }, after: { revokedAt: accessKey.revokedAt } }
    await recordAudit(tx, { workspaceId, actor, action: 'access-key.revoke', target: id, ...change })
    await bumpRevisions(tx, workspaceId, await idsOfServers(tx, workspaceId, accessKey.servers))
    return accessKey
  })
}

/** Keeps when keys were last used; a later time is never replaced by an earlier one. */
export async function recordKeyUse(store: Store, uses: ReadonlyMap<string, Date>): Promise<void> {
  if (uses.size === 0) return
  const ids = sql.param([...uses.keys()])
  const times = sql.param([...uses.values()].map((at) => at.toISOString()))
  await store.db.execute(sql`update ${accessKeys} set last_used_at = used.at
    from unnest(${ids}::text[], ${times}::timestamptz[]) as used (id, at)
    where ${accessKeys.id} = used.id and (${accessKeys.lastUsedAt} is null or ${accessKeys.lastUsedAt} < used.at)`)
}

function columnsOf({ name, tools: toolIds, tags, readOnly, limits, expiresAt }: UpdateAccessKey, current: AccessKey) {
  return {
    // Something must be set, even where only the servers change.
    name: name ?? current.name,
    toolIds,
    tags,
    readOnly,
    limits,
    ...(expiresAt === undefined ? {} : { expiresAt: expiresAt === null ? null : new Date(expiresAt) }),
  }
}

async function bindServers(tx: Database, workspaceId: string, accessKeyId: string, serverIds: readonly string[]) {
  if (serverIds.length === 0) return
  await tx.insert(accessKeyServers).values(serverIds.map((serverId) => ({ workspaceId, accessKeyId, serverId })))
}

async function findById(db: Database, workspaceId: string, id: string): Promise<AccessKey | undefined> {
  const [row] = await selectAccessKeys(db, isRow(accessKeys, workspaceId, id))
  return row && toAccessKey(row)
}

function selectAccessKeys(db: Database, where: SQL | undefined) {
  return db
    .select({
      id: accessKeys.id,
      name: accessKeys.name,
      prefix: accessKeys.prefix,
      // A server that was deleted is none of the key's.
      servers: sql<
        string[]
      >`coalesce(array_agg(${servers.slug} order by ${servers.slug}) filter (where ${servers.slug} is not null), '{}')`,
      tools: accessKeys.toolIds,
      tags: accessKeys.tags,
      readOnly: accessKeys.readOnly,
      limits: accessKeys.limits,
      createdAt: accessKeys.createdAt,
      expiresAt: accessKeys.expiresAt,
      revokedAt: accessKeys.revokedAt,
      lastUsedAt: accessKeys.lastUsedAt,
    })
    .from(accessKeys)
    .leftJoin(accessKeyServers, refersTo(accessKeyServers, accessKeyServers.accessKeyId, accessKeys))
    .leftJoin(servers, refersTo(accessKeyServers, accessKeyServers.serverId, servers))
    .where(where)
    .groupBy(accessKeys.workspaceId, accessKeys.id)
}

type Row = Awaited<ReturnType<typeof selectAccessKeys>>[number]

function toAccessKey(row: Row): AccessKey {
  return {
    ...row,
    tools: row.tools && [...row.tools],
    tags: row.tags && [...row.tags],
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  }
}
