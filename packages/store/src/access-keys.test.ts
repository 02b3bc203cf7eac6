import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { createAccessKey, listAccessKeys, revokeAccessKey } from './access-keys.ts'
import { readDirectory } from './directory.ts'
import { hashKey } from './keys.ts'
import type { Store } from './open-store.ts'
import { accessKeys } from './schema.ts'
import { auditEvents } from './schema-records.ts'
import { findServer } from './servers.ts'
import { onEachDatabase } from './testing/databases.ts'
import { importExample, newWorkspace, operation } from './testing/examples.ts'

onEachDatabase((store) => {
  let count = 0

  /** A workspace with two servers. */
  async function twoServers(): Promise<{ workspaceId: string; actor: string; one: string; two: string }> {
    const workspaceId = await newWorkspace(store())
    const [one, two] = [`keys-${++count}`, `keys-${++count}`]
    for (const slug of [one, two]) await importExample(store(), workspaceId, { slug, operations: [operation('a')] })
    return { workspaceId, actor: 'ak_someone', one, two }
  }

  test('makes a key for servers, and lists it without the key itself', async () => {
    const { workspaceId, actor, one, two } = await twoServers()
    const expiresAt = '2099-01-01T00:00:00.000Z'
    const servers = [two, one]
    const { key, ...shown } = await createAccessKey(store(), { workspaceId, actor, name: 'Claude', servers, expiresAt })
    expect(key).toMatch(/^slk_[A-Za-z0-9_-]{43}$/)
    expect(shown).toMatchObject({
      name: 'Claude',
      prefix: key.slice(0, 8),
      servers: [one, two],
      expiresAt,
      revokedAt: null,
    })
    const [newest] = (await listAccessKeys(store(), workspaceId)).items
    expect(newest).toEqual(shown)
  })

  test('S39: stores a hash only, in the key as in the audit event', async () => {
    const { workspaceId, actor, one } = await twoServers()
    const { key, id } = await createAccessKey(store(), { workspaceId, actor, name: 'Claude', servers: [one] })
    const [row] = await store().db.select().from(accessKeys).where(eq(accessKeys.id, id))
    expect(row!.keyHash).toBe(hashKey(key))
    const events = await store().db.select().from(auditEvents).where(eq(auditEvents.target, id))
    expect(events).toMatchObject([{ workspaceId, actor, action: 'access-key.create', after: { name: 'Claude' } }])
    expect(JSON.stringify([row, events])).not.toContain(key)
  })

  test('refuses a server that is not there, or is another workspace’s, with a pointer', async () => {
    const { workspaceId, actor, one } = await twoServers()
    const foreign = (await twoServers()).one
    const before = await revisionOf(store(), workspaceId, one)
    const request = { workspaceId, actor, name: 'Claude', servers: [one, foreign, 'nowhere'] }
    await expect(createAccessKey(store(), request)).rejects.toMatchObject({
      code: 'invalid-request',
      errors: [{ pointer: '/servers/1' }, { pointer: '/servers/2' }],
    })
    expect(await revisionOf(store(), workspaceId, one)).toBe(before)
  })

  test('S48: making and revoking a key bumps the revision of its servers and of no other', async () => {
    const { workspaceId, actor, one, two } = await twoServers()
    const before = [await revisionOf(store(), workspaceId, one), await revisionOf(store(), workspaceId, two)]
    const { id } = await createAccessKey(store(), { workspaceId, actor, name: 'Claude', servers: [one] })
    expect(await revisionOf(store(), workspaceId, one)).toBe(before[0]! + 1)
    await revokeAccessKey(store(), { workspaceId, actor, id })
    expect(await revisionOf(store(), workspaceId, one)).toBe(before[0]! + 2)
    expect(await revisionOf(store(), workspaceId, two)).toBe(before[1])
  })

  test('S48: a revoked key leaves the directory and stays in the list', async () => {
    const { workspaceId, actor, one } = await twoServers()
    const { id } = await createAccessKey(store(), { workspaceId, actor, name: 'Claude', servers: [one] })
    const isKnown = async () => (await readDirectory(store())).keys.some((key) => key.id === id)
    expect(await isKnown()).toBe(true)
    const revoked = await revokeAccessKey(store(), { workspaceId, actor, id })
    expect(revoked!.revokedAt).not.toBeNull()
    expect(await isKnown()).toBe(false)
    expect((await listAccessKeys(store(), workspaceId)).items).toContainEqual(revoked)
  })

  test('revoking twice changes nothing the second time', async () => {
    const { workspaceId, actor, one } = await twoServers()
    const { id } = await createAccessKey(store(), { workspaceId, actor, name: 'Claude', servers: [one] })
    const first = await revokeAccessKey(store(), { workspaceId, actor, id })
    const revision = await revisionOf(store(), workspaceId, one)
    expect(await revokeAccessKey(store(), { workspaceId, actor, id })).toEqual(first)
    expect(await revisionOf(store(), workspaceId, one)).toBe(revision)
    const events = await store().db.select().from(auditEvents).where(eq(auditEvents.target, id))
    expect(events.map((event) => event.action).sort()).toEqual(['access-key.create', 'access-key.revoke'])
  })

  test('S59: another workspace cannot see or revoke a key', async () => {
    const { workspaceId, actor, one } = await twoServers()
    const { id } = await createAccessKey(store(), { workspaceId, actor, name: 'Claude', servers: [one] })
    const stranger = await newWorkspace(store())
    expect((await listAccessKeys(store(), stranger)).items).toEqual([])
    expect(await revokeAccessKey(store(), { workspaceId: stranger, actor, id })).toBeUndefined()
    expect((await listAccessKeys(store(), workspaceId)).items[0]).toMatchObject({ id, revokedAt: null })
  })

  test('knows no key of an odd id', async () => {
    const { workspaceId, actor } = await twoServers()
    for (const id of ['', '\0', "' or 1=1 --", '\ud800']) {
      expect(await revokeAccessKey(store(), { workspaceId, actor, id })).toBeUndefined()
    }
  })
})

async function revisionOf(store: Store, workspaceId: string, slug: string): Promise<number> {
  return (await findServer(store, workspaceId, slug))!.revision
}
