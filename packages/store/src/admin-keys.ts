import {
  type Admin,
  type AdminKey,
  type CreatedAdminKey,
  type PageOf,
  type PageRequest,
  Problem,
  type Role,
  type UpdateAdminKey,
} from '@sluice/contract'
import { and, eq, isNotNull, isNull } from 'drizzle-orm'
import { fieldsBefore, recordAudit } from './audit-events.ts'
import { holds, is, isRow } from './conditions.ts'
import { createOnce } from './create-once.ts'
import type { Database } from './database.ts'
import { hashKey, newKey } from './keys.ts'
import { newId } from './new-id.ts'
import type { Store } from './open-store.ts'
import { planPage } from './page.ts'
import { adminKeys } from './schema.ts'
import { transact } from './transact.ts'
import type { Changing, Creating, Writing } from './writing.ts'

interface NewAdminKey extends Writing {
  readonly name: string
  readonly role: Role
}

/**
 * Makes an AdminKey. `key` is stored as a hash only and never seen again. `actor` is `system` for the gateway itself.
 * `beforeCommit` sees the key while it can still be taken back: what it throws undoes the key.
 */
export function createAdminKey(
  store: Store,
  request: NewAdminKey & Creating & { readonly beforeCommit?: (key: string) => void },
): Promise<CreatedAdminKey> {
  return createOnce(store, request.workspaceId, request.once, async (tx) => {
    const created = await insertAdminKey(tx, request)
    request.beforeCommit?.(created.key)
    return created
  })
}

/** `createAdminKey` inside a transaction of `transact`. */
export async function insertAdminKey(tx: Database, request: NewAdminKey): Promise<CreatedAdminKey> {
  const { workspaceId, actor, name, role } = request
  const { key, keyHash, prefix } = newKey('sla')
  const row = { workspaceId, id: newId('ak'), name, role, keyHash, prefix, createdAt: new Date(), revokedAt: null }
  await tx.insert(adminKeys).values(row)
  await recordAudit(tx, {
    workspaceId,
    actor,
    action: 'admin-key.create',
    target: row.id,
    after: { name, role, prefix },
  })
  return { ...toAdminKey(row), key }
}

export async function listAdminKeys(
  store: Store,
  workspaceId: string,
  request: PageRequest & { readonly role?: Role; readonly revoked?: boolean; readonly q?: string },
): Promise<PageOf<AdminKey>> {
  const page = planPage<Row>(
    request,
    {
      name: adminKeys.name,
      createdAt: adminKeys.createdAt,
    },
    adminKeys.id,
  )
  const rows = await store.db
    .select()
    .from(adminKeys)
    .where(
      and(
        eq(adminKeys.workspaceId, workspaceId),
        is(adminKeys.role, request.role),
        request.revoked === undefined ? undefined : (request.revoked ? isNotNull : isNull)(adminKeys.revokedAt),
        holds([adminKeys.name], request.q),
        page.where,
      ),
    )
    .orderBy(...page.orderBy)
    .limit(page.limit)
  return page.toPage(rows, toAdminKey)
}

/** The key of an id; whom a presented one belongs to, says `findAdminKey`. */
export function readAdminKey(store: Store, workspaceId: string, id: string): Promise<AdminKey | undefined> {
  return findById(store.db, workspaceId, id)
}

/**
 * Renames a key or gives it another role, from its next request on. Undefined where the workspace has no such key.
 *
 * @throws Problem `conflict` for a revoked key, and where the last owner would be none
 */
export function updateAdminKey(
  store: Store,
  request: Changing<AdminKey> & { readonly id: string; readonly change: UpdateAdminKey },
): Promise<AdminKey | undefined> {
  const { workspaceId, actor, id, change } = request
  return transact(store, workspaceId, async (tx) => {
    const current = await findById(tx, workspaceId, id)
    if (!current) return undefined
    request.check?.(current)
    if (current.revokedAt) throw new Problem('conflict', { detail: 'The key is revoked for good: make a new one.' })
    if (change.role !== undefined && change.role !== 'owner') await keepAnOwner(tx, workspaceId, current, '/role')
    await tx
      .update(adminKeys)
      .set(change)
      .where(isRow(adminKeys, workspaceId, id))
    const before = fieldsBefore(current, change)
    await recordAudit(tx, { workspaceId, actor, action: 'admin-key.update', target: id, before, after: change })
    return { ...current, ...change }
  })
}

/**
 * Revokes a key for good; doing so again changes nothing. Undefined where the workspace has no such key.
 *
 * @throws Problem `conflict` for the last valid key of an owner
 */
export function revokeAdminKey(
  store: Store,
  request: Changing<AdminKey> & { readonly id: string },
): Promise<AdminKey | undefined> {
  const { workspaceId, actor, id } = request
  return transact(store, workspaceId, async (tx) => {
    const current = await findById(tx, workspaceId, id)
    if (!current) return undefined
    request.check?.(current)
    if (current.revokedAt) return current
    await keepAnOwner(tx, workspaceId, current)
    const revokedAt = new Date()
    await tx
      .update(adminKeys)
      .set({ revokedAt })
      .where(isRow(adminKeys, workspaceId, id))
    const change = { before: { revokedAt: null }, after: { revokedAt } }
    await recordAudit(tx, { workspaceId, actor, action: 'admin-key.revoke', target: id, ...change })
    return { ...current, revokedAt: revokedAt.toISOString() }
  })
}

/** Without an owner nobody could make another. @throws Problem `conflict` for the last valid key of one */
async function keepAnOwner(tx: Database, workspaceId: string, { role }: AdminKey, pointer?: string): Promise<void> {
  const owners = and(eq(adminKeys.workspaceId, workspaceId), eq(adminKeys.role, 'owner'), isNull(adminKeys.revokedAt))
  if (role !== 'owner' || (await tx.$count(adminKeys, owners)) > 1) return
  const detail = 'This is the last key of an owner.'
  const fix = 'Make another key of an owner first.'
  throw new Problem('conflict', { detail, errors: [{ ...(pointer ? { pointer } : {}), detail, fix }] })
}

async function findById(db: Database, workspaceId: string, id: string): Promise<AdminKey | undefined> {
  const [row] = await db
    .select()
    .from(adminKeys)
    .where(isRow(adminKeys, workspaceId, id))
  return row && toAdminKey(row)
}

/** Whom a presented key belongs to, unless it is unknown or revoked. */
export async function findAdminKey(store: Store, key: string): Promise<Admin | undefined> {
  const [admin] = await store.db
    .select({ id: adminKeys.id, workspaceId: adminKeys.workspaceId, name: adminKeys.name, role: adminKeys.role })
    .from(adminKeys)
    .where(and(eq(adminKeys.keyHash, hashKey(key)), isNull(adminKeys.revokedAt)))
  return admin
}

/** How many AdminKeys of the workspace are valid. */
export function countAdminKeys(store: Store, workspaceId: string): Promise<number> {
  return store.db.$count(adminKeys, and(eq(adminKeys.workspaceId, workspaceId), isNull(adminKeys.revokedAt)))
}

type Row = typeof adminKeys.$inferSelect

function toAdminKey({ id, name, role, prefix, createdAt, revokedAt }: Row): AdminKey {
  return { id, name, role, prefix, createdAt: createdAt.toISOString(), revokedAt: revokedAt?.toISOString() ?? null }
}
