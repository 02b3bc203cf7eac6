import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { ask, importBookshop, listAll } from '../support/admin.ts'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import {
  connectV2,
  type Endpoint,
  listenForOffers,
  listenV2,
  type McpClient,
  openListening,
} from '../support/mcp-clients.ts'

// Two gateways on one PostgreSQL: what is changed on one, the other serves.

describe.runIf(DATABASES.includes('postgres'))('two gateways on one database', () => {
  let shop: BookshopApi
  let home: GatewayHome
  let one: GatewayProcess
  let other: GatewayProcess
  let endpoint: Endpoint
  beforeAll(async () => {
    shop = await startBookshop()
    home = await newHome('postgres')
    one = await startGateway(home)
    other = await startGateway(home)
    const { accessKey } = await importBookshop(one, shop)
    endpoint = { url: `${other.url}/mcp/bookshop`, accessKey: accessKey! }
  })
  afterAll(async () => {
    await Promise.all([one.end('SIGTERM'), other.end('SIGTERM')])
    await home.remove()
    await shop.close()
  })

  /** Asks the other gateway until it answers so: no longer than a change may take to arrive there, with room for a busy machine. */
  const arrives = <T>(look: (client: McpClient) => Promise<T>, expected: T, of: Endpoint = endpoint) =>
    expect
      .poll(
        async () => {
          const client = await connectV2(of, 'legacy').catch((error: Error) => error.message)
          if (typeof client === 'string') return client
          const seen = await look(client)
          await client.close()
          return seen
        },
        { timeout: 5_000, interval: 50 },
      )
      .toEqual(expected)
  const names = async (client: McpClient) => (await client.listTools()).map(({ name }) => name).toSorted()
  const tool = async (name: string) => (await listAll(one, '/tools')).find((found) => found.name === name)

  test('an import, and the key that it made', () =>
    arrives(names, ['create_book', 'delete_book', 'get_book', 'search_books', 'update_book']))

  // No benchmark: that a change is served elsewhere within 1 s is promised. The median is held to it, so that one slow moment of
  // the machine breaks nothing.
  test('within a second of its answer: the median of nine changes', async () => {
    const client = await connectV2(endpoint, 'legacy')
    const { id } = await tool('delete_book')
    const waits: number[] = []
    for (let change = 1; change <= 9; change++) {
      const title = `Title ${change}`
      await ask(one, 'PATCH', `/tools/${id}`, { title })
      const answered = performance.now()
      const seen = async () => (await client.listTools()).some((listed) => listed.title === title)
      while (!(await seen())) await sleep(10)
      waits.push(performance.now() - answered)
    }
    await client.close()
    expect(waits.toSorted((a, b) => a - b)[4]).toBeLessThan(1_000)
  }, 60_000)

  test('B184 tools that are disabled by filter, which nobody can call then; renamed, or given another name on a server', async () => {
    await ask(one, 'PATCH', '/tools?method=DELETE', { enabled: false })
    await ask(one, 'PATCH', `/tools/${(await tool('create_book')).id}`, { name: 'add_book' })
    await ask(one, 'PATCH', `/servers/bookshop/tools/${(await tool('update_book')).id}`, { alias: 'change_book' })
    await arrives(names, ['add_book', 'change_book', 'get_book', 'search_books'])
    const client = await connectV2(endpoint, { pin: '2026-07-28' })
    await expect(client.callTool('delete_book', { book_id: 1 })).rejects.toThrow('There is no tool "delete_book" here.')
    await client.close()
  })

  test('clients that listen are told, of their server alone', async () => {
    const [told, ofAnother]: [string[][], string[][]] = [[], []]
    const { accessKey } = await importBookshop(one, shop, 'elsewhere')
    const listening = await listenV2(endpoint, told)
    const elsewhere = { url: endpoint.url.replace('bookshop', 'elsewhere'), accessKey: accessKey! }
    await arrives(async (client) => (await names(client)).length > 0, true, elsewhere)
    const other = await listenV2(elsewhere, ofAnother)
    const { id } = (await listAll(one, '/servers/bookshop/tools')).find(({ name }) => name === 'search_books')
    await ask(one, 'PATCH', `/servers/bookshop/tools/${id}`, { alias: 'seek_books' })
    await expect.poll(() => told.at(-1), { timeout: 5_000 }).toContain('seek_books')
    await ask(one, 'PATCH', `/servers/bookshop/tools/${id}`, { alias: null })
    await expect.poll(() => told.at(-1), { timeout: 5_000 }).toContain('search_books')
    expect(ofAnother).toEqual([])
    await listening.close()
    await other.close()
    await ask(one, 'DELETE', '/servers/elsewhere')
  })

  test('clients that listen are told of resources and prompts too', async () => {
    const messages = (text: string) => ({ messages: [{ role: 'user', text }] })
    await ask(one, 'PUT', '/servers/bookshop/resources/first', { uri: 'shop://first', text: 'x' })
    await ask(one, 'PUT', '/servers/bookshop/prompts/first', messages('x'))
    await arrives(
      async ({ official }) => Object.keys(official.getServerCapabilities() ?? {}).toSorted(),
      ['prompts', 'resources', 'tools'],
    )
    const told = { resources: [] as string[][], prompts: [] as string[][] }
    const listening = await listenForOffers(endpoint, told)
    await ask(one, 'PUT', '/servers/bookshop/resources/second', { uri: 'shop://second', text: 'x' })
    await ask(one, 'PUT', '/servers/bookshop/prompts/second', messages('x'))
    await expect.poll(() => told.resources.at(-1), { timeout: 5_000 }).toEqual(['first', 'second'])
    await expect.poll(() => told.prompts.at(-1), { timeout: 5_000 }).toEqual(['first', 'second'])
    await listening.close()
  })

  test('a new server, with a key of its own', async () => {
    await ask(one, 'POST', '/servers', { name: 'Readers', slug: 'readers' })
    await ask(one, 'POST', '/servers/readers/tools', { tools: [{ id: (await tool('get_book')).id }] })
    const made = await ask(one, 'POST', '/access-keys', { name: 'reader', servers: ['readers'] })
    await arrives(names, ['get_book'], { url: `${other.url}/mcp/readers`, accessKey: made.body.key })
  })

  test('another credential: calls fail with a wrong one, and work again with the right one', async () => {
    const path = '/upstreams/bookshop/credentials/apiKey'
    const fails = async (client: McpClient) => (await client.callTool('get_book', { book_id: 1 })).isError
    await ask(one, 'PUT', path, { value: 'wrong' })
    await arrives(fails, true)
    await ask(one, 'PUT', path, { value: shop.key })
    await arrives(fails, false)
  })

  test('a key that is narrowed, then revoked', async () => {
    const [key] = (await listAll(one, '/access-keys')).filter(({ servers }) => servers.includes('bookshop'))
    await ask(one, 'PATCH', `/access-keys/${key.id}`, { readOnly: true })
    await arrives(names, ['get_book', 'search_books'])
    await ask(one, 'DELETE', `/access-keys/${key.id}`)
    await arrives(names, expect.stringMatching(/401|unauthorized|access key/i) as never)
  })

  test('S48 an issuer that is added, then removed', async () => {
    const path = '/.well-known/oauth-protected-resource/mcp/bookshop'
    const status = async () => (await fetch(`${other.url}${path}`)).status
    const about = { name: 'Login', issuer: 'https://login.test', servers: ['bookshop'] }
    const { body } = await ask(one, 'POST', '/issuers', about)
    await expect.poll(status, { timeout: 5_000 }).toBe(200)
    await ask(one, 'DELETE', `/issuers/${body.id}`)
    await expect.poll(status, { timeout: 5_000 }).toBe(404)
  })

  test('S48 who listens with a key that is revoked hears no more', async () => {
    const { body } = await ask(one, 'POST', '/access-keys', { name: 'short', servers: ['bookshop'] })
    await arrives(async (client) => (await names(client)).length > 0, true, { ...endpoint, accessKey: body.key })
    const stream = await openListening({ ...endpoint, accessKey: body.key })
    expect([stream.status, stream.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
    const ended = stream.text().then(
      () => 'ended',
      () => 'ended',
    )
    expect(await Promise.race([ended, sleep(1_500, 'listening')])).toBe('listening')
    await ask(one, 'DELETE', `/access-keys/${body.id}`)
    expect(await Promise.race([ended, sleep(5_000, 'listening')])).toBe('ended')
  }, 30_000)
})
