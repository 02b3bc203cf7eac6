import type { ChangeNote, ImportCommit } from '@sluice/contract'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { agreeToChanges } from './agree-to-changes.ts'
import { listAuditEvents } from './audit-events.ts'
import { commitImport, commitRefresh, readServedDefinitions } from './imports.ts'
import { listOperations } from './operations.ts'
import { claimDueRefreshes, recordRefresh } from './refreshes.ts'
import { upstreams } from './schema.ts'
import { readStoredOperations } from './stored-operations.ts'
import { readCatalogRows } from './testing/catalog-rows.ts'
import { onEachDatabase } from './testing/databases.ts'
import { importExample, newWorkspace, operation, planImport, saidBy, sealer, toolsOf } from './testing/examples.ts'
import { listTools } from './tools.ts'
import { updateTools } from './update-tools.ts'
import { findUpstream, updateUpstream } from './upstreams.ts'

const note: ChangeNote = { risk: 'review', what: ['text'], details: ['Its description reads otherwise'] }
const held = (commit: ImportCommit): ImportCommit => ({
  ...commit,
  changes: commit.changes.map((change) => (change.kind === 'changed' ? { ...change, note, hold: true } : change)),
})

onEachDatabase((store) => {
  const by = (workspaceId: string) => ({ workspaceId, actor: 'ak_someone' })
  const served = async (serverId: string) =>
    (await readCatalogRows(store(), serverId))!.tools.map(({ definition }) => saidBy(definition))

  async function heldImport() {
    const workspaceId = await newWorkspace(store())
    const before = ['a', 'b', 'c'].map((name) => operation(name, 'old'))
    const { serverId } = await importExample(store(), workspaceId, { slug: 'held', operations: before })
    await updateTools(store(), { ...by(workspaceId), choice: { q: 'c' }, enabled: false })
    const after = ['a', 'b', 'c'].map((name) => operation(name, 'new'))
    await commitImport(
      store(),
      held(await planImport(store(), workspaceId, { slug: 'held', operations: after, enable: false })),
      sealer.seal,
    )
    return { workspaceId, serverId, after }
  }

  test('S29 enabled tools of a held change go on serving the old version, disabled ones follow', async () => {
    const { workspaceId, serverId, after } = await heldImport()
    expect(await served(serverId)).toEqual(['old', 'old'])
    const { items } = await listTools(store(), workspaceId, { limit: 10, pending: true })
    expect(items.map(({ name, pending }) => [name, pending])).toEqual([
      ['a', { ...note, version: expect.stringMatching(/^ver_/) }],
      ['b', { ...note, version: expect.stringMatching(/^ver_/) }],
    ])
    expect((await findUpstream(store(), workspaceId, 'held'))!.tools).toEqual({ enabled: 2, total: 3, pending: 2 })
    const stored = await readStoredOperations(store(), workspaceId, 'held')
    expect(stored.operations.map(({ contentHash }) => contentHash)).toEqual(after.map(({ contentHash }) => contentHash))
    const definitions = await readServedDefinitions(
      store(),
      workspaceId,
      stored.operations.map(({ id }) => id),
    )
    expect([...definitions.values()].flat().map(saidBy).toSorted()).toEqual(['new', 'old', 'old'])
  })

  test('agreeing to one, then to all, moves the pointers and says so', async () => {
    const { workspaceId, serverId } = await heldImport()
    const [a] = (await listTools(store(), workspaceId, { limit: 10, pending: true })).items
    const other = { id: a!.id, version: 'ver_another' }
    await expect(agreeToChanges(store(), { ...by(workspaceId), of: other })).rejects.toMatchObject({
      code: 'conflict',
      errors: [{ pointer: 'version' }],
    })
    expect(await served(serverId)).toEqual(['old', 'old'])
    const seen = { id: a!.id, version: a!.pending!.version }
    expect(await agreeToChanges(store(), { ...by(workspaceId), of: seen })).toEqual([a!.id])
    expect(await served(serverId)).toEqual(['new', 'old'])
    expect(await agreeToChanges(store(), { ...by(workspaceId), of: { id: a!.id } })).toEqual([])
    expect(await agreeToChanges(store(), { ...by(workspaceId), of: { choice: { upstream: 'held' } } })).toHaveLength(1)
    expect(await served(serverId)).toEqual(['new', 'new'])
    const events = await listAuditEvents(store(), workspaceId, { limit: 10, action: 'tool.agree' })
    expect(events.items.map(({ target }) => target)).toContain(a!.id)
    expect(events.items[0]!.after).toMatchObject({ note })
    const stranger = await newWorkspace(store())
    expect(await agreeToChanges(store(), { ...by(stranger), of: { id: a!.id } })).toBeUndefined()
  })

  test('a document that goes back to what is served leaves nothing to agree to', async () => {
    const { workspaceId, serverId } = await heldImport()
    const back = ['a', 'b', 'c'].map((name) => operation(name, 'old'))
    await commitImport(
      store(),
      held(await planImport(store(), workspaceId, { slug: 'held', operations: back, enable: false })),
      sealer.seal,
    )
    expect((await listTools(store(), workspaceId, { limit: 10, pending: true })).items).toEqual([])
    expect(await served(serverId)).toEqual(['old', 'old'])
  })

  test('design 3: an operation that moved keeps its id and its tool, also to where another was removed', async () => {
    const workspaceId = await newWorkspace(store())
    const first = { slug: 'moves', operations: [operation('a'), operation('b')] }
    const { serverId } = await importExample(store(), workspaceId, first)
    const [a] = await toolsOf(store(), workspaceId, 'moves')
    await importExample(store(), workspaceId, { slug: 'moves', operations: [operation('a')] })
    const derived = { ...operation('b', 'moved'), operationId: 'theB' }
    const plan = await planImport(store(), workspaceId, { slug: 'moves', operations: [] })
    const stored = (await readStoredOperations(store(), workspaceId, 'moves')).operations.find(
      ({ path }) => path === '/a',
    )!
    const changes = [{ kind: 'moved' as const, derived, stored, enable: false, note, held: false }]
    await commitImport(store(), { ...plan, changes }, sealer.seal)
    const { items } = await listOperations(store(), workspaceId, 'moves', { limit: 10, removed: false })
    expect(items).toMatchObject([{ id: stored.id, path: '/b', tools: [{ id: a!.id, name: 'a' }] }])
    expect(await served(serverId)).toEqual(['moved'])
    expect((await readStoredOperations(store(), workspaceId, 'moves')).operations).toContainEqual(
      expect.objectContaining({ path: '/b', operationId: 'theB' }),
    )
  })

  test('a refresh puts nothing new on a server', async () => {
    const workspaceId = await newWorkspace(store())
    const { serverId } = await importExample(store(), workspaceId, { slug: 'fresh', operations: [operation('a')] })
    const operations = [operation('a', 'changed'), operation('b')]
    const { server: _server, ...plan } = await planImport(store(), workspaceId, {
      slug: 'fresh',
      operations,
      enable: false,
    })
    await commitRefresh(store(), plan)
    expect(await served(serverId)).toEqual(['changed'])
    expect(
      (await listTools(store(), workspaceId, { limit: 10 })).items.map(({ name, enabled }) => [name, enabled]),
    ).toEqual([
      ['a', true],
      ['b', false],
    ])
  })

  test('of several gateways one takes what is due, and each upstream once', async () => {
    const workspaceId = await newWorkspace(store())
    for (const slug of ['x', 'y', 'sent'])
      await importExample(store(), workspaceId, { slug, operations: [operation('a')] })
    await store()
      .db.update(upstreams)
      .set({ refreshUrl: 'https://api.test/openapi.json' })
      .where(sql`${upstreams.slug} in ('x', 'y') and ${upstreams.workspaceId} = ${workspaceId}`)
    const schedule = (slug: string, refreshMinutes: number | null) =>
      updateUpstream(store(), { ...by(workspaceId), slug, change: { refreshMinutes } })
    await expect(schedule('sent', 60)).rejects.toMatchObject({
      code: 'conflict',
      errors: [{ pointer: '/refreshMinutes' }],
    })
    for (const slug of ['x', 'y']) await schedule(slug, 60)
    const claims = await Promise.all([1, 2, 3].map(() => claimDueRefreshes(store(), 10)))
    expect(
      claims
        .flat()
        .filter((due) => due.workspaceId === workspaceId)
        .map(({ slug }) => slug)
        .toSorted(),
    ).toEqual(['x', 'y'])
    expect(await claimDueRefreshes(store(), 10)).toEqual([])
    await recordRefresh(store(), { workspaceId, slug: 'x' }, { text: '1 changed', validator: '"e"' })
    const found = await findUpstream(store(), workspaceId, 'x')
    expect(found).toMatchObject({
      refreshMinutes: 60,
      refresh: { lastOutcome: '1 changed', url: 'https://api.test/openapi.json' },
    })
    expect(Date.parse(found!.refresh.dueAt!) - Date.now()).toBeGreaterThan(50 * 60_000)
    await schedule('x', null)
    expect((await findUpstream(store(), workspaceId, 'x'))!.refresh.dueAt).toBeNull()
  })
})
