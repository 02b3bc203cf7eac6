import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import {
  countAdminKeys,
  createAdminKey,
  findAdminKey,
  listAdminKeys,
  readAdminKey,
  revokeAdminKey,
  updateAdminKey,
} from './admin-keys.ts'
import { listAuditEvents } from './audit-events.ts'
import { adminKeys } from './schema.ts'
import { auditEvents } from './schema-records.ts'
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

  test('another role holds from the next request on; the last owner stays one, a revoked key stays as it is', async () => {
    const workspaceId = await newWorkspace(store())
    const by = { workspaceId, actor: 'ak_1' }
    const ada = await createAdminKey(store(), { ...by, name: 'Ada', role: 'owner' })
    const demote = { ...by, id: ada.id, change: { role: 'viewer' as const } }
    const refused = { code: 'conflict', errors: [{ pointer: '/role', fix: expect.stringContaining('another') }] }
    await expect(updateAdminKey(store(), demote)).rejects.toMatchObject(refused)
    await expect(revokeAdminKey(store(), { ...by, id: ada.id })).rejects.toMatchObject({ code: 'conflict' })
    const rename = { ...by, id: ada.id, change: { name: 'Ada L.' } }
    expect(await updateAdminKey(store(), rename)).toMatchObject({ name: 'Ada L.', role: 'owner' })

    const eve = await createAdminKey(store(), { ...by, name: 'Eve', role: 'owner' })
    const current = await readAdminKey(store(), workspaceId, ada.id)
    const changed = await updateAdminKey(store(), { ...demote, check: (key) => expect(key).toEqual(current) })
    expect(changed).toEqual({ ...current, role: 'viewer' })
    expect(await findAdminKey(store(), ada.key)).toMatchObject({ role: 'viewer' })
    await expect(updateAdminKey(store(), { ...demote, id: eve.id })).rejects.toMatchObject(refused)
    expect(await updateAdminKey(store(), { ...demote, id: 'ak_nobody' })).toBeUndefined()

    await revokeAdminKey(store(), { ...by, id: ada.id })
    await expect(updateAdminKey(store(), rename)).rejects.toMatchObject({ code: 'conflict' })
    const events = await listAuditEvents(store(), workspaceId, { action: 'admin-key.update', sort: 'at' })
    expect(events.items).toMatchObject([
      { target: ada.id, before: { name: 'Ada' }, after: { name: 'Ada L.' } },
      { target: ada.id, before: { role: 'owner' }, after: { role: 'viewer' } },
    ])
  })

  test('a list is narrowed by role, by whether they are revoked, and by name', async () => {
    const workspaceId = await newWorkspace(store())
    const by = { workspaceId, actor: 'system' }
    for (const role of ['owner', 'editor', 'viewer'] as const)
      await createAdminKey(store(), { ...by, name: `the ${role}`, role })
    const names = async (filter: Parameters<typeof listAdminKeys>[2]) =>
      (await listAdminKeys(store(), workspaceId, { ...filter, sort: 'name' })).items.map(({ name }) => name)
    const [viewer] = (await listAdminKeys(store(), workspaceId, { role: 'viewer' })).items
    await revokeAdminKey(store(), { ...by, id: viewer!.id })
    expect(await names({ role: 'editor' })).toEqual(['the editor'])
    expect(await names({ revoked: true })).toEqual(['the viewer'])
    expect(await names({ revoked: false })).toEqual(['the editor', 'the owner'])
    expect(await names({ q: 'OWN' })).toEqual(['the owner'])
  })

  test('counts the keys of one workspace', async () => {
    const [mine, theirs] = [await newWorkspace(store()), await newWorkspace(store())]
    await createAdminKey(store(), { workspaceId: theirs, actor: 'system', name: 'Eve', role: 'owner' })
    expect(await countAdminKeys(store(), mine)).toBe(0)
    expect(await countAdminKeys(store(), theirs)).toBe(1)
  })
})
