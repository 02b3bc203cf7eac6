import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { BOOKSHOP_SPEC } from '../support/admin.ts'
import {
  type GatewayHome,
  type GatewayProcess,
  INSTALLATION_KEY,
  newHome,
  startGateway,
} from '../support/gateway-process.ts'
import { connectV2 } from '../support/mcp-clients.ts'
import { type Finished, sluice, spawned } from '../support/spawned.ts'

// Sluice by the command line alone: nothing here speaks to the admin API but the product's own commands.

let shop: BookshopApi
let folder: string
let importing: string[]
beforeAll(async () => {
  shop = await startBookshop()
  folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'))
  writeFileSync(join(folder, 'key.txt'), `${shop.key}\n`)
  importing = [
    ...['import', BOOKSHOP_SPEC, '--server', 'shop', '--base-url', shop.url],
    ...['--allow', new URL(shop.url).host, '--credential-file', join(folder, 'key.txt')],
  ]
})
afterAll(async () => {
  await shop.close()
  rmSync(folder, { recursive: true })
})

describe('with a gateway', () => {
  let home: GatewayHome
  let gateway: GatewayProcess
  let env: Record<string, string>
  beforeAll(async () => {
    home = await newHome('embedded')
    gateway = await startGateway(home, { INSTALLATION_KEY })
    env = { ...home.env, SLUICE_URL: gateway.url, SLUICE_ADMIN_KEY: gateway.adminKey }
  })
  afterAll(async () => {
    await gateway.end('SIGTERM')
    await home.remove()
  })

  const at = (args: string[], input?: string): Promise<Finished> => sluice(args, { env, ...(input ? { input } : {}) })
  /** What a command that succeeds prints. */
  const words = async (args: string[], input?: string): Promise<string> => {
    const { code, stdout, stderr } = await at(args, input)
    expect([args, code, stderr]).toEqual([args, 0, ''])
    return stdout
  }
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for
  const json = async (args: string[], input?: string): Promise<any> =>
    JSON.parse(await words([...args, '--json'], input))

  test('import shows its plan and stores nothing unasked; --yes commits; again, nothing changes', async () => {
    const asked = await at(importing)
    expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') })
    expect(asked.stdout).toMatch(/^\+ {2}search_books {2}GET \/books .*enabled$/m)
    expect(await words(['upstreams', 'list'])).toContain('no upstreams')
    expect(await words([...importing, '--dry-run'])).toMatch(/5 added[\s\S]*Nothing was stored/)
    const done = await words([...importing, '--yes'])
    expect(done).toMatch(/5 added, 0 changed[\s\S]*0 notes[\s\S]*5 of 5 tools enabled[\s\S]*Access key {2}slk_/)
    expect(await words([...importing, '--yes'])).toMatch(/0 added.*5 unchanged[\s\S]*as before/)
  })

  test('upstreams: shown, changed, allowed; the document comes back byte for byte', async () => {
    expect(await words(['upstreams', 'show', 'bookshop'])).toMatch(/tools +5 of 5 enabled[\s\S]*apiKey \(apiKey\)/)
    expect((await json(['upstreams', 'edit', 'bookshop', '--name', 'Books'])).name).toBe('Books')
    const { items } = await json(['upstreams', 'revisions', 'bookshop'])
    expect(await words(['upstreams', 'document', items[0].id])).toBe(readFileSync(BOOKSHOP_SPEC, 'utf8'))
    expect((await json(['upstreams', 'create', 'Orders', '--base-url', 'https://orders.example.com'])).slug).toBe(
      'orders',
    )
    expect((await json(['upstreams', 'allow', 'orders', 'localhost:3000', '10.1.0.0/16'])).allow).toHaveLength(2)
    expect((await json(['upstreams', 'allow', 'orders'])).allow).toEqual([])
    expect(await at(['upstreams', 'delete', 'orders'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--yes'),
    })
    expect(await words(['upstreams', 'delete', 'orders', '--yes'])).toContain('Deleted')
    expect(await at(['upstreams', 'show', 'orders'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no such'),
    })
  })

  test('operations and their versions; a document with what the importer had to say', async () => {
    expect(await words(['operations', 'list', 'bookshop', '--method', 'get'])).toMatch(
      /op_\S+ +GET \/books +spec +search_books[\s\S]*GET \/books\/\{book_id\}/,
    )
    const [operation] = (await json(['operations', 'list', 'bookshop', '--search', '/books', '--method', 'POST'])).items
    expect(await words(['operations', 'show', operation.id])).toMatch(/POST \/books[\s\S]*tools +create_book/)
    const [version] = (await json(['operations', 'versions', operation.id])).items
    expect(await words(['operations', 'versions', operation.id])).toContain(`${version.id}`)
    const detail = await json(['operations', 'versions', operation.id, version.id])
    expect(detail.definition.operation).toMatchObject({ method: 'POST', path: '/books' })
    expect((await json(['operations', 'list', 'bookshop', '--removed'])).items).toEqual([])
    expect((await json(['operations', 'list', 'bookshop', '--origin', 'manual'])).items).toEqual([])
    const [revision] = (await json(['upstreams', 'revisions', 'bookshop'])).items
    expect(await words(['upstreams', 'revision', revision.id])).toMatch(
      new RegExp(`SHA-256 +${revision.contentHash}[\\s\\S]*operations +5 of 5[\\s\\S]*No notes`),
    )
  })

  test('workspaces, with the installation key of the environment or of a file', async () => {
    const keyFile = join(folder, 'installation-key')
    writeFileSync(keyFile, `${INSTALLATION_KEY}\n`)
    expect(await at(['workspaces', 'list'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('SLUICE_INSTALLATION_KEY'),
    })
    const withKey = { ...env, SLUICE_INSTALLATION_KEY: INSTALLATION_KEY }
    const made = await sluice(['workspaces', 'create', 'Team blue', '--json'], { env: withKey })
    const { id, adminKey } = JSON.parse(made.stdout)
    expect((await sluice(['tools', 'list'], { env: { ...env, SLUICE_ADMIN_KEY: adminKey.key } })).code).toBe(0)
    const byFile = ['--installation-key-file', keyFile]
    expect((await json(['workspaces', 'rename', id, 'Team green', ...byFile])).name).toBe('Team green')
    expect(await words(['workspaces', 'list', ...byFile])).toMatch(new RegExp(`${id} +Team green`))
    expect(await at(['workspaces', 'delete', id, ...byFile])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/"Team green"[\s\S]*--yes/),
    })
    expect(await words(['workspaces', 'delete', id, ...byFile, '--yes'])).toContain('Deleted Team green')
    expect(await words(['workspaces', 'events', ...byFile])).toMatch(
      new RegExp(`workspace.delete +${id} +Team green[\\s\\S]*workspace.update +${id} +Team blue → Team green`),
    )
  })

  test('tools: found, enabled by filter and by name, edited, tried, made and deleted', async () => {
    expect(await words(['tools', 'list', '--method', 'get'])).toMatch(/get_book[\s\S]*search_books/)
    expect((await json(['tools', 'disable', '--method', 'DELETE'])).changed).toBe(1)
    expect((await json(['tools', 'disable', 'delete_book', 'update_book'])).changed).toBe(1)
    expect((await json(['tools', 'list', '--disabled'])).items).toHaveLength(2)
    // All of them or none: the second is not there.
    expect(await at(['tools', 'enable', 'delete_book', 'nope'])).toMatchObject({ code: 1 })
    expect((await json(['tools', 'list', '--disabled'])).items).toHaveLength(2)
    expect((await json(['tools', 'enable', 'bookshop/update_book'])).changed).toBe(1)
    const edit = [
      'tools',
      'edit',
      'search_books',
      '--name',
      'find_books',
      '--fix',
      'page_size=2',
      '--describe',
      'q=Terms',
    ]
    expect(await words(edit)).toMatch(/tool +find_books[\s\S]*q \(string\): Terms[\s\S]*page_size: fixed to 2/)
    expect(await words(['tools', 'edit', 'find_books', '--reset', 'q'])).not.toContain('Terms')
    // As of an upstream, and not a field of this name, which no answer has.
    const filtered = (filter: string) => json(['tools', 'edit', 'find_books', '--response-filter', filter])
    expect((await filtered('items')).responseFilter).toBe('items')
    expect((await filtered('none')).responseFilter).toBeNull()
    const tried = await json(['tools', 'try', 'find_books', '--args', '{"q":"tower"}'])
    expect(tried.stages.map(({ stage }: { stage: string }) => stage)).toContain('request')
    expect(JSON.parse(tried.outcome.content[0].text).items).toHaveLength(2)
    const made = await json([
      'tools',
      'create',
      'book_two',
      '--upstream',
      'bookshop',
      '--method',
      'get',
      '--path',
      '/books/{id}',
      '--fix',
      'id="2"',
    ])
    expect([made.kind, made.inputSchema.properties]).toEqual(['manual', {}])
    expect(JSON.parse((await json(['tools', 'try', 'book_two'])).outcome.content[0].text).id).toBe(2)
    await words(['tools', 'delete', 'book_two', '--yes'])
    expect(await at(['tools', 'show', 'book_two'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('book_two'),
    })
    expect(await at(['tools', 'enable'])).toMatchObject({ code: 2 })
  })

  test('servers: made, filled, changed; a client sees it', async () => {
    await words(['servers', 'create', 'Support', '--instructions', 'Ask first.'])
    await words(['servers', 'add', 'support', 'get_book', '--alias', 'read_book'])
    await words(['servers', 'add', 'support', 'find_books', 'update_book'])
    await words(['servers', 'remove', 'support', 'update_book'])
    await words(['servers', 'edit-tool', 'support', 'find_books', '--unlisted'])
    expect(await words(['servers', 'tools', 'support'])).toMatch(/find_books .*unlisted[\s\S]*read_book/)
    const { key } = await json(['key', 'create', '--server', 'support', '--name', 'Ada', '--read-only'])
    const { url } = await json(['servers', 'show', 'support'])
    const client = await connectV2({ url, accessKey: key }, 'legacy')
    expect((await client.listTools()).map(({ name }) => name)).toEqual(['read_book'])
    expect(JSON.parse((await client.callTool('read_book', { book_id: 1 })).text).id).toBe(1)
    await client.close()
    expect(await words(['logs', '--server', 'support'])).toMatch(/ok support\/read_book HTTP 200, .*Ada, /)
    await words(['servers', 'edit-tool', 'support', 'read_book', '--no-alias'])
    expect((await json(['servers', 'tools', 'support'])).items.map(({ name }: { name: string }) => name)).toContain(
      'get_book',
    )
    await words(['servers', 'delete', 'support', '--yes'])
    expect(await at(['servers', 'show', 'support'])).toMatchObject({ code: 1 })
  })

  test('S63 whatever a caller calls a tool, it is one line of the log', async () => {
    const { key } = await json(['key', 'create', '--server', 'shop', '--name', 'Eve'])
    const client = await connectV2({ url: (await json(['servers', 'show', 'shop'])).url, accessKey: key }, 'legacy')
    await expect(client.callTool('x\n2026-01-01 ok shop/get_book \u202e', {})).rejects.toThrow()
    await client.close()
    const lines = (await words(['logs', '--client', 'journey-v2', '--limit', '1'])).trimEnd().split('\n')
    expect(lines).toEqual([expect.stringMatching(/ shop\/x\\u000a2026-01-01 ok shop\/get_book \\u202e .*Eve/)])
  })

  test('resources and prompts: set from files, shown, chosen, removed', async () => {
    const [text, bytes, said] = ['hours.md', 'logo.png', 'answer.json'].map((name) => join(folder, name))
    writeFileSync(text!, '# Hours')
    writeFileSync(bytes!, Buffer.from('iVBORw0KGgo=', 'base64'))
    const prompt = (order: string) => ({
      messages: [{ role: 'user', text: `Say ${order}.` }],
      arguments: [{ name: 'a' }],
    })
    await words(['resources', 'set', 'shop', 'hours', text!, '--uri', 'shop://hours', '--title', 'Hours'])
    const logo = await json(['resources', 'set', 'shop', 'logo', bytes!, '--uri', 'shop://logo'])
    expect(logo).toMatchObject({ blob: 'iVBORw0KGgo=', mimeType: 'image/png', bytes: 8 })
    expect(await words(['resources', 'list', 'shop'])).toMatch(/hours +shop:\/\/hours +text\/markdown +7\nlogo/)
    expect(await at(['resources', 'set', 'shop', 'x', text!, '--uri', 'https://x.test'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('scheme of your own'),
    })
    for (const order of ['{{a}}', 'twice {{a}}']) {
      writeFileSync(said!, JSON.stringify(prompt(order)))
      await words(['prompts', 'set', 'shop', 'say', said!])
    }
    expect(await words(['prompts', 'list', 'shop'])).toMatch(/say +2 of 2/)
    expect(await words(['prompts', 'show', 'shop', 'say', '1'])).toContain('user: Say {{a}}.')
    expect(await words(['prompts', 'use', 'shop', 'say', '1'])).toContain('Version 1')
    expect(await words(['prompts', 'versions', 'shop', 'say'])).toMatch(/^2 [\s\S]*^1 +current/m)
    writeFileSync(said!, JSON.stringify(prompt('{{b}}')))
    expect(await at(['prompts', 'set', 'shop', 'say', said!])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('{{b}} at line 1, column 5'),
    })
    expect((await words(['complete', '--', 'prompts', 'show', 'shop', ''])).split('\n')[0]).toMatch(/^say/)
    await words(['prompts', 'remove', 'shop', 'say'])
    for (const name of ['hours', 'logo']) await words(['resources', 'remove', 'shop', name])
    const shown = await words(['tools', 'edit', 'get_book', '--resource', 'shop://books/{book_id}'])
    expect(shown).toMatch(/resource +shop:\/\/books\/\{book_id\}/)
    expect((await json(['tools', 'edit', 'get_book', '--resource', 'off'])).resource).toBeNull()
  })

  test('call: content, the tool’s own fault, an unknown tool, no JSON', async () => {
    expect(JSON.parse(await words(['call', 'shop', 'get_book', '--args', '{"book_id": 3}'])).id).toBe(3)
    const missing = await at(['call', 'shop', 'get_book', '--args', '{"book_id": 9999}'])
    expect(missing).toMatchObject({ code: 3, stderr: expect.stringContaining('404') })
    expect(await at(['call', 'shop', 'get_bok'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('get_book'),
    })
    expect(await at(['call', 'shop', 'get_book', '--args', '{'])).toMatchObject({ code: 2 })
  })

  test('completion proposes what the gateway knows, for whom it knows it', async () => {
    const proposed = async (...typed: string[]) => (await words(['complete', '--', ...typed])).split('\n')
    expect(await proposed('servers', 'show', '')).toEqual(['shop\tBookshop', ':4', ''])
    expect(await proposed('key', 'create', '--server', 'sh')).toEqual(['shop\tBookshop', ':4', ''])
    expect(await proposed('servers', 'show', 'x')).toEqual([':4', ''])
    expect(await proposed('upstreams', 'show', '')).toContain('bookshop\tBooks')
    expect(await proposed('call', 'shop', 'get')).toEqual([expect.stringMatching(/^get_book\t/), ':4', ''])
    expect((await proposed('tools', 'enable', 'get_book', '')).join()).not.toContain('get_book')
    expect((await proposed('key', 'show', '')).join()).toMatch(/key_\w+\t/)
  })

  test('keys: changed, shown and revoked', async () => {
    const { id } = await json(['key', 'create', '--server', 'shop', '--name', 'Bob', '--expires', '2030-01-31'])
    expect(await words(['key', 'list'])).toMatch(new RegExp(`${id} .*Bob .*shop .*until 2030-01-31.*never`))
    const edited = await json(['key', 'edit', id, '--tool', 'get_book', '--tag', 'books', '--read-only', '--no-expiry'])
    expect(edited).toMatchObject({ tools: [expect.any(String)], tags: ['books'], readOnly: true, expiresAt: null })
    const opened = await json(['key', 'edit', id, '--all-tools', '--no-read-only'])
    expect(opened).toMatchObject({ tools: null, tags: null, readOnly: false })
    expect(await words(['key', 'show', id])).toMatch(/tools +all/)
    expect(await words(['key', 'revoke', id])).toContain('Revoked')
    expect(await words(['key', 'list'])).toMatch(new RegExp(`${id} .*revoked`))
  })

  test('issuers: added with rules, shown, proposed, edited and removed', async () => {
    const login = 'https://login.test/realms/shop'
    const rules = [
      '--rule',
      'scope=books:read read-only',
      '--rule',
      'claim=https://x.test/team=blue tool=get_book tag=books',
    ]
    const added = await json(['issuer', 'add', login, '--server', 'shop', '--algorithm', 'ES256', ...rules])
    expect(added).toMatchObject({
      name: 'login.test',
      issuer: login,
      servers: ['shop'],
      algorithms: ['ES256'],
      rules: [
        { scope: 'books:read', rights: { readOnly: true } },
        {
          claim: { name: 'https://x.test/team', value: 'blue' },
          rights: { tools: [expect.any(String)], tags: ['books'] },
        },
      ],
    })
    expect(await words(['issuer', 'list'])).toMatch(/login\.test +https:\/\/login\.test\/realms\/shop +shop +2 rules/)
    expect(await words(['issuer', 'show', added.id])).toMatch(/rights +scope=books:read read-only; or claim=https/)
    expect(await words(['complete', '--', 'issuer', 'remove', ''])).toContain(`login.test\t${login}`)
    const moved = [
      '--rule',
      'scope=books:write',
      '--audience',
      'api://a',
      '--audience',
      'api://b',
      '--jwks-uri',
      `${login}/keys`,
    ]
    expect(await json(['issuer', 'edit', 'login.test', '--name', 'Company', ...moved])).toMatchObject({
      name: 'Company',
      issuer: login,
      rules: [{ scope: 'books:write' }],
      audiences: ['api://a', 'api://b'],
      algorithms: ['ES256'],
      jwksUri: `${login}/keys`,
    })
    const plain = ['--rule', 'none', '--audience', 'none', '--jwks-uri', 'none']
    expect(await json(['issuer', 'edit', 'Company', '--name', 'login.test', ...plain])).toMatchObject({
      rules: [],
      audiences: [],
      jwksUri: null,
      servers: ['shop'],
    })
    expect(await at(['issuer', 'edit', 'login.test'])).toMatchObject({ code: 2 })
    for (const rule of ['scop=x', 'claim=x', 'read-write'])
      expect(await at(['issuer', 'add', login, '--server', 'shop', '--rule', rule])).toMatchObject({ code: 2 })
    expect(await at(['issuer', 'add', login])).toMatchObject({ code: 2 })
    expect(await at(['issuer', 'add', 'http://login.test', '--server', 'shop'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not https'),
    })
    await words(['servers', 'create', 'Quiet'])
    const closed = 'mcp/quiet: no access key opens it'
    expect((await at(['doctor'])).stdout).toContain(closed)
    await json(['issuer', 'add', login, '--server', 'quiet', '--name', 'other'])
    expect((await at(['doctor'])).stdout).not.toContain(closed)
    await words(['servers', 'delete', 'quiet', '--yes'])
    await words(['issuer', 'remove', 'other'])
    expect(await words(['issuer', 'remove', 'login.test'])).toContain('Removed login.test')
    expect(await at(['issuer', 'remove', 'login.test'])).toMatchObject({ code: 1 })
  })

  test('credentials and secrets come from standard input and never come back', async () => {
    await words(['credential', 'remove', 'bookshop', 'apiKey'])
    expect(await at(['credential', 'set', 'bookshop'], '\n')).toMatchObject({ code: 2 })
    const set = await words(['credential', 'set', 'bookshop'], shop.key)
    expect(set).toContain('sluice credential test bookshop apiKey')
    expect(await words(['credential', 'test', 'bookshop'])).toContain('It works.')
    await words(['credential', 'set', 'bookshop', 'tenant', '--place', 'header:X-Tenant'], 'blue-secret')
    const listed = await words(['credential', 'list', 'bookshop', '--json'])
    expect(JSON.parse(listed).items).toHaveLength(2)
    await words(['secret', 'create', 'word', '--origin', new URL(shop.url).origin], 'tower-secret')
    await words(['tools', 'edit', 'find_books', '--fix-secret', 'q=word'])
    expect(await words(['secret', 'list'])).toMatch(/word .*1 tool/)
    await words(['secret', 'set', 'word'], 'other-secret')
    expect(await words(['secret', 'rename', 'word', 'the word'])).toContain('is named the word now')
    await words(['secret', 'rename', 'the word', 'word'])
    expect(await at(['secret', 'delete', 'word'])).toMatchObject({ code: 1 })
    await words(['tools', 'edit', 'find_books', '--reset', 'q'])
    await words(['secret', 'delete', 'word'])
    const all = [set, listed, await words(['audit', '--limit', '200', '--json'])].join()
    for (const secret of [shop.key, 'blue-secret', 'tower-secret', 'other-secret']) expect(all).not.toContain(secret)
  })

  test('admin keys: a viewer may look and not change; audit says who did what', async () => {
    const { key, id } = await json(['admin-key', 'create', '--role', 'viewer', '--name', 'dashboards'])
    const viewer = { env: { ...env, SLUICE_ADMIN_KEY: key } }
    expect((await sluice(['key', 'list'], viewer)).code).toBe(0)
    const refused = await sluice(['key', 'create', '--server', 'shop'], viewer)
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('viewer') })
    expect(await words(['admin-key', 'list'])).toMatch(new RegExp(`${id} .*dashboards .*viewer`))
    expect(await words(['admin-key', 'list', '--role', 'owner'])).not.toContain(id)
    expect(await json(['admin-key', 'edit', id, '--role', 'editor', '--name', 'builders'])).toMatchObject({
      role: 'editor',
      name: 'builders',
    })
    expect(await words(['admin-key', 'show', id])).toMatch(/name +builders\nrole +editor/)
    await words(['admin-key', 'revoke', id])
    expect((await json(['admin-key', 'list', '--revoked', '--search', 'build'])).items).toMatchObject([{ id }])
    expect((await sluice(['key', 'list'], viewer)).code).toBe(1)
    expect(await words(['audit', '--action', 'admin-key.revoke'])).toContain(id)
  })

  test('doctor finds what is wrong, and says how to mend it', async () => {
    const well = await words(['doctor'])
    expect(well).toMatch(/✓ bookshop: the credential apiKey works[\s\S]*Nothing is wrong/)
    expect(well).toMatch(
      /✓ Sluice \d[\s\S]*✓ The embedded database, PostgreSQL \d[\s\S]*✓ The clocks agree[\s\S]*✓ It listens on 127/,
    )
    await words(['credential', 'set', 'bookshop', 'apiKey'], 'wrong')
    const ill = await at(['doctor'])
    expect(ill).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/✗ .*apiKey does not work[\s\S]*1 thing to mend/),
    })
    await words(['credential', 'set', 'bookshop', 'apiKey'], shop.key)
    await words(['upstreams', 'create', 'Away', '--base-url', 'http://127.0.0.1:1'])
    const closed = await at(['doctor'])
    expect(closed.stdout).toMatch(
      /! away: calls of its tools fail now\. 127\.0\.0\.1:1 is a loopback address.*EGRESS_ALLOW/,
    )
    await words(['upstreams', 'allow', 'away', '127.0.0.1:1'])
    const down = await at(['doctor'])
    expect(down.stdout).toMatch(/! away: calls of its tools fail now\. 127\.0\.0\.1:1 refused the connection/)
    expect(down).toMatchObject({ code: 0, stdout: expect.stringMatching(/Nothing is broken; \d things? to look at/) })
    await words(['upstreams', 'delete', 'away', '--yes'])
  })

  test('logs --follow shows each call as it ends', async () => {
    const following = spawned(['logs', '--follow', '--json'], env)
    await following.firstLine
    await words(['call', 'shop', 'get_book', '--args', '{"book_id": 5}'])
    const shown = () => following.output.stdout.trim().split('\n').at(-1)!
    await expect.poll(() => JSON.parse(shown()).caller, { timeout: 10_000 }).toBe('first start')
    await following.end('SIGINT')
  })

  test('a folder in use is not opened a second time; a gateway that is gone is named', async () => {
    const local = await at(['admin-key', 'create', '--local'])
    expect(local).toMatchObject({ code: 1, stderr: expect.stringContaining('in use') })
    const gone = await sluice(['key', 'list'], { env: { ...env, SLUICE_URL: 'http://127.0.0.1:1' } })
    expect(gone).toMatchObject({ code: 1, stderr: expect.stringContaining('http://127.0.0.1:1') })
    const asJson = await sluice(['key', 'list', '--json'], { env: { ...env, SLUICE_ADMIN_KEY: 'sla_wrong' } })
    expect([asJson.code, JSON.parse(asJson.stdout).error.code]).toEqual([1, 'unauthorized'])
  })
})

test('with none running, one is started for each command', async () => {
  const home = await newHome('embedded')
  const env = { ...home.env, PORT: '1' }
  expect(await sluice([...importing, '--yes'], { env })).toMatchObject({ code: 0, stderr: '' })
  const called = await sluice(['call', 'shop', 'get_book', '--args', '{"book_id": 3}'], { env })
  expect([called.code, JSON.parse(called.stdout).id]).toEqual([0, 3])
  const admin = await sluice(['admin-key', 'create', '--role', 'viewer', '--json'], { env })
  expect(JSON.parse(admin.stdout)).toMatchObject({ role: 'viewer', key: expect.stringMatching(/^sla_/) })
  expect(await sluice(['logs'], { env })).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/ok \S+\/get_book HTTP 200/),
  })
  const following = await sluice(['logs', '-f'], { env })
  expect(following).toMatchObject({ code: 1, stderr: expect.stringContaining('sluice start') })
  await home.remove()
}, 120_000)
