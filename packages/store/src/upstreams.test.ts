import { eq, sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { setCredential } from './credentials.ts'
import { auditEvents } from './schema-records.ts'
import { findServer } from './servers.ts'
import { onEachDatabase } from './testing/databases.ts'
import { importExample, newWorkspace, operation, sealer, toolsOf } from './testing/examples.ts'
import {
  createUpstream,
  deleteUpstream,
  findUpstream,
  listUpstreams,
  setEgressAllowances,
  updateUpstream,
} from './upstreams.ts'

const ORIGINS = ['https://api.example.com']

onEachDatabase((store) => {
  const actor = 'ak_someone'
  let count = 0

  /** An upstream with all that hangs on one, on the server `slug`. */
  async function imported(workspaceId: string) {
    const slug = `up-${++count}`
    const credential = { scheme: 'token', secret: 's', origins: ORIGINS }
    await importExample(store(), workspaceId, { slug, operations: [operation('a')], credential })
    return slug
  }
  const create = (workspaceId: string, slug: string) =>
    createUpstream(store(), { workspaceId, actor, values: { slug, name: slug, baseUrl: ORIGINS[0]! } })
  const rowsOf = async (workspaceId: string, table: string) =>
    (await store().db.execute(sql`select from ${sql.identifier(table)} where workspace_id = ${workspaceId}`)).rows
      .length

  test('a slug that is taken gets a number, in its workspace alone', async () => {
    const [workspaceId, other] = [await newWorkspace(store()), await newWorkspace(store())]
    expect((await create(workspaceId, 'books')).slug).toBe('books')
    expect((await create(workspaceId, 'books')).slug).toBe('books-2')
    expect((await create(other, 'books')).slug).toBe('books')
  })

  test('a change is answered, found, audited with what was before, and bumps its servers', async () => {
    const workspaceId = await newWorkspace(store())
    const slug = await imported(workspaceId)
    const before = (await findServer(store(), workspaceId, slug))!.revision
    const change = { name: 'New', baseUrl: 'https://other.example.com' }
    const changed = await updateUpstream(store(), { workspaceId, actor, slug, change })
    expect(changed).toMatchObject({ slug, ...change, tools: { enabled: 1, total: 1 } })
    expect(await findUpstream(store(), workspaceId, slug)).toEqual(changed)
    expect((await findServer(store(), workspaceId, slug))!.revision).toBe(before + 1)
    const allow = ['10.0.0.0/8']
    expect(await setEgressAllowances(store(), { workspaceId, actor, slug, allow })).toMatchObject({ allow })
    expect((await findServer(store(), workspaceId, slug))!.revision).toBe(before + 2)
    const events = await store().db.select().from(auditEvents).where(eq(auditEvents.target, changed!.id))
    expect(events.filter(({ action }) => action.startsWith('upstream.'))).toMatchObject([
      { action: 'upstream.update', before: { name: `The ${slug} API`, baseUrl: ORIGINS[0] }, after: change },
      { action: 'upstream.allow', before: { allow: [] }, after: { allow } },
    ])
  })

  test('a slug of another upstream is refused; its own is none', async () => {
    const workspaceId = await newWorkspace(store())
    await create(workspaceId, 'one')
    await create(workspaceId, 'two')
    const rename = (slug: string) => updateUpstream(store(), { workspaceId, actor, slug: 'two', change: { slug } })
    await expect(rename('one')).rejects.toMatchObject({ code: 'conflict', errors: [{ pointer: '/slug' }] })
    expect(await rename('two')).toMatchObject({ slug: 'two' })
    expect(await rename('three')).toMatchObject({ slug: 'three' })
  })

  test('deleted, it takes all that hangs on it, its secrets too, and leaves the rest', async () => {
    const workspaceId = await newWorkspace(store())
    const [going, staying] = [await imported(workspaceId), await imported(workspaceId)]
    const placed = {
      scheme: 'extra',
      secret: 's',
      origins: ORIGINS,
      placement: { type: 'http', scheme: 'bearer' } as const,
    }
    await setCredential(store(), { workspaceId, actor, upstream: going, credential: placed }, sealer.seal)
    const before = (await findServer(store(), workspaceId, going))!.revision
    expect(await rowsOf(workspaceId, 'secrets')).toBe(3)

    expect(await deleteUpstream(store(), { workspaceId, actor, slug: going })).toBe(true)
    expect(await findUpstream(store(), workspaceId, going)).toBeUndefined()
    for (const table of [
      'upstreams',
      'spec_revisions',
      'operations',
      'operation_versions',
      'tools',
      'server_tools',
      'credentials',
      'secrets',
    ])
      expect([table, await rowsOf(workspaceId, table)]).toEqual([table, 1])
    expect(await toolsOf(store(), workspaceId, staying)).toHaveLength(1)
    const server = await findServer(store(), workspaceId, going)
    expect(server).toMatchObject({ revision: before + 1, tools: { total: 0 } })
    expect(await deleteUpstream(store(), { workspaceId, actor, slug: going })).toBe(false)
  })

  test('S59: another workspace neither sees, changes nor deletes it', async () => {
    const [workspaceId, stranger] = [await newWorkspace(store()), await newWorkspace(store())]
    const slug = await imported(workspaceId)
    const by = { workspaceId: stranger, actor, slug }
    expect((await listUpstreams(store(), stranger, {})).items).toEqual([])
    expect(await updateUpstream(store(), { ...by, change: { name: 'Mine' } })).toBeUndefined()
    expect(await setEgressAllowances(store(), { ...by, allow: ['0.0.0.0/0'] })).toBeUndefined()
    expect(await deleteUpstream(store(), by)).toBe(false)
    expect(await findUpstream(store(), workspaceId, slug)).toMatchObject({ name: `The ${slug} API`, allow: [] })
  })
})
