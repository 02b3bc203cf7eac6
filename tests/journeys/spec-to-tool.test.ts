import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { ask, BOOKSHOP_SPEC, importBookshop } from '../support/admin.ts'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { CLIENTS, connectV2, type Endpoint, postMessage } from '../support/mcp-clients.ts'
import { run } from '../support/spawned.ts'

let shop: BookshopApi
beforeAll(async () => {
  shop = await startBookshop()
})
afterAll(() => shop.close())

describe.each(DATABASES)('on the %s database', (kind) => {
  let home: GatewayHome
  let gateway: GatewayProcess
  beforeAll(async () => {
    home = await newHome(kind)
    gateway = await startGateway(home)
  })
  afterAll(async () => {
    await gateway.end('SIGTERM')
    await home.remove()
  })

  test('one curl goes from a document to a URL whose tool answers', async () => {
    const { code, stdout } = await run('curl', [
      '-sS',
      ...['-H', `authorization: Bearer ${gateway.adminKey}`],
      ...['-F', `file=@${BOOKSHOP_SPEC}`],
      ...['-F', `baseUrl=${shop.url}`],
      ...['-F', `credential={"value":"${shop.key}"}`],
      ...['-F', `allow=["${new URL(shop.url).host}"]`],
      `${gateway.url}/api/v1/imports?commit=true&server=by-curl`,
    ])
    expect(code).toBe(0)
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({ committed: true, url: `${gateway.url}/mcp/by-curl`, diagnostics: [] })
    expect(report.tools.map((tool: { name: string }) => tool.name)).toEqual([
      'search_books',
      'create_book',
      'get_book',
      'update_book',
      'delete_book',
    ])
    const textFor = (wanted: string) =>
      report.clients.find(({ client }: { client: string }) => client === wanted).text as string
    expect(textFor('claude-code')).toContain(report.accessKey)
    expect(JSON.parse(textFor('cursor')).mcpServers['by-curl'].url).toBe(report.url)
    expect(JSON.parse(textFor('vscode')).servers['by-curl'].type).toBe('http')

    const client = await connectV2(report as Endpoint, 'legacy')
    const answer = await client.callTool('get_book', { book_id: 1 })
    expect(JSON.parse(answer.text)).toMatchObject({ id: 1, title: 'The Lost Tower' })
    await client.close()
  })

  test('B181 above forty tools all are found by searching, and what is proposed as a list can be sent back', async () => {
    const paths = Object.fromEntries(
      Array.from({ length: 60 }, (_, n) => [
        `/t${n}`,
        { get: { operationId: `t${n}`, tags: [n < 35 ? 'orders' : 'stock'] } },
      ]),
    )
    const text = JSON.stringify({ openapi: '3.1.0', info: { title: 'Big' }, servers: [{ url: shop.url }], paths })
    const { body } = await ask(gateway, 'POST', '/imports?commit=true&server=big', { text })
    expect(body.tools.filter((tool: { enabled: boolean }) => tool.enabled)).toHaveLength(60)
    expect(body.suggestion).toMatchObject({
      reason: expect.stringContaining('60 tools'),
      enable: { tags: ['orders'] },
      tags: [
        { tag: 'orders', tools: 35 },
        { tag: 'stock', tools: 25 },
      ],
    })
    const client = await connectV2(body as Endpoint, 'legacy')
    expect(await client.listTools()).toHaveLength(3)

    await client.close()

    const chosen = await ask(gateway, 'POST', '/imports?commit=true&server=some&upstream=some', {
      text,
      enable: body.suggestion.enable,
    })
    const listing = await connectV2(chosen.body as Endpoint, 'legacy')
    expect(await listing.listTools()).toHaveLength(35)
    await listing.close()
  })

  describe('with the bookshop imported', () => {
    let endpoint: Endpoint
    beforeAll(async () => {
      endpoint = (await importBookshop(gateway, shop)) as Endpoint
    })

    test.each(Object.entries(CLIENTS))('%s lists and calls', async (_name, connect) => {
      const client = await connect(endpoint)
      const tools = await client.listTools()
      expect(tools.map(({ name }) => name)).toEqual([
        'create_book',
        'delete_book',
        'get_book',
        'search_books',
        'update_book',
      ])

      const found = await client.callTool('search_books', { q: 'tower', genre: ['crime', 'history'], page_size: 2 })
      expect(
        JSON.parse(found.text).items.every((book: { genre: string }) => ['crime', 'history'].includes(book.genre)),
      ).toBe(true)
      const created = await client.callTool('create_book', { title: 'Solaris', author: 'Stanisław Lem', price: 12.5 })
      const { id } = JSON.parse(created.text)
      expect(JSON.parse((await client.callTool('get_book', { book_id: id })).text).title).toBe('Solaris')
      expect((await client.callTool('delete_book', { book_id: id })).text).toContain('204')
      expect(await client.callTool('get_book', { book_id: id })).toMatchObject({
        isError: true,
        text: expect.stringContaining('404'),
      })

      expect(await client.callTool('get_book', {})).toEqual({
        isError: true,
        text: 'Missing: book_id. Nothing was sent.',
      })
      await expect(client.callTool('no_such_tool', {})).rejects.toThrow('There is no tool "no_such_tool" here')
      await client.close()
    })

    test('each client speaks the revision it should', async () => {
      const revisions = await Promise.all(
        Object.values(CLIENTS).map(async (connect) => {
          const client = await connect(endpoint)
          await client.close()
          return client.revision
        }),
      )
      expect(revisions).toEqual(['2025-11-25', '2025-11-25', '2026-07-28'])
    })

    test.each(['2025-06-18', '2025-11-25'])(
      'initialize of %s is answered in that revision',
      async (protocolVersion) => {
        const params = { protocolVersion, capabilities: {}, clientInfo: { name: 'raw', version: '1' } }
        const answer = await postMessage(endpoint, { jsonrpc: '2.0', id: 1, method: 'initialize', params })
        expect(answer.status).toBe(200)
        expect(await answer.text()).toContain(`"protocolVersion":"${protocolVersion}"`)
      },
    )

    test('a response filter takes effect for the next call, and one that is wrong is refused with its place', async () => {
      const { items } = (await ask(gateway, 'GET', '/servers/bookshop/tools')).body
      const { id } = items.find((tool: { name: string }) => tool.name === 'get_book')
      expect(
        (await ask(gateway, 'PATCH', `/tools/${id}`, { responseFilter: '{title: title, price: price}' })).status,
      ).toBe(200)
      const client = await connectV2(endpoint, { pin: '2026-07-28' })
      expect((await client.callTool('get_book', { book_id: 1 })).text).toBe('{"title":"The Lost Tower","price":11.7}')
      await client.close()
      const wrong = await ask(gateway, 'PATCH', `/tools/${id}`, { responseFilter: 'items[' })
      expect(wrong).toMatchObject({
        status: 400,
        body: { code: 'invalid-request', errors: [{ pointer: '/responseFilter' }] },
      })
      expect((await ask(gateway, 'PATCH', `/tools/${id}`, { responseFilter: null })).body.responseFilter).toBe(null)
    })

    test('importing the same document again changes nothing and keeps the key', async () => {
      const again = await importBookshop(gateway, shop)
      expect(again.plan).toMatchObject({ added: 0, changed: 0, removed: 0, unchanged: 5 })
      expect(again.accessKey).toBe(null)
      const client = await connectV2(endpoint, 'legacy')
      expect(await client.listTools()).toHaveLength(5)
      await client.close()
    })

    test('S48 a revoked key is refused at once, and says how to ask for another', async () => {
      const created = (await ask(gateway, 'POST', '/access-keys', { name: 'short-lived', servers: ['bookshop'] })).body
      const { url } = endpoint
      expect((await postMessage({ url, accessKey: created.key }, PING)).status).toBe(200)
      expect((await ask(gateway, 'DELETE', `/access-keys/${created.id}`)).status).toBe(200)
      const refused = await postMessage({ url, accessKey: created.key }, PING)
      expect(refused.status).toBe(401)
      expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer/)
      expect(await refused.json()).toMatchObject({
        code: 'unauthorized',
        detail: expect.stringContaining('sluice key create'),
      })
    })
  })
})

const PING = { jsonrpc: '2.0', id: 1, method: 'ping' }
