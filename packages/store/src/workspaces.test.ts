import { eq, sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { createAccessKey } from './access-keys.ts'
import { findAdminKey } from './admin-keys.ts'
import { setComposite } from './composites.ts'
import { keepContinuation } from './continuations.ts'
import { readDirectory } from './directory.ts'
import { listInstallationEvents } from './installation-events.ts'
import { createIssuer } from './issuers.ts'
import type { Store } from './open-store.ts'
import { setPrompt } from './prompts.ts'
import { leaseCalls } from './rate-windows.ts'
import { recordCalls } from './recorded-calls.ts'
import { setResource } from './resources.ts'
import { setSample } from './samples.ts'
import { auditEvents } from './schema-records.ts'
import { createSecret } from './secrets.ts'
import { onEachDatabase } from './testing/databases.ts'
import { finished, importExample, newWorkspace, operation, sealer, toolsOf } from './testing/examples.ts'
import { createUpstream } from './upstreams.ts'
import {
  createWorkspace,
  deleteWorkspace,
  ensureDefaultWorkspace,
  findWorkspace,
  listWorkspaces,
  updateWorkspace,
} from './workspaces.ts'

onEachDatabase((store) => {
  const actor = 'installation'
  let count = 0

  /** A workspace with a row in every table. */
  async function fullWorkspace(): Promise<string> {
    await ensureDefaultWorkspace(store())
    const { id: workspaceId } = await createWorkspace(store(), { actor, values: { name: 'Full' } })
    const slug = `full-${++count}`
    const credential = { scheme: 'token', secret: 's', origins: ['https://api.example.com'] }
    await importExample(store(), workspaceId, { slug, operations: [operation('a')], credential })
    await createAccessKey(store(), { workspaceId, actor, name: 'k', servers: [slug] })
    const issuer = { name: 'i', issuer: 'https://login.test', servers: [slug] }
    await createIssuer(store(), { workspaceId, actor, values: issuer })
    const values = { name: 'tenant', value: 's', origins: ['https://api.example.com'] }
    const once = { key: 'once', actor, request: 'r', sealer }
    await createSecret(store(), { workspaceId, actor, values, once }, sealer.seal)
    const [tool] = await toolsOf(store(), workspaceId, slug)
    await setSample(store(), { workspaceId, actor, toolId: tool!.id, name: 's', sample: { answer: { body: 1 } } })
    const offered = { workspaceId, actor, server: slug, name: 'o' }
    await setResource(store(), { ...offered, resource: { uri: 'x:o', text: 'o' } })
    await setPrompt(store(), { ...offered, prompt: { messages: [{ role: 'user', text: 'o' }] } })
    await setComposite(store(), { ...offered, composite: { description: 'o', code: 'return 1' } })
    await leaseCalls(store(), { workspaceId, scope: 'key k', window: 1, wanted: 1, limit: 1 })
    await keepContinuation(store(), { workspaceId, callerId: 'ak' }, 'text', 600_000, sealer)
    await recordCalls(store(), [finished(workspaceId)], [{ id: `drop-${slug}`, workspaceId, calls: 1 }])
    return workspaceId
  }

  test('there is one default workspace, however many ask for it at once', async () => {
    const found = await Promise.all([1, 2, 3].map(() => ensureDefaultWorkspace(store())))
    expect(new Set(found.map(({ id }) => id))).toEqual(new Set(['ws_default']))
  })

  test('a new one has an owner, and is found and listed by name', async () => {
    await ensureDefaultWorkspace(store())
    const { adminKey, ...made } = await createWorkspace(store(), { actor, values: { name: 'zz last' } })
    expect(await findAdminKey(store(), adminKey.key)).toMatchObject({ workspaceId: made.id, role: 'owner' })
    expect(await findWorkspace(store(), made.id)).toEqual(made)
    const listed = await listWorkspaces(store(), { sort: '-name', limit: 1 })
    expect(listed.items).toEqual([made])
    const events = await store().db.select().from(auditEvents).where(eq(auditEvents.workspaceId, made.id))
    expect(JSON.stringify(events)).not.toContain(adminKey.key)
  })

  test('a new name is stored and audited there; a workspace that is not there is refused', async () => {
    const id = await newWorkspace(store())
    const change = { name: 'Renamed' }
    expect(await updateWorkspace(store(), { workspaceId: id, actor, change })).toMatchObject({ id, ...change })
    expect(await findWorkspace(store(), id)).toMatchObject(change)
    const events = await store().db.select().from(auditEvents).where(eq(auditEvents.workspaceId, id))
    expect(events).toMatchObject([
      { action: 'workspace.update', actor, target: id, before: { name: 'A workspace' }, after: change },
    ])
    const nowhere = { workspaceId: 'ws_nowhere', actor, change }
    await expect(updateWorkspace(store(), nowhere)).rejects.toMatchObject({ code: 'not-found' })
  })

  test('deleted, no table holds a row of it, and another loses none', async () => {
    const [going, staying] = [await fullWorkspace(), await fullWorkspace()]
    const before = await rowsByTable(store(), staying)
    expect(Object.entries(before).filter(([, rows]) => rows === 0)).toEqual([])
    await deleteWorkspace(store(), { workspaceId: going, actor })
    expect(Object.entries(await rowsByTable(store(), going)).filter(([, rows]) => rows > 0)).toEqual([])
    expect(await findWorkspace(store(), going)).toBeUndefined()
    expect(await rowsByTable(store(), staying)).toEqual(before)
    const directory = await readDirectory(store())
    expect(
      [...directory.servers, ...directory.keys, ...directory.issuers].filter(
        ({ workspaceId }) => workspaceId === going,
      ),
    ).toEqual([])
  })

  test('what was done to a workspace outlives it, outside of all workspaces', async () => {
    const { id, adminKey } = await createWorkspace(store(), { actor, values: { name: 'Passing' } })
    await updateWorkspace(store(), { workspaceId: id, actor, change: { name: 'Passed' } })
    const refuse = () => {
      throw new Error('it was changed')
    }
    await expect(deleteWorkspace(store(), { workspaceId: id, actor, check: refuse })).rejects.toThrow('it was changed')
    await deleteWorkspace(store(), { workspaceId: id, actor })
    const { items } = await listInstallationEvents(store(), { target: id })
    expect(
      items.map(({ actor: by, actorName, action, before, after }) => [by, actorName, action, before, after]),
    ).toEqual([
      [actor, actor, 'workspace.delete', { name: 'Passed', createdAt: expect.any(String) }, null],
      [actor, actor, 'workspace.update', { name: 'Passing' }, { name: 'Passed' }],
      [actor, actor, 'workspace.create', null, { name: 'Passing' }],
    ])
    expect(JSON.stringify(items)).not.toContain(adminKey.key)
    const deletions = await listInstallationEvents(store(), { action: 'workspace.delete', limit: 1 })
    expect(deletions.items).toEqual([items[0]])
  })

  test('gateways hear of a deletion', async () => {
    const id = await fullWorkspace()
    const heard = Promise.withResolvers<void>()
    const stop = store().onChange(heard.resolve)
    await deleteWorkspace(store(), { workspaceId: id, actor })
    await heard.promise
    stop()
  })

  test('the default workspace and one that is not there cannot be deleted', async () => {
    await ensureDefaultWorkspace(store())
    await expect(deleteWorkspace(store(), { workspaceId: 'ws_default', actor })).rejects.toMatchObject({
      code: 'conflict',
    })
    await expect(deleteWorkspace(store(), { workspaceId: 'ws_nowhere', actor })).rejects.toMatchObject({
      code: 'not-found',
    })
    expect(await findWorkspace(store(), 'ws_default')).toMatchObject({ name: 'Default' })
  })

  test('who writes while it is deleted is written before, or finds it gone', async () => {
    const workspaceId = await fullWorkspace()
    const write = (number: number) => {
      const values = { slug: `late-${number}`, name: 'Late', baseUrl: 'https://api.example.com' }
      return createUpstream(store(), { workspaceId, actor, values })
    }
    const writes = Promise.allSettled([1, 2, 3].map(write))
    await deleteWorkspace(store(), { workspaceId, actor })
    const late = await Promise.allSettled([4, 5].map(write))
    const refused = [...(await writes), ...late].flatMap((result) =>
      result.status === 'rejected' ? [result.reason.code] : [],
    )
    expect(new Set(refused)).toEqual(new Set(['not-found']))
    expect(Object.values(await rowsByTable(store(), workspaceId)).every((rows) => rows === 0)).toBe(true)
  })
})

/** How many rows each table has of a workspace: of every table that has such rows at all. */
async function rowsByTable({ db }: Store, workspaceId: string): Promise<Record<string, number>> {
  const { rows } = await db.execute<{ name: string }>(
    sql`select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'workspace_id' order by 1`,
  )
  const counts = rows.map(async ({ name }): Promise<[string, number]> => {
    const found = await db.execute(sql`select from ${sql.identifier(name)} where workspace_id = ${workspaceId}`)
    return [name, found.rows.length]
  })
  return Object.fromEntries(await Promise.all(counts))
}
