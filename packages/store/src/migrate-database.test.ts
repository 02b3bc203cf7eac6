import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type SQL, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findAdminKey } from './admin-keys.ts'
import { listAuditEvents } from './audit-events.ts'
import { readDirectory } from './directory.ts'
import { hashKey } from './keys.ts'
import { openStore } from './open-store.ts'
import { listSecrets } from './secrets.ts'
import { findSpecRevision, readSpecDocument } from './spec-revisions.ts'
import { readCatalogRows } from './testing/catalog-rows.ts'
import { MIGRATIONS, withEachDatabase } from './testing/databases.ts'
import { importExample, operation, sealer, toolsOf } from './testing/examples.ts'
import { findTool } from './tools.ts'
import { verifyAuditChain } from './verify-audit-chain.ts'

const DOCUMENT = 'openapi: 3.1.0 # größer, 书, \\x41 \\\\ \u{1F4D6}\n'
const DEFINITION = operation('list_books', 'as it was').definition

/** The migrations as they were when only the first was there. */
let first: string
beforeAll(async () => {
  first = await mkdtemp(join(tmpdir(), 'sluice-first-migration-'))
  const journal = JSON.parse(await readFile(join(MIGRATIONS, 'meta', '_journal.json'), 'utf8'))
  const [entry] = journal.entries
  await cp(join(MIGRATIONS, `${entry.tag}.sql`), join(first, `${entry.tag}.sql`))
  await cp(join(MIGRATIONS, 'meta'), join(first, 'meta'), { recursive: true })
  await writeFile(join(first, 'meta', '_journal.json'), JSON.stringify({ ...journal, entries: [entry] }))
})
afterAll(() => rm(first, { recursive: true }))

/** One row in each table of the first migration. */
function firstRows(): SQL[] {
  const { keyId, sealed } = sealer.seal('ws_1', 'sec_1', 'the secret')
  const scheme = JSON.stringify({ token: { type: 'http', scheme: 'bearer' } })
  return [
    sql`insert into workspaces (id, name) values ('ws_1', 'Old')`,
    sql`insert into admin_keys (workspace_id, id, name, role, key_hash, prefix)
      values ('ws_1', 'ak_1', 'Ada', 'owner', ${hashKey('sla_old')}, 'sla_old')`,
    sql`insert into upstreams (workspace_id, id, slug, name, base_url, security_schemes, allow)
      values ('ws_1', 'up_1', 'books', 'Books', 'https://api.example.com', ${scheme}, '["10.0.0.0/8"]')`,
    sql`insert into secrets (workspace_id, id, key_id, sealed) values ('ws_1', 'sec_1', ${keyId}, ${sealed})`,
    sql`insert into credentials (workspace_id, id, upstream_id, scheme, origins, secret_id)
      values ('ws_1', 'cred_1', 'up_1', 'token', '["https://api.example.com"]', 'sec_1')`,
    sql`insert into spec_revisions
      (workspace_id, id, upstream_id, received, content_hash, declared_version, diagnostics, coverage)
      values ('ws_1', 'rev_1', 'up_1', ${DOCUMENT}, 'hash', '3.1.0', '[]', '{"operations": 1}')`,
    sql`insert into operations (workspace_id, id, upstream_id, method, path, origin)
      values ('ws_1', 'op_1', 'up_1', 'GET', '/list_books', 'spec')`,
    sql`insert into operation_versions
      (workspace_id, id, operation_id, content_hash, spec_revision_id, title, definition, tokens, tags)
      values ('ws_1', 'ver_1', 'op_1', 'hash', 'rev_1', 'List books', ${DEFINITION}, 50, '["books"]')`,
    sql`insert into tools
      (workspace_id, id, upstream_id, operation_id, operation_version_id, name, description, enabled, response_filter)
      values ('ws_1', 'tool_1', 'up_1', 'op_1', 'ver_1', 'books', 'By hand', true, 'items')`,
    sql`insert into servers (workspace_id, id, slug, name, revision) values ('ws_1', 'srv_1', 'books', 'Books', 7)`,
    sql`insert into server_tools (workspace_id, server_id, tool_id, alias) values ('ws_1', 'srv_1', 'tool_1', 'find')`,
    sql`insert into access_keys (workspace_id, id, name, key_hash, prefix)
      values ('ws_1', 'key_1', 'Claude', ${hashKey('slk_old')}, 'slk_old')`,
    sql`insert into access_key_servers (workspace_id, access_key_id, server_id) values ('ws_1', 'key_1', 'srv_1')`,
    sql`insert into audit_events (workspace_id, id, actor, action, target, after)
      values ('ws_1', 'aud_1', 'ak_1', 'tool.update', 'tool_1', '{"enabled": true}')`,
  ]
}

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
      definition: DEFINITION,
      servers: ['books'],
    })
    expect(await toolsOf(store, 'ws_1', 'books')).toMatchObject([{ name: 'find', unlisted: false, pinned: false }])
    const directory = await readDirectory(store)
    expect(directory.servers).toEqual([{ id: 'srv_1', workspaceId: 'ws_1', slug: 'books', revision: 7 }])
    expect(directory.keys).toMatchObject([
      { id: 'key_1', keyHash: hashKey('slk_old'), serverIds: ['srv_1'], toolIds: null, tags: null, readOnly: false },
    ])
    const rows = (await readCatalogRows(store, 'srv_1'))!
    expect(rows.tools).toMatchObject([{ name: 'find', definition: DEFINITION, argumentEdits: {} }])
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
