import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { createAccessKey, revokeAccessKey, updateAccessKey } from './access-keys.ts'
import { createAdminKey } from './admin-keys.ts'
import { fieldsBefore, listAuditEvents, recordAudit } from './audit-events.ts'
import { accessKeys } from './schema.ts'
import { auditEvents, idempotencyKeys } from './schema-records.ts'
import { createSecret } from './secrets.ts'
import { onEachDatabase } from './testing/databases.ts'
import { importExample, newWorkspace, operation, sealer } from './testing/examples.ts'
import { verifyAuditChain } from './verify-audit-chain.ts'

test('what was before a change are the fields that it names', () => {
  const current = { name: 'a', tags: null, enabled: true }
  expect(fieldsBefore(current, { name: 'b', tags: ['x'] })).toEqual({ name: 'a', tags: null })
})

onEachDatabase((store) => {
  const event = (workspaceId: string, action: 'tool.update' | 'tool.create', target: string, actor = 'system') =>
    recordAudit(store().db, { workspaceId, actor, action, target, after: { name: target } })

  test('are listed the newest first, by the name of who did it, and filtered', async () => {
    const workspaceId = await newWorkspace(store())
    const ada = await createAdminKey(store(), { workspaceId, actor: 'system', name: 'Ada', role: 'owner' })
    await event(workspaceId, 'tool.create', 'tool_1', ada.id)
    await event(workspaceId, 'tool.update', 'tool_1')
    await event(workspaceId, 'tool.update', 'tool_2', ada.id)
    const list = async (filter: object) => (await listAuditEvents(store(), workspaceId, filter)).items
    const all = await list({})
    expect(all).toHaveLength(4)
    expect(all.map(({ at }) => at)).toEqual(
      all
        .map(({ at }) => at)
        .toSorted()
        .toReversed(),
    )
    expect(await list({ sort: 'at' })).toEqual(all.toReversed())
    expect((await list({ actor: ada.id })).map(({ actorName }) => actorName)).toEqual(['Ada', 'Ada'])
    expect((await list({ actor: 'system' })).map(({ actorName }) => actorName)).toEqual(['system', 'system'])
    expect(await list({ action: 'tool.update' })).toHaveLength(2)
    expect(await list({ target: 'tool_1', action: 'tool.update' })).toMatchObject([{ after: { name: 'tool_1' } }])
    expect(await list({ target: 'tool_nowhere' })).toEqual([])
  })

  test('S59: are those of one workspace, and the name of nobody in another is told', async () => {
    const [mine, theirs] = [await newWorkspace(store()), await newWorkspace(store())]
    const eve = await createAdminKey(store(), { workspaceId: theirs, actor: 'system', name: 'Eve', role: 'owner' })
    await event(mine, 'tool.update', 'tool_1', eve.id)
    expect((await listAuditEvents(store(), mine, {})).items).toMatchObject([{ actor: eve.id, actorName: eve.id }])
  })

  test('tell of a key’s life what was before and after, and never the key', async () => {
    const workspaceId = await newWorkspace(store())
    const slug = `audit-${workspaceId.slice(-6)}`
    await importExample(store(), workspaceId, { slug, operations: [operation('a')] })
    const by = { workspaceId, actor: 'ak_someone' }
    const { id, key } = await createAccessKey(store(), { ...by, name: 'Claude', servers: [slug] })
    await updateAccessKey(store(), { ...by, id, change: { name: 'Cursor', readOnly: true } })
    await revokeAccessKey(store(), { ...by, id })
    const { items } = await listAuditEvents(store(), workspaceId, { target: id, sort: 'at' })
    const byAction = Object.fromEntries(items.map(({ action, before, after }) => [action, { before, after }]))
    expect(byAction).toMatchObject({
      'access-key.create': { before: null, after: { name: 'Claude', servers: [slug], readOnly: false } },
      'access-key.update': {
        before: { name: 'Claude', readOnly: false },
        after: { name: 'Cursor', readOnly: true },
      },
      'access-key.revoke': { before: { revokedAt: null }, after: { revokedAt: expect.any(String) } },
    })
    const [row] = await store().db.select().from(accessKeys).where(eq(accessKeys.id, id))
    expect(JSON.stringify(items)).not.toContain(key)
    expect(JSON.stringify(items)).not.toContain(row!.keyHash)
  })

  test('a change that fails leaves no event', async () => {
    const workspaceId = await newWorkspace(store())
    const failing = store().db.transaction(async (tx) => {
      await recordAudit(tx, { workspaceId, actor: 'system', action: 'tool.update', target: 'tool_1' })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await store().db.$count(auditEvents, eq(auditEvents.workspaceId, workspaceId))).toBe(0)
  })

  test('S69: a change whose event cannot be written does not happen', async () => {
    const workspaceId = await newWorkspace(store())
    const execute = (query: string) => store().db.execute(query)
    await execute(`alter table audit_events add constraint refused check (workspace_id <> '${workspaceId}')`)
    const values = { name: 'unsaid', value: 's', origins: ['https://api.example.com'] }
    const once = { key: 'once', actor: 'ak_someone', request: 'r', sealer }
    const creating = () => createSecret(store(), { workspaceId, actor: 'ak_someone', values, once }, sealer.seal)
    await expect(creating()).rejects.toThrow()
    await execute('alter table audit_events drop constraint refused')
    const { rows } = await execute(`select from secrets where workspace_id = '${workspaceId}'`)
    expect(rows).toEqual([])
    expect(await store().db.$count(idempotencyKeys, eq(idempotencyKeys.workspaceId, workspaceId))).toBe(0)
    expect(await verifyAuditChain(store(), workspaceId)).toMatchObject({ intact: true, events: 0 })
    await creating()
    expect(await verifyAuditChain(store(), workspaceId)).toMatchObject({ intact: true, events: 1 })
  })
})
