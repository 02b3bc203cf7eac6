import type { Admin, AdminKey, Role } from '@sluice/contract'
import { and, eq, isNull } from 'drizzle-orm'
import { recordAudit } from './audit.ts'
import { hashKey, newKey } from './keys.ts'
import { newId } from './new-id.ts'
import type { Store } from './open-store.ts'
import { adminKeys } from './schema.ts'
import { transact } from './transact.ts'

/**
 * Makes an AdminKey. `key` is stored as a hash only and never seen again. `actor` is left out by the gateway itself.
 * `beforeCommit` sees the key while it can still be taken back: what it throws undoes the key.
 */
export function createAdminKey(
  store: Store,
  request: { workspaceId: string; name: string; role: Role; actor?: string; beforeCommit?: (key: string) => void },
): Promise<{ adminKey: AdminKey; key: string }> {
  const { workspaceId, name, role, actor = 'system' } = request
  return transact(store, workspaceId, async (tx) => {
    const { key, keyHash, prefix } = newKey('sla')
    const id = newId('ak')
    const createdAt = new Date()
    await tx.insert(adminKeys).values({ workspaceId, id, name, role, keyHash, prefix, createdAt })
    await recordAudit(tx, { workspaceId, actor, action: 'admin-key.create', target: id, after: { name, role, prefix } })
    request.beforeCommit?.(key)
    return { adminKey: { id, name, role, prefix, createdAt: createdAt.toISOString() }, key }
  })
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
