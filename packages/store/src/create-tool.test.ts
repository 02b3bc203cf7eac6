import { and, eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { createTool, deleteTool, type NewTool } from './create-tool.ts'
import { findOperation, listOperations, listOperationVersions } from './operations.ts'
import { auditEvents } from './schema-records.ts'
import { createSecret } from './secrets.ts'
import { addServerTools } from './server-tools.ts'
import { findServer } from './servers.ts'
import { onEachDatabase } from './testing/databases.ts'
import { importExample, newWorkspace, operation, saidBy, sealer, toolsOf } from './testing/examples.ts'
import { findTool } from './tools.ts'

onEachDatabase((store) => {
  const actor = 'ak_someone'
  let count = 0
  const manual = { operation: { method: 'GET' as const, path: '/by_hand' }, name: 'by_hand' }

  /** An upstream, its server, and its one tool `a` of the document. */
  async function imported() {
    const workspaceId = await newWorkspace(store())
    const slug = `ct-${++count}`
    const { serverId } = await importExample(store(), workspaceId, { slug, operations: [operation('a')] })
    const [first] = await toolsOf(store(), workspaceId, slug)
    const { id, operation: operationId } = first!
    const create = (tool: Partial<NewTool>) =>
      createTool(store(), {
        workspaceId,
        actor,
        tool: { name: 'mine', source: { operation: operationId }, edits: {}, ...tool },
      })
    const remove = (id: string) => deleteTool(store(), { workspaceId, actor, id })
    return { workspaceId, slug, serverId, id, operationId, create, remove }
  }

  test('a further tool stands on the version of the first, beside it', async () => {
    const { workspaceId, id, operationId, create } = await imported()
    const edits = { description: 'Mine', responseFilter: 'x', arguments: { q: { value: 1 } } }
    const made = await create({ edits })
    const [tool, first] = [await findTool(store(), workspaceId, made.id), await findTool(store(), workspaceId, id)]
    expect(tool).toMatchObject({
      name: 'mine',
      kind: 'operation',
      operation: operationId,
      enabled: true,
      ownDescription: 'Mine',
      responseFilter: 'x',
      argumentEdits: { q: { value: 1 } },
      servers: [],
    })
    expect(tool!.definition).toEqual(first!.definition)
    expect(first).toMatchObject({ name: 'a', ownDescription: null })
    const [event] = await store().db.select().from(auditEvents).where(eq(auditEvents.target, made.id))
    expect(event).toMatchObject({ actor, action: 'tool.create', before: null, after: { name: 'mine', method: 'GET' } })
  })

  test('manual ones of one method and path share an operation; what each says is a version', async () => {
    const { workspaceId, slug, create } = await imported()
    const source = (says: string) => ({ upstream: slug, derived: operation('by_hand', says), manual })
    const [one, two, three] = [
      await create({ name: 'one', source: source('this') }),
      await create({ name: 'two', source: source('that') }),
      await create({ name: 'three', source: source('this') }),
    ]
    const tools = await Promise.all([one, two, three].map(({ id }) => findTool(store(), workspaceId, id)))
    const [first] = tools
    expect(tools.map((tool) => [tool!.kind, tool!.operation])).toEqual(tools.map(() => ['manual', first!.operation]))
    expect(tools.map((tool) => saidBy(tool!.definition))).toEqual(['this', 'that', 'this'])
    expect((await listOperationVersions(store(), workspaceId, first!.operation, {})).items).toHaveLength(2)
  })

  test('a manual operation may stand beside the document’s own, and no import touches it', async () => {
    const { workspaceId, slug, operationId, create } = await imported()
    const { id } = await create({ source: { upstream: slug, derived: operation('a', 'by hand'), manual } })
    expect((await findTool(store(), workspaceId, id))!.operation).not.toBe(operationId)
    await importExample(store(), workspaceId, { slug, operations: [] })
    expect(await findTool(store(), workspaceId, id)).toMatchObject({ removed: false, enabled: true })
    expect((await listOperations(store(), workspaceId, slug, {})).items).toHaveLength(2)
  })

  test('a name that the upstream has, and what is not there, are refused, and nothing is made', async () => {
    const { workspaceId, slug, create } = await imported()
    const foreign = await imported()
    const derived = operation('by_hand')
    await expect(create({ name: 'a' })).rejects.toMatchObject({ code: 'conflict', errors: [{ pointer: '/name' }] })
    for (const operation of ['op_nowhere', foreign.operationId])
      await expect(create({ source: { operation } })).rejects.toMatchObject({
        code: 'invalid-request',
        errors: [{ pointer: '/operation/id' }],
      })
    for (const upstream of ['nowhere', foreign.slug])
      await expect(create({ source: { upstream, derived, manual } })).rejects.toMatchObject({
        code: 'invalid-request',
        errors: [{ pointer: '/manual/upstream', fix: expect.any(String) }],
      })
    const values = { name: 's', value: 's', origins: ['https://api.example.com'] }
    const theirs = await createSecret(store(), { workspaceId: foreign.workspaceId, actor, values }, sealer.seal)
    for (const secret of ['sec_nowhere', theirs.id])
      await expect(
        create({ source: { upstream: slug, derived, manual }, edits: { arguments: { q: { secret } } } }),
      ).rejects.toMatchObject({ code: 'invalid-request', errors: [{ pointer: '/arguments/q/secret' }] })
    expect((await listOperations(store(), workspaceId, slug, {})).items).toHaveLength(1)
  })

  test('deleted, it leaves its servers, which are bumped; a manual operation goes with its last tool', async () => {
    const { workspaceId, slug, serverId, create, remove } = await imported()
    const source = { upstream: slug, derived: operation('by_hand'), manual }
    const [one, two] = [await create({ name: 'one', source }), await create({ name: 'two', source })]
    const { operation: operationId } = (await findTool(store(), workspaceId, one.id))!
    await addServerTools(store(), { workspaceId, actor, serverId, tools: [{ id: one.id }] })
    const { revision } = (await findServer(store(), workspaceId, slug))!
    expect(await remove(one.id)).toBe(true)
    expect((await toolsOf(store(), workspaceId, slug)).map(({ name }) => name)).toEqual(['a'])
    expect((await findServer(store(), workspaceId, slug))!.revision).toBe(revision + 1)
    expect(await findOperation(store(), workspaceId, operationId)).toBeDefined()
    expect(await remove(two.id)).toBe(true)
    expect(await findOperation(store(), workspaceId, operationId)).toBeUndefined()
    expect(await remove(two.id)).toBe(false)
    const events = and(eq(auditEvents.workspaceId, workspaceId), eq(auditEvents.action, 'tool.delete'))
    expect(await store().db.select().from(auditEvents).where(events)).toMatchObject([
      { target: one.id, before: { name: 'one' } },
      { target: two.id, before: { name: 'two' } },
    ])
  })

  test('the last tool of an operation of the document stays: the next import would miss it', async () => {
    const { workspaceId, id, create, remove } = await imported()
    await expect(remove(id)).rejects.toMatchObject({ code: 'conflict' })
    await create({})
    expect(await remove(id)).toBe(true)
    expect(await findTool(store(), workspaceId, id)).toBeUndefined()
  })

  test('S59: another workspace’s is not there to delete', async () => {
    const { workspaceId, create } = await imported()
    const { id } = await create({})
    expect(await deleteTool(store(), { workspaceId: await newWorkspace(store()), actor, id })).toBe(false)
    expect(await findTool(store(), workspaceId, id)).toMatchObject({ name: 'mine' })
  })
})
