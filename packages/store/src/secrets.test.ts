import { and, eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { setCredential } from './credentials.ts'
import { secrets } from './schema.ts'
import { auditEvents } from './schema-records.ts'
import { createSecret, deleteSecret, findSecret, listSecrets, updateSecret } from './secrets.ts'
import { findServer } from './servers.ts'
import { onEachDatabase } from './testing/databases.ts'
import { importExample, newWorkspace, operation, sealer, toolsOf } from './testing/examples.ts'
import { updateTool } from './tools.ts'

const ORIGINS = ['https://api.example.com']

onEachDatabase((store) => {
  const actor = 'ak_someone'
  const create = (workspaceId: string, name = 'tenant', value = 'canary-1') =>
    createSecret(store(), { workspaceId, actor, values: { name, value, origins: ORIGINS } }, sealer.seal)
  const opened = async (workspaceId: string, id: string) => {
    const [row] = await store()
      .db.select()
      .from(secrets)
      .where(and(eq(secrets.workspaceId, workspaceId), eq(secrets.id, id)))
    return sealer.open({ workspaceId, secretId: id, keyId: row!.keyId, sealed: row!.sealed })
  }

  /** A secret that a tool on the server `slug` has an argument fixed to. */
  async function usedSecret() {
    const workspaceId = await newWorkspace(store())
    const slug = `secrets-${workspaceId.slice(-6)}`
    await importExample(store(), workspaceId, { slug, operations: [operation('a'), operation('b')] })
    const { id } = await create(workspaceId)
    const [tool] = await toolsOf(store(), workspaceId, slug)
    await updateTool(store(), { workspaceId, actor, id: tool!.id, change: { arguments: { q: { secret: id } } } })
    return { workspaceId, slug, id, toolId: tool!.id }
  }

  test('is found and listed without its value, which opens for calls alone', async () => {
    const workspaceId = await newWorkspace(store())
    const made = await create(workspaceId)
    expect(made).toMatchObject({ name: 'tenant', origins: ORIGINS, tools: 0 })
    expect(await findSecret(store(), workspaceId, made.id)).toEqual(made)
    expect((await listSecrets(store(), workspaceId, {})).items).toEqual([made])
    expect(await opened(workspaceId, made.id)).toBe('canary-1')
  })

  test('S39: neither the rows nor the audit trail show a value, old or new', async () => {
    const workspaceId = await newWorkspace(store())
    const { id } = await create(workspaceId)
    await updateSecret(store(), { workspaceId, actor, id, change: { value: 'canary-2', name: 'renamed' } }, sealer.seal)
    await updateSecret(store(), { workspaceId, actor, id, change: { name: 'again' } }, sealer.seal)
    expect(await opened(workspaceId, id)).toBe('canary-2')
    await deleteSecret(store(), { workspaceId, actor, id })
    const events = await store()
      .db.select()
      .from(auditEvents)
      .where(eq(auditEvents.workspaceId, workspaceId))
      .orderBy(auditEvents.at, auditEvents.id)
    expect(JSON.stringify(events)).not.toContain('canary')
    const byAction = events.map(({ action, before, after }) => ({ action, before, after }))
    expect(byAction).toHaveLength(4)
    expect(byAction).toEqual(
      expect.arrayContaining([
        { action: 'secret.create', before: null, after: { name: 'tenant', origins: ORIGINS } },
        { action: 'secret.update', before: { name: 'tenant' }, after: { name: 'renamed', valueChanged: true } },
        { action: 'secret.update', before: { name: 'renamed' }, after: { name: 'again', valueChanged: false } },
        { action: 'secret.delete', before: { name: 'again', origins: ORIGINS }, after: null },
      ]),
    )
  })

  test('a name is taken once in a workspace; its own it may keep', async () => {
    const [workspaceId, other] = [await newWorkspace(store()), await newWorkspace(store())]
    const { id } = await create(workspaceId)
    const taken = { code: 'conflict', errors: [{ pointer: '/name' }] }
    await expect(create(workspaceId)).rejects.toMatchObject(taken)
    await create(other)
    const { id: second } = await create(workspaceId, 'second')
    const rename = (id: string) =>
      updateSecret(store(), { workspaceId, actor, id, change: { name: 'tenant' } }, sealer.seal)
    await expect(rename(second)).rejects.toMatchObject(taken)
    expect(await rename(id)).toMatchObject({ name: 'tenant' })
  })

  test('a new value bumps the servers that use it, so that calls take it', async () => {
    const { workspaceId, slug, id } = await usedSecret()
    const before = (await findServer(store(), workspaceId, slug))!.revision
    await updateSecret(store(), { workspaceId, actor, id, change: { value: 'canary-2' } }, sealer.seal)
    expect((await findServer(store(), workspaceId, slug))!.revision).toBe(before + 1)
    const { id: unused } = await create(workspaceId, 'unused')
    await updateSecret(store(), { workspaceId, actor, id: unused, change: { value: 'x' } }, sealer.seal)
    expect((await findServer(store(), workspaceId, slug))!.revision).toBe(before + 1)
  })

  test('is not deleted while a tool uses it', async () => {
    const { workspaceId, id, toolId } = await usedSecret()
    expect(await findSecret(store(), workspaceId, id)).toMatchObject({ tools: 1 })
    await expect(deleteSecret(store(), { workspaceId, actor, id })).rejects.toMatchObject({ code: 'conflict' })
    await updateTool(store(), { workspaceId, actor, id: toolId, change: { arguments: {} } })
    expect(await deleteSecret(store(), { workspaceId, actor, id })).toBe(true)
    expect(await findSecret(store(), workspaceId, id)).toBeUndefined()
  })

  test('those of credentials are no resource of their own', async () => {
    const workspaceId = await newWorkspace(store())
    await importExample(store(), workspaceId, { slug: 'of-credentials', operations: [] })
    const credential = { scheme: 'token', secret: 's', origins: ORIGINS }
    await setCredential(store(), { workspaceId, actor, upstream: 'of-credentials', credential }, sealer.seal)
    const [held] = await store().db.select().from(secrets).where(eq(secrets.workspaceId, workspaceId))
    const { id } = held!
    expect(await findSecret(store(), workspaceId, id)).toBeUndefined()
    expect((await listSecrets(store(), workspaceId, {})).items).toEqual([])
    expect(await deleteSecret(store(), { workspaceId, actor, id })).toBe(false)
    const change = { value: 'taken over' }
    expect(await updateSecret(store(), { workspaceId, actor, id, change }, sealer.seal)).toBeUndefined()
    expect(await opened(workspaceId, id)).toBe('s')
  })

  test('S59: is not there for another workspace', async () => {
    const { workspaceId, id } = await usedSecret()
    const stranger = await newWorkspace(store())
    const by = { workspaceId: stranger, actor, id }
    expect(await findSecret(store(), stranger, id)).toBeUndefined()
    expect(await updateSecret(store(), { ...by, change: { value: 'x' } }, sealer.seal)).toBeUndefined()
    expect(await deleteSecret(store(), by)).toBe(false)
    expect(await opened(workspaceId, id)).toBe('canary-1')
  })
})
