import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { setComposite } from './composites.ts'
import { auditEvents } from './schema-records.ts'
import { addServerTools, listServerTools, removeServerTool, updateServerTool } from './server-tools.ts'
import { createServer, findServer } from './servers.ts'
import { onEachDatabase } from './testing/databases.ts'
import { importExample, newWorkspace, operation, toolsOf } from './testing/examples.ts'

onEachDatabase((store) => {
  const actor = 'ak_someone'
  let count = 0

  /** Two upstreams that both have the tools `a` and `b`, and a server without any. */
  async function emptyServer() {
    const workspaceId = await newWorkspace(store())
    const [one, two, slug] = [`st-${++count}-one`, `st-${count}-two`, `st-${count}`]
    const operations = [operation('a'), operation('b')]
    for (const upstream of [one, two]) await importExample(store(), workspaceId, { slug: upstream, operations })
    const { id: serverId } = await createServer(store(), { workspaceId, actor, values: { name: 'S', slug } })
    const [ofOne, ofTwo] = [await toolsOf(store(), workspaceId, one), await toolsOf(store(), workspaceId, two)]
    const ids = { a: ofOne[0]!.id, b: ofOne[1]!.id, otherA: ofTwo[0]!.id }
    const by = { workspaceId, actor, serverId }
    return {
      by,
      ids,
      slug,
      add: (...tools: Parameters<typeof addServerTools>[1]['tools']) => addServerTools(store(), { ...by, tools }),
      names: async () => (await toolsOf(store(), workspaceId, slug)).map(({ name }) => name),
      revision: async () => (await findServer(store(), workspaceId, slug))!.revision,
      events: async () =>
        (await store().db.select().from(auditEvents).where(eq(auditEvents.target, serverId))).filter(({ action }) =>
          action.startsWith('server-tool.'),
        ),
    }
  }

  test('tools of several upstreams are put on it at once, under aliases; that is one change', async () => {
    const { ids, add, names, revision, events } = await emptyServer()
    const before = await revision()
    const added = [{ id: ids.a }, { id: ids.otherA, alias: 'z_other', unlisted: true, pinned: true }]
    await add(...added)
    expect(await names()).toEqual(['a', 'z_other'])
    expect(await revision()).toBe(before + 1)
    expect(await events()).toMatchObject([{ actor, action: 'server-tool.add', after: { tools: added } }])
  })

  test('at most ten stay listed where tools are found; composites count as well', async () => {
    const workspaceId = await newWorkspace(store())
    const [upstream, slug] = [`pin-${++count}-api`, `pin-${count}`]
    const operations = Array.from({ length: 11 }, (_, at) => operation(`op${at}`))
    await importExample(store(), workspaceId, { slug: upstream, operations })
    const { id: serverId } = await createServer(store(), { workspaceId, actor, values: { name: 'S', slug } })
    const ids = (await toolsOf(store(), workspaceId, upstream)).map(({ id }) => id)
    const by = { workspaceId, actor, serverId }
    const pin = (...some: string[]) => some.map((id) => ({ id, pinned: true }))
    await expect(addServerTools(store(), { ...by, tools: pin(...ids) })).rejects.toThrow(
      'At most 10 tools and composites',
    )
    expect(await toolsOf(store(), workspaceId, slug)).toEqual([])
    await addServerTools(store(), { ...by, tools: [...pin(...ids.slice(0, 9)), { id: ids[9]! }, { id: ids[10]! }] })
    const composite = { description: 'd', code: 'return 1', pinned: true }
    const place = { workspaceId, actor, server: slug, name: 'made' }
    await setComposite(store(), { ...place, composite })
    const more = updateServerTool(store(), { ...by, toolId: ids[9]!, change: { pinned: true } })
    await expect(more).rejects.toMatchObject({ code: 'conflict' })
    await setComposite(store(), { ...place, composite: { ...composite, pinned: false } })
    await updateServerTool(store(), { ...by, toolId: ids[9]!, change: { pinned: true } })
  })

  test('one that is there already keeps its place; where nothing is added, nothing changed', async () => {
    const { ids, add, names, revision, events } = await emptyServer()
    await add({ id: ids.a, alias: 'first' })
    const before = await revision()
    await add({ id: ids.a, alias: 'second' })
    expect([await names(), await revision()]).toEqual([['first'], before])
    await add({ id: ids.a }, { id: ids.b })
    expect([await names(), await revision()]).toEqual([['b', 'first'], before + 1])
    expect((await events()).map(({ after }) => after)).toMatchObject([{}, { tools: [{ id: ids.b }] }])
  })

  test('two of one name are refused, and none is put there', async () => {
    const { ids, add, names, revision } = await emptyServer()
    const before = await revision()
    const conflict = (index: number) => ({ code: 'conflict', errors: [{ pointer: `/tools/${index}/alias` }] })
    await expect(add({ id: ids.a }, { id: ids.otherA })).rejects.toMatchObject(conflict(1))
    await expect(add({ id: ids.a, alias: 'b' }, { id: ids.b })).rejects.toMatchObject(conflict(1))
    expect([await names(), await revision()]).toEqual([[], before])
    await add({ id: ids.a })
    await expect(add({ id: ids.otherA })).rejects.toMatchObject(conflict(0))
    // B36: to some clients these are one.
    await expect(add({ id: ids.otherA, alias: 'A' })).rejects.toMatchObject(conflict(0))
    await add({ id: ids.otherA, alias: 'other_a' })
    await expect(add({ id: ids.b, alias: 'Other-A' })).rejects.toMatchObject(conflict(0))
    expect(await names()).toEqual(['a', 'other_a'])
  })

  test('a tool that is not there, or is another workspace’s, is refused with a pointer, and none is put there', async () => {
    const { ids, add, names } = await emptyServer()
    const foreign = (await emptyServer()).ids.a
    await expect(add({ id: ids.a }, { id: foreign }, { id: 'tool_nowhere' })).rejects.toMatchObject({
      code: 'invalid-request',
      errors: [{ pointer: '/tools/1/id' }, { pointer: '/tools/2/id' }],
    })
    expect(await names()).toEqual([])
  })

  test('an alias is changed and taken away, audited with what was, and bumps the server', async () => {
    const { by, ids, add, names, revision, events } = await emptyServer()
    await add({ id: ids.a, alias: 'first' })
    const before = await revision()
    const update = (change: Parameters<typeof updateServerTool>[1]['change'], toolId = ids.a) =>
      updateServerTool(store(), { ...by, toolId, change })
    expect(await update({ alias: 'second', unlisted: true })).toMatchObject({ name: 'second', unlisted: true })
    expect(await update({ alias: null })).toMatchObject({ name: 'a', alias: null, unlisted: true })
    expect([await names(), await revision()]).toEqual([['a'], before + 2])
    expect((await events()).slice(1)).toMatchObject([
      {
        action: 'server-tool.update',
        before: { tool: ids.a, alias: 'first', unlisted: false },
        after: { tool: ids.a, alias: 'second', unlisted: true },
      },
      { before: { alias: 'second' }, after: { alias: null } },
    ])
    expect(await update({ alias: 'x' }, ids.b)).toBeUndefined()
  })

  test('an alias that another has there is refused, and stays as it was', async () => {
    const { by, ids, add, names, revision } = await emptyServer()
    await add({ id: ids.a }, { id: ids.b, alias: 'bee' })
    const before = await revision()
    const update = (toolId: string, alias: string | null) =>
      updateServerTool(store(), { ...by, toolId, change: { alias } })
    const conflict = { code: 'conflict', errors: [{ pointer: '/alias' }] }
    await expect(update(ids.a, 'bee')).rejects.toMatchObject(conflict)
    await expect(update(ids.b, 'a')).rejects.toMatchObject(conflict)
    await expect(update(ids.b, 'A')).rejects.toMatchObject(conflict)
    expect([await names(), await revision()]).toEqual([['a', 'bee'], before])
    expect(await update(ids.b, 'bee')).toMatchObject({ name: 'bee' })
  })

  test('taken off, it is gone from there alone', async () => {
    const { by, ids, slug, add, names, revision, events } = await emptyServer()
    await add({ id: ids.a }, { id: ids.b })
    const before = await revision()
    expect(await removeServerTool(store(), { ...by, toolId: ids.a })).toBe(true)
    expect([await names(), await revision()]).toEqual([['b'], before + 1])
    expect(await removeServerTool(store(), { ...by, toolId: ids.a })).toBe(false)
    expect(await revision()).toBe(before + 1)
    expect((await toolsOf(store(), by.workspaceId, `${slug}-one`)).map(({ id }) => id)).toContain(ids.a)
    expect((await events()).at(-1)).toMatchObject({ action: 'server-tool.remove', before: { tool: ids.a } })
  })

  test('S59: another workspace neither sees nor changes what is there', async () => {
    const { by, ids, slug, add, names } = await emptyServer()
    await add({ id: ids.a })
    const stranger = await newWorkspace(store())
    const theirs = { ...by, workspaceId: stranger, toolId: ids.a }
    expect((await listServerTools(store(), stranger, slug)).items).toEqual([])
    expect(await updateServerTool(store(), { ...theirs, change: { alias: 'x' } })).toBeUndefined()
    expect(await removeServerTool(store(), theirs)).toBe(false)
    const adding = addServerTools(store(), { ...theirs, tools: [{ id: ids.b }] })
    await expect(adding).rejects.toMatchObject({ code: 'invalid-request' })
    expect(await names()).toEqual(['a'])
  })
})
