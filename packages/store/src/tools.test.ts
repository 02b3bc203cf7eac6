import type { Tool } from '@sluice/contract'
import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import type { Store } from './open-store.ts'
import { auditEvents } from './schema-records.ts'
import { findServer } from './servers.ts'
import { readCatalogRows } from './testing/catalog-rows.ts'
import { onEachDatabase } from './testing/databases.ts'
import { importExample, newWorkspace, operation, serversOf, toolsOf } from './testing/examples.ts'
import { type ToolChange, updateTool } from './tools.ts'
import { updateTools } from './update-tools.ts'

onEachDatabase((store) => {
  let count = 0

  async function oneTool() {
    const workspaceId = await newWorkspace(store())
    const slug = `tools-${++count}`
    const committed = await importExample(store(), workspaceId, { slug, operations: [operation('a')], enable: false })
    const [tool] = await toolsOf(store(), workspaceId, slug)
    return { ...committed, workspaceId, slug, actor: 'ak_someone', id: tool!.id }
  }

  test('lists the tools of a server by name, byte by byte', async () => {
    const workspaceId = await newWorkspace(store())
    const operations = ['b_2', 'b', 'a_1', 'a1', 'ab'].map((name) => operation(name))
    await importExample(store(), workspaceId, { slug: 'sorted', operations })
    const listed = await toolsOf(store(), workspaceId, 'sorted')
    expect(listed.map(({ name }) => name)).toEqual(['a1', 'a_1', 'ab', 'b', 'b_2'])
    expect(listed[2]).toMatchObject({
      id: listed[2]!.id,
      name: 'ab',
      title: 'Title of ab',
      method: 'GET',
      path: '/ab',
      tags: ['things'],
      tokens: 50,
      enabled: true,
      responseFilter: null,
    })
  })

  test('a change is answered, stored, audited with what was before, and bumps the server', async () => {
    const { workspaceId, slug, actor, id } = await oneTool()
    const before = await findServer(store(), workspaceId, slug)
    const change = { enabled: true, responseFilter: 'items[*].name' }
    const changed = await updateTool(store(), { workspaceId, actor, id, change })
    expect(changed).toMatchObject({ id, name: 'a', ...change })
    expect(await toolsOf(store(), workspaceId, slug)).toMatchObject([shown(changed!)])

    const after = await findServer(store(), workspaceId, slug)
    expect(after!.revision).toBe(before!.revision + 1)
    expect(after!.tools).toEqual({ enabled: 1, total: 1, tokens: 50 })
    expect(await eventsOf(store(), id)).toMatchObject([
      { actor, action: 'tool.update', before: { enabled: false, responseFilter: null }, after: change },
    ])
  })

  test('what a change does not name stays; null takes a filter away', async () => {
    const { workspaceId, slug, actor, id } = await oneTool()
    await updateTool(store(), { workspaceId, actor, id, change: { responseFilter: 'a' } })
    await updateTool(store(), { workspaceId, actor, id, change: { enabled: true } })
    expect(await toolsOf(store(), workspaceId, slug)).toMatchObject([{ enabled: true, responseFilter: 'a' }])
    await updateTool(store(), { workspaceId, actor, id, change: { responseFilter: null } })
    expect(await toolsOf(store(), workspaceId, slug)).toMatchObject([{ enabled: true, responseFilter: null }])
  })

  test('a cache is set, told to catalogs with the version that is served, audited, and taken away', async () => {
    const { workspaceId, slug, serverId, actor, id } = await oneTool()
    const served = async () => (await readCatalogRows(store(), serverId))!.tools[0]!
    const set = async (change: ToolChange) => (await updateTool(store(), { workspaceId, actor, id, change }))!.cache
    expect(await set({ enabled: true })).toBeNull()
    const { cache, operationVersion } = await served()
    expect(cache).toBeNull()
    expect(await set({ cache: { ttlSeconds: 60 } })).toEqual({ ttlSeconds: 60 })
    expect(await served()).toMatchObject({ cache: { ttlSeconds: 60 }, operationVersion })
    await importExample(store(), workspaceId, { slug, operations: [operation('a', 'as it is now')] })
    expect(await served()).toMatchObject({ cache: { ttlSeconds: 60 }, operationVersion: expect.any(String) })
    expect((await served()).operationVersion).not.toBe(operationVersion)
    expect(await set({ cache: null })).toBeNull()
    const told = (await eventsOf(store(), id)).map(({ before, after }) => ({ before, after }))
    expect(told).toContainEqual({ before: { cache: null }, after: { cache: { ttlSeconds: 60 } } })
    expect(told).toContainEqual({ before: { cache: { ttlSeconds: 60 } }, after: { cache: null } })
  })

  test('bumps every server that holds the tool and no other', async () => {
    const { workspaceId, slug, actor, id } = await oneTool()
    await importExample(store(), workspaceId, { slug, server: `${slug}-too`, operations: [operation('a')] })
    await importExample(store(), workspaceId, { slug: `${slug}-other`, operations: [operation('a')] })
    const before = await serversOf(store(), workspaceId)
    await updateTool(store(), { workspaceId, actor, id, change: { enabled: true } })
    const after = await serversOf(store(), workspaceId)
    const bumps = after.map((server, index) => [server.slug, server.revision - before[index]!.revision])
    expect(bumps).toEqual([
      [slug, 1],
      [`${slug}-other`, 0],
      [`${slug}-too`, 1],
    ])
  })

  test('does not enable the tool of an operation that is no longer in the spec', async () => {
    const { workspaceId, slug, actor, id } = await oneTool()
    await importExample(store(), workspaceId, { slug, operations: [] })
    const enabling = updateTool(store(), { workspaceId, actor, id, change: { enabled: true } })
    await expect(enabling).rejects.toMatchObject({ code: 'conflict' })
    expect(await updateTool(store(), { workspaceId, actor, id, change: { enabled: false } })).toMatchObject({ id })
  })

  test('many are changed by ids at once: each has an event of its own, which is found by its id and stays small', async () => {
    const workspaceId = await newWorkspace(store())
    const slug = `many-${++count}`
    const operations = Array.from({ length: 1_200 }, (_, index) => operation(`op_${index}`))
    await importExample(store(), workspaceId, { slug, operations })
    const all = await toolsOf(store(), workspaceId, slug)
    const [kept, ...rest] = all
    const by = { workspaceId, actor: 'ak_someone', enabled: false }
    const before = (await findServer(store(), workspaceId, slug))!.revision

    expect(await updateTools(store(), { ...by, choice: { upstream: slug } })).toEqual({
      matched: all.length,
      changed: all.length,
      skipped: 0,
    })
    for (const { id } of [kept!, rest.at(-1)!]) {
      const events = await eventsOf(store(), id)
      expect(events).toMatchObject([
        { actor: 'ak_someone', action: 'tool.update', before: { enabled: true }, after: { enabled: false } },
      ])
      expect(JSON.stringify(events[0]).length).toBeLessThan(400)
    }
    expect((await findServer(store(), workspaceId, slug))!.revision).toBe(before + 1)
    const ids = [kept!.id, rest[0]!.id]
    expect(await updateTools(store(), { ...by, choice: { q: kept!.name }, ids, enabled: true })).toMatchObject({
      matched: 1,
      changed: 1,
    })
    expect(await updateTools(store(), { ...by, choice: {}, ids })).toEqual({ matched: 2, changed: 1, skipped: 0 })
  })

  test('many by ids: one that is not there, or another workspace’s, and none is changed (S59)', async () => {
    const { workspaceId, slug, actor, id } = await oneTool()
    const stranger = await oneTool()
    const request = { workspaceId, actor, choice: {}, enabled: true }
    for (const unknown of ['tool_nowhere', stranger.id]) {
      const refused = { code: 'invalid-request', errors: [{ pointer: '/tools/1', fix: expect.any(String) }] }
      await expect(updateTools(store(), { ...request, ids: [id, unknown] })).rejects.toMatchObject(refused)
    }
    expect(await toolsOf(store(), workspaceId, slug)).toMatchObject([{ enabled: false }])
    expect(await eventsOf(store(), id)).toEqual([])
  })

  test('S59: another workspace sees neither tools nor server, and changes nothing', async () => {
    const { workspaceId, slug, actor, id } = await oneTool()
    const stranger = await newWorkspace(store())
    expect(await toolsOf(store(), stranger, slug)).toEqual([])
    expect(await serversOf(store(), stranger)).toEqual([])
    expect(await findServer(store(), stranger, slug)).toBeUndefined()
    expect(await updateTool(store(), { workspaceId: stranger, actor, id, change: { enabled: true } })).toBeUndefined()
    expect(await toolsOf(store(), workspaceId, slug)).toMatchObject([{ enabled: false }])
    expect(await eventsOf(store(), id)).toEqual([])
  })
})

async function eventsOf(store: Store, target: string) {
  return store.db.select().from(auditEvents).where(eq(auditEvents.target, target))
}

/** What a list shows of a tool. */
function shown({ id, name, enabled, responseFilter, updatedAt }: Tool) {
  return { id, name, enabled, responseFilter, updatedAt }
}
