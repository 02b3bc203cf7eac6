import { rm } from 'node:fs/promises'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findAdminKey } from './admin-keys.ts'
import { listAuditEvents } from './audit-events.ts'
import { readDirectory } from './directory.ts'
import { hashKey } from './keys.ts'
import { openStore } from './open-store.ts'
import { listSecrets } from './secrets.ts'
import { findSpecRevision, readSpecDocument } from './spec-revisions.ts'
import { readCatalogRows } from './testing/catalog-rows.ts'
import { withEachDatabase } from './testing/databases.ts'
import { earlierMigrations } from './testing/earlier-migrations.ts'
import { importExample, operation, sealer, textOf, toolsOf } from './testing/examples.ts'
import { DEFINITION, DOCUMENT, firstRows } from './testing/rows-of-migrations.ts'
import { findTool } from './tools.ts'
import { verifyAuditChain } from './verify-audit-chain.ts'

/** The migrations as they were when only the first was there. */
let first: string
beforeAll(async () => {
  first = await earlierMigrations(1)
})
afterAll(() => rm(first, { recursive: true }))

const isDefinition = (definition: Uint8Array) => textOf(definition) === DEFINITION

withEachDatabase((newDatabase) => {
  test('promise 7: a database of the first migration is brought up to date with all that it holds', async () => {
    const { options } = await newDatabase()
    const withoutSnapshot = { ...options, migrationsFolder: first, snapshot: undefined } as typeof options
    const old = await openStore(withoutSnapshot)
    for (const row of firstRows()) await old.db.execute(row)
    const columns = sql`select from information_schema.columns where table_name = 'tools' and column_name = 'argument_edits'`
    expect((await old.db.execute(columns)).rows).toEqual([])
    await old.close()

    const store = await openStore(options)
    expect(await findAdminKey(store, 'sla_old')).toMatchObject({ id: 'ak_1', workspaceId: 'ws_1', role: 'owner' })
    // The document was text and is bytes now.
    expect(Buffer.from((await readSpecDocument(store, 'ws_1', 'rev_1'))!).toString()).toBe(DOCUMENT)
    expect(await findSpecRevision(store, 'ws_1', 'rev_1')).toMatchObject({ bytes: Buffer.byteLength(DOCUMENT) })
    expect(await findTool(store, 'ws_1', 'tool_1')).toMatchObject({
      name: 'books',
      title: 'List books',
      ownDescription: 'By hand',
      ownTags: null,
      tags: ['books'],
      argumentEdits: {},
      responseFilter: 'items',
      cache: null,
      definition: expect.toSatisfy(isDefinition),
      servers: ['books'],
    })
    expect(await toolsOf(store, 'ws_1', 'books')).toMatchObject([{ name: 'find', unlisted: false, pinned: false }])
    const directory = await readDirectory(store)
    expect(directory.servers).toEqual([{ id: 'srv_1', workspaceId: 'ws_1', slug: 'books', revision: 7 }])
    expect(directory.keys).toMatchObject([
      { id: 'key_1', keyHash: hashKey('slk_old'), serverIds: ['srv_1'], toolIds: null, tags: null, readOnly: false },
    ])
    const rows = (await readCatalogRows(store, 'srv_1'))!
    expect(rows.tools).toMatchObject([{ name: 'find', definition: expect.toSatisfy(isDefinition), argumentEdits: {} }])
    const [credential] = rows.upstreams[0]!.credentials
    expect(credential).toMatchObject({ scheme: 'token', origins: ['https://api.example.com'] })
    expect(sealer.open(credential!.secret)).toBe('the secret')
    // A credential's secret is still no resource of its own.
    expect((await listSecrets(store, 'ws_1', {})).items).toEqual([])
    const events = await listAuditEvents(store, 'ws_1', {})
    expect(events.items).toMatchObject([{ actorName: 'Ada', action: 'tool.update', after: { enabled: true } }])

    // And it goes on: the operation is known again, its tool keeps what was changed by hand.
    await importExample(store, 'ws_1', { slug: 'books', operations: [operation('list_books', 'as it is')] })
    expect(await findTool(store, 'ws_1', 'tool_1')).toMatchObject({ name: 'books', ownDescription: 'By hand' })
    // The chain of events begins behind those that were there (S69).
    const whole = { intact: true, events: 1, earlier: 1, fault: null }
    expect(await verifyAuditChain(store, 'ws_1')).toMatchObject(whole)
    await store.close()
  })
})
