import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { countAdminKeys, createAdminKey, findAdminKey } from './admin-keys.ts'
import { adminKeys, auditEvents } from './schema.ts'
import { onEachDatabase } from './testing/databases.ts'
import { newWorkspace } from './testing/examples.ts'

onEachDatabase((store) => {
  test('finds whose key was presented, and nobody for any other', async () => {
    const workspaceId = await newWorkspace(store())
    const { key, ...adminKey } = await createAdminKey(store(), {
      workspaceId,
      actor: 'system',
      name: 'Ada',
      role: 'editor',
    })
    expect(key).toMatch(/^sla_[A-Za-z0-9_-]{43}$/)
    expect(adminKey).toMatchObject({ name: 'Ada', role: 'editor', prefix: key.slice(0, 8) })
    expect(await findAdminKey(store(), key)).toEqual({ id: adminKey.id, workspaceId, name: 'Ada', role: 'editor' })
    for (const other of [`${key}x`, key.slice(0, -1), key.toUpperCase(), '', 'sla_\0']) {
      expect(await findAdminKey(store(), other)).toBeUndefined()
    }
  })

  test('finds nobody for a revoked key', async () => {
    const workspaceId = await newWorkspace(store())
    const { key, ...adminKey } = await createAdminKey(store(), {
      workspaceId,
      actor: 'system',
      name: 'Ada',
      role: 'owner',
    })
    await store().db.update(adminKeys).set({ revokedAt: new Date() }).where(eq(adminKeys.id, adminKey.id))
    expect(await findAdminKey(store(), key)).toBeUndefined()
    expect(await countAdminKeys(store(), workspaceId)).toBe(0)
  })

  test('stores a hash only, and says who made the key', async () => {
    const workspaceId = await newWorkspace(store())
    const { key, ...adminKey } = await createAdminKey(store(), {
      workspaceId,
      name: 'Ada',
      role: 'viewer',
      actor: 'ak_1',
    })
    const rows = await store().db.select().from(adminKeys).where(eq(adminKeys.workspaceId, workspaceId))
    const events = await store().db.select().from(auditEvents).where(eq(auditEvents.workspaceId, workspaceId))
    expect(JSON.stringify([rows, events])).not.toContain(key)
    expect(events).toMatchObject([{ actor: 'ak_1', action: 'admin-key.create', target: adminKey.id }])
  })

  test('counts the keys of one workspace', async () => {
    const [mine, theirs] = [await newWorkspace(store()), await newWorkspace(store())]
    await createAdminKey(store(), { workspaceId: theirs, actor: 'system', name: 'Eve', role: 'owner' })
    expect(await countAdminKeys(store(), mine)).toBe(0)
    expect(await countAdminKeys(store(), theirs)).toBe(1)
  })
})
