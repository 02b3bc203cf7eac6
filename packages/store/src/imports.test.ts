import type { OperationChange } from '@sluice/contract'
import { type Column, eq } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { describe, expect, test } from 'vitest'
import { createAccessKey, revokeAccessKey } from './access-keys.ts'
import { commitImport } from './imports.ts'
import type { Store } from './open-store.ts'
import {
  accessKeys,
  credentials,
  operations,
  operationVersions,
  secrets,
  serverTools,
  specRevisions,
  tools,
  upstreams,
} from './schema.ts'
import { auditEvents } from './schema-records.ts'
import { findServer } from './servers.ts'
import { readStoredOperations } from './stored-operations.ts'
import { readCatalogRows } from './testing/catalog-rows.ts'
import { onEachDatabase } from './testing/databases.ts'
import {
  importExample,
  newWorkspace,
  operation,
  planImport,
  saidBy,
  sealer,
  serversOf,
  textOf,
  toolsOf,
} from './testing/examples.ts'
import { type ToolChange, updateTool } from './tools.ts'

onEachDatabase((store) => {
  describe('the first import', () => {
    test('makes the upstream, its operations and tools, the server and a key that opens it', async () => {
      const workspaceId = await newWorkspace(store())
      const operations = [operation('list_pets'), operation('get_pet')]
      const committed = await importExample(store(), workspaceId, { slug: 'pets', operations })

      const stored = await readStoredOperations(store(), workspaceId, 'pets')
      expect(stored.upstream).toMatchObject({
        id: committed.upstreamId,
        slug: 'pets',
        name: 'The pets API',
        baseUrl: 'https://api.example.com',
        allow: [],
      })
      expect(stored.operations).toMatchObject([
        { method: 'GET', path: '/get_pet', removed: false, tools: [{ name: 'get_pet', enabled: true }] },
        { method: 'GET', path: '/list_pets', removed: false, tools: [{ name: 'list_pets', enabled: true }] },
      ])
      expect(committed).toMatchObject({ serverSlug: 'pets', serverName: 'The pets server' })
      expect(committed.accessKey).toMatchObject({ name: 'First key', servers: ['pets'] })
      expect(await serversOf(store(), workspaceId)).toMatchObject([
        { id: committed.serverId, slug: 'pets', mode: 'auto', tools: { enabled: 2, total: 2 } },
      ])
    })

    test('enables only what is to be enabled', async () => {
      const workspaceId = await newWorkspace(store())
      await importExample(store(), workspaceId, { slug: 'off', operations: [operation('a')], enable: false })
      expect(await toolsOf(store(), workspaceId, 'off')).toMatchObject([{ name: 'a', enabled: false }])
    })
  })

  describe('importing again', () => {
    test('adds nothing where nothing changed, and makes no second key', async () => {
      const workspaceId = await newWorkspace(store())
      const example = { slug: 'same', operations: [operation('a'), operation('b')] }
      await importExample(store(), workspaceId, example)
      const before = await countRows(store(), workspaceId)
      const again = await importExample(store(), workspaceId, example)
      expect(await countRows(store(), workspaceId)).toEqual(before)
      expect(again.accessKey).toBeNull()
    })

    test('makes a new key where the only one was revoked, or has expired', async () => {
      const workspaceId = await newWorkspace(store())
      const example = { slug: 'keyless', operations: [operation('a')] }
      const { accessKey } = await importExample(store(), workspaceId, example)
      await revokeAccessKey(store(), { workspaceId, actor: 'ak_someone', id: accessKey!.id })
      const expiresAt = '2020-01-01T00:00:00Z'
      await createAccessKey(store(), { workspaceId, actor: 'ak_someone', name: 'old', servers: ['keyless'], expiresAt })
      expect((await importExample(store(), workspaceId, example)).accessKey).not.toBeNull()
    })

    test('points the tool of a changed operation to a new version and keeps what people edited', async () => {
      const workspaceId = await newWorkspace(store())
      const { serverId } = await importExample(store(), workspaceId, { slug: 'edit', operations: [operation('a')] })
      const [tool] = await toolsOf(store(), workspaceId, 'edit')
      const change = { responseFilter: 'items[*].id' }
      await updateTool(store(), { workspaceId, actor: 'ak_someone', id: tool!.id, change })

      await importExample(store(), workspaceId, { slug: 'edit', operations: [operation('a', 'as it is now')] })
      const rows = await readCatalogRows(store(), serverId)
      expect(rows!.tools).toMatchObject([{ id: tool!.id, name: 'a', responseFilter: 'items[*].id' }])
      expect(saidBy(rows!.tools[0]!.definition)).toBe('as it is now')
    })

    test('goes back to the stored version where an operation is as it once was', async () => {
      const workspaceId = await newWorkspace(store())
      for (const says of ['one', 'two', 'one']) {
        await importExample(store(), workspaceId, { slug: 'flip', operations: [operation('a', says)] })
      }
      const versions = await store()
        .db.select({ contentHash: operationVersions.contentHash })
        .from(operationVersions)
        .where(eq(operationVersions.workspaceId, workspaceId))
      expect(versions).toHaveLength(2)
      const { operations } = await readStoredOperations(store(), workspaceId, 'flip')
      expect(operations).toMatchObject([{ contentHash: operation('a', 'one').contentHash }])
    })

    test('enables tools where that is asked for, and never disables one', async () => {
      const workspaceId = await newWorkspace(store())
      const one = [operation('a'), operation('b')]
      const two = [operation('a', 'new'), operation('b')]
      const enabledAfter = async (operations: typeof one, enable: boolean) => {
        await importExample(store(), workspaceId, { slug: 'able', operations, enable })
        return (await findServer(store(), workspaceId, 'able'))!.tools.enabled
      }
      expect(await enabledAfter(one, false)).toBe(0)
      expect(await enabledAfter(two, false)).toBe(0)
      expect(await enabledAfter(one, true)).toBe(2)
      expect(await enabledAfter(two, false)).toBe(2)
    })

    test('keeps operations apart whose content has one hash', async () => {
      const workspaceId = await newWorkspace(store())
      const twins = ['a', 'b'].map((name) => ({ ...operation(name, 'new'), contentHash: 'the same' }))
      const before = [operation('a'), operation('b')]
      const { serverId } = await importExample(store(), workspaceId, { slug: 'twins', operations: before })
      await importExample(store(), workspaceId, { slug: 'twins', operations: twins })
      const rows = (await readCatalogRows(store(), serverId))!.tools
      expect(rows.map(({ definition }) => textOf(definition))).toEqual(
        twins.map(({ definition }) => textOf(definition)),
      )
    })

    test('B29 serves no tool of a removed operation, and has it as it was when the operation is back', async () => {
      const workspaceId = await newWorkspace(store())
      const both = { slug: 'back', operations: [operation('a'), operation('b')] }
      const { serverId } = await importExample(store(), workspaceId, both)
      const [a] = await toolsOf(store(), workspaceId, 'back')

      await importExample(store(), workspaceId, { slug: 'back', operations: [operation('b')] })
      expect((await readStoredOperations(store(), workspaceId, 'back')).operations).toMatchObject([
        { path: '/a', removed: true, tools: [{ id: a!.id, enabled: true }] },
        { path: '/b', removed: false, tools: [{ enabled: true }] },
      ])
      expect((await readCatalogRows(store(), serverId))!.tools).toMatchObject([{ name: 'b' }])

      await importExample(store(), workspaceId, both)
      expect((await readCatalogRows(store(), serverId))!.tools).toMatchObject([{ id: a!.id }, { name: 'b' }])
    })

    test('keeps one revision of a text that is imported twice, and both of a text that changed', async () => {
      const workspaceId = await newWorkspace(store())
      const one = { slug: 'revs', operations: [operation('a', 'one')] }
      const first = await importExample(store(), workspaceId, one)
      const same = await importExample(store(), workspaceId, one)
      const other = await importExample(store(), workspaceId, { slug: 'revs', operations: [operation('a', 'two')] })
      expect(same.specRevisionId).toBe(first.specRevisionId)
      expect(other.specRevisionId).not.toBe(first.specRevisionId)
      const received = await store()
        .db.select({ received: specRevisions.received })
        .from(specRevisions)
        .where(eq(specRevisions.workspaceId, workspaceId))
      expect(received).toHaveLength(2)
    })
  })

  describe('an import whose plan is out of date is refused and writes nothing', () => {
    const [a, b, c] = [operation('a'), operation('b'), operation('c')]

    test.each([
      ['an operation changed', [operation('a', 'new'), b]],
      ['an operation was removed', [a]],
      ['an operation was added', [a, b, operation('d')]],
      ['an operation was added that the plan adds, too', [a, b, c]],
    ])('%s', async (_what, meanwhile) => {
      const workspaceId = await newWorkspace(store())
      await importExample(store(), workspaceId, { slug: 'stale', operations: [a, b] })
      const plan = await planImport(store(), workspaceId, { slug: 'stale', operations: [a, b, c] })
      await importExample(store(), workspaceId, { slug: 'stale', operations: meanwhile })
      const before = await countRows(store(), workspaceId)
      await expect(commitImport(store(), plan, sealer.seal)).rejects.toMatchObject({ code: 'conflict' })
      expect(await countRows(store(), workspaceId)).toEqual(before)
    })

    test.each([
      ['another base URL was set', { baseUrl: 'https://other.example.com' }],
      ['S1 an allowance was taken back', { allow: [] }],
      ['an overlay was taken away', { overlay: null }],
      ['other documents may be fetched', { externalRefs: ['https://refs.example.com'] }],
    ])('%s meanwhile, which is not undone', async (_what, set) => {
      const workspaceId = await newWorkspace(store())
      await importExample(store(), workspaceId, { slug: 'stale', operations: [a] })
      const isIt = eq(upstreams.workspaceId, workspaceId)
      await store()
        .db.update(upstreams)
        .set({ allow: ['10.0.0.1'], overlay: 'overlay: 1.0.0' })
        .where(isIt)
      const plan = await planImport(store(), workspaceId, { slug: 'stale', operations: [a, b] })
      await store().db.update(upstreams).set(set).where(isIt)
      await expect(commitImport(store(), plan, sealer.seal)).rejects.toMatchObject({ code: 'conflict' })
      expect((await readStoredOperations(store(), workspaceId, 'stale')).upstream).toMatchObject(set)
    })

    test.each<[string, ToolChange]>([
      ['a tool was renamed', { name: 'other' }],
      ['an argument was fixed', { arguments: { limit: { value: 1 } } }],
    ])('S29 %s meanwhile', async (_what, change) => {
      const workspaceId = await newWorkspace(store())
      await importExample(store(), workspaceId, { slug: 'stale', operations: [a] })
      const plan = await planImport(store(), workspaceId, { slug: 'stale', operations: [operation('a', 'new')] })
      const [tool] = await store().db.select({ id: tools.id }).from(tools).where(eq(tools.workspaceId, workspaceId))
      await updateTool(store(), { workspaceId, actor: 'them', id: tool!.id, change })
      await expect(commitImport(store(), plan, sealer.seal)).rejects.toMatchObject({ code: 'conflict' })
    })

    test.each([
      ['the upstream was made', []],
      ['another import of the same plan was committed', [a]],
    ])('%s at the same moment', async (_what, stored) => {
      const workspaceId = await newWorkspace(store())
      if (stored.length > 0) await importExample(store(), workspaceId, { slug: 'stale', operations: stored })
      const plan = await planImport(store(), workspaceId, { slug: 'stale', operations: [operation('a', 'new'), b] })
      const both = await Promise.allSettled([1, 2].map(() => commitImport(store(), plan, sealer.seal)))
      const refused = both.filter((result) => result.status === 'rejected')
      expect(refused).toMatchObject([{ reason: { code: 'conflict' } }])
    })
  })

  describe('the server', () => {
    test('gets a number where its slug is taken in another workspace, and is found again under it', async () => {
      const [mine, theirs] = [await newWorkspace(store()), await newWorkspace(store())]
      const example = { slug: 'taken', operations: [operation('a')] }
      expect((await importExample(store(), theirs, example)).serverSlug).toBe('taken')
      expect((await importExample(store(), mine, example)).serverSlug).toBe('taken-2')
      expect((await importExample(store(), mine, example)).serverSlug).toBe('taken-2')
      expect((await importExample(store(), await newWorkspace(store()), example)).serverSlug).toBe('taken-3')
    })

    test('keeps a numbered slug at 63 characters', async () => {
      const slug = `${'x'.repeat(60)}-yz`
      const example = { slug, operations: [operation('a')] }
      await importExample(store(), await newWorkspace(store()), example)
      const { serverSlug } = await importExample(store(), await newWorkspace(store()), example)
      expect(serverSlug).toBe(`${'x'.repeat(60)}-2`)
    })

    test('takes the tools of a second upstream, under an alias where a name is taken', async () => {
      const workspaceId = await newWorkspace(store())
      await importExample(store(), workspaceId, { slug: 'cats', server: 'zoo', operations: [operation('list')] })
      const dogs = { slug: 'big-dogs', server: 'zoo', operations: [operation('list'), operation('bark')] }
      await importExample(store(), workspaceId, dogs)
      const names = async () => (await toolsOf(store(), workspaceId, 'zoo')).map((tool) => tool.name)
      expect(await names()).toEqual(['bark', 'big_dogs_list', 'list'])
      await importExample(store(), workspaceId, dogs)
      expect(await names()).toEqual(['bark', 'big_dogs_list', 'list'])
    })

    test('may be a second one for the tools of an upstream', async () => {
      const workspaceId = await newWorkspace(store())
      const operations = [operation('a')]
      const first = await importExample(store(), workspaceId, { slug: 'twice', operations })
      const second = await importExample(store(), workspaceId, { slug: 'twice', server: 'twice-more', operations })
      expect(second.serverId).not.toBe(first.serverId)
      expect(second.accessKey).not.toBeNull()
      expect(await toolsOf(store(), workspaceId, 'twice-more')).toMatchObject([{ name: 'a' }])
    })

    test('and every other that serves the upstream gets a new revision', async () => {
      const workspaceId = await newWorkspace(store())
      const example = { slug: 'bump', operations: [operation('a')] }
      await importExample(store(), workspaceId, example)
      await importExample(store(), workspaceId, { ...example, server: 'bump-too' })
      const before = await revisions(store(), workspaceId)
      await importExample(store(), workspaceId, { ...example, operations: [operation('a', 'new')] })
      const after = await revisions(store(), workspaceId)
      expect(after.get('bump')).toBeGreaterThan(before.get('bump')!)
      expect(after.get('bump-too')).toBeGreaterThan(before.get('bump-too')!)
    })
  })

  describe('the credential', () => {
    const credential = { scheme: 'token', secret: 'canary-7f3a', origins: ['https://api.example.com'] }

    test('is stored sealed, for its origins, and opens where it was put', async () => {
      const workspaceId = await newWorkspace(store())
      const example = { slug: 'secret', operations: [operation('a')], credential }
      const { serverId } = await importExample(store(), workspaceId, example)
      const [found] = (await readCatalogRows(store(), serverId))!.upstreams[0]!.credentials
      expect(found).toMatchObject({ scheme: 'token', origins: ['https://api.example.com'] })
      expect(JSON.stringify(found)).not.toContain('canary-7f3a')
      expect(sealer.open(found!.secret)).toBe('canary-7f3a')
    })

    test('takes the place of the one before, with its origins, and stays where an import brings none', async () => {
      const workspaceId = await newWorkspace(store())
      const example = { slug: 'rotate', operations: [operation('a')], credential }
      await importExample(store(), workspaceId, example)
      const next = { ...credential, secret: 'canary-next', origins: ['https://eu.example.com'] }
      await importExample(store(), workspaceId, { ...example, credential: next })
      const { serverId } = await importExample(store(), workspaceId, { ...example, credential: undefined })
      const found = (await readCatalogRows(store(), serverId))!.upstreams[0]!.credentials
      expect(found).toMatchObject([{ scheme: 'token', origins: ['https://eu.example.com'] }])
      expect(sealer.open(found[0]!.secret)).toBe('canary-next')
      expect(await store().db.$count(secrets, eq(secrets.workspaceId, workspaceId))).toBe(1)
    })

    test('S42: keeps its origins when the base URL changes', async () => {
      const workspaceId = await newWorkspace(store())
      const example = { slug: 'moved', operations: [operation('a')], credential }
      await importExample(store(), workspaceId, example)
      const elsewhere = { ...example, credential: undefined, baseUrl: 'https://evil.example.net' }
      await importExample(store(), workspaceId, elsewhere)
      const [found] = await store().db.select().from(credentials).where(eq(credentials.workspaceId, workspaceId))
      expect(found!.origins).toEqual(['https://api.example.com'])
    })
  })

  test('leaves an audit event that holds neither the secret nor the key', async () => {
    const workspaceId = await newWorkspace(store())
    const credential = { scheme: 'token', secret: 'canary-audit', origins: [] }
    const committed = await importExample(store(), workspaceId, {
      slug: 'audited',
      operations: [operation('a'), operation('b')],
      credential,
    })
    const events = await store().db.select().from(auditEvents).where(eq(auditEvents.workspaceId, workspaceId))
    expect(events.find((event) => event.action === 'import.commit')).toMatchObject({
      actor: 'ak_someone',
      target: committed.upstreamId,
      before: null,
      after: { slug: 'audited', server: 'audited', credential: 'token', added: 2, removed: 0 },
    })
    expect(JSON.stringify(events)).not.toContain('canary-audit')
    expect(JSON.stringify(events)).not.toContain(committed.accessKey!.key)
  })

  test('one workspace sees and touches nothing of another, though the slugs are the same', async () => {
    const [mine, theirs] = [await newWorkspace(store()), await newWorkspace(store())]
    await importExample(store(), theirs, { slug: 'tenant', operations: [operation('a'), operation('b')] })
    expect(await readStoredOperations(store(), mine, 'tenant')).toEqual({
      upstream: undefined,
      operations: [],
      takenNames: [],
      servers: [],
      documentHash: undefined,
    })

    const before = await readStoredOperations(store(), theirs, 'tenant')
    await importExample(store(), mine, { slug: 'tenant', operations: [operation('a', 'mine')] })
    expect(await readStoredOperations(store(), theirs, 'tenant')).toEqual(before)

    const plan = await planImport(store(), mine, { slug: 'tenant', operations: [operation('a', 'mine')] })
    const foreign: OperationChange = { kind: 'removed', stored: before.operations[0]! }
    const forged = { ...plan, changes: [...plan.changes, foreign] }
    await expect(commitImport(store(), forged, sealer.seal)).rejects.toMatchObject({ code: 'conflict' })
    const takenOver = { ...plan, upstream: { ...plan.upstream, id: before.upstream!.id } }
    await expect(commitImport(store(), takenOver, sealer.seal)).rejects.toMatchObject({ code: 'conflict' })
  })

  test('commits 5,000 operations', async () => {
    const workspaceId = await newWorkspace(store())
    const operations = Array.from({ length: 5_000 }, (_, index) => operation(`tool_${index}`, 'x'.repeat(2_000)))
    const { serverId } = await importExample(store(), workspaceId, { slug: 'large', operations })
    const { tools } = (await readCatalogRows(store(), serverId))!
    expect(new Set(tools.map((tool) => textOf(tool.definition)))).toEqual(
      new Set(operations.map(({ definition }) => textOf(definition))),
    )
  }, 120_000)
})

async function revisions(store: Store, workspaceId: string): Promise<Map<string, number>> {
  return new Map((await serversOf(store, workspaceId)).map(({ slug, revision }) => [slug, revision]))
}

async function countRows(store: Store, workspaceId: string) {
  const count = (table: PgTable & { workspaceId: Column }) => store.db.$count(table, eq(table.workspaceId, workspaceId))
  return {
    specRevisions: await count(specRevisions),
    operations: await count(operations),
    operationVersions: await count(operationVersions),
    tools: await count(tools),
    serverTools: await count(serverTools),
    accessKeys: await count(accessKeys),
  }
}
