import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../support/admin.ts'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { connectV2, type McpClient } from '../support/mcp-clients.ts'
import { type Site, startSite } from '../support/site.ts'
import { sluice, spawned } from '../support/spawned.ts'

// An answer that is too large for a result: what an agent is told, and the ways to the rest of it.

describe.each(DATABASES)('an answer that is too large, on the %s database', (kind) => {
  let api: Site
  let home: GatewayHome
  let gateway: GatewayProcess
  let agent: McpClient
  let endpoint: { url: string; accessKey: string }
  const orders = Array.from({ length: 2_000 }, (_, n) => ({ id: n, customer: `customer ${n}`, state: 'paid' }))
  const get = (operationId: string) => ({ get: { operationId, responses: { 200: { description: 'ok' } } } })

  beforeAll(async () => {
    api = await startSite(({ url }) => ({
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(url === '/orders' ? { orders } : { n: 1 }),
    }))
    home = await newHome(kind)
    gateway = await startGateway(home)
    const text = JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'Orders', version: '1' },
      servers: [{ url: api.url }],
      paths: { '/orders': get('list_orders'), '/one': get('get_one'), '/more': get('read_more') },
    })
    const { body } = await ask(gateway, 'POST', '/imports?commit=true', { text, allow: [new URL(api.url).host] })
    endpoint = { url: body.url, accessKey: body.accessKey }
    agent = await connectV2(endpoint, { pin: '2026-07-28' })
  })
  afterAll(async () => {
    await agent.close()
    await gateway.end('SIGTERM')
    await home.remove()
    await api.close()
  })

  const names = async () => (await agent.listTools()).map(({ name }) => name)
  const until = async <T>(look: () => Promise<T>, isThere: (seen: T) => boolean): Promise<T> => {
    for (let tries = 0; tries < 100; tries++) {
      const seen = await look()
      if (isThere(seen)) return seen
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('it never came')
  }
  const placeIn = (text: string) => JSON.parse(/read_more with (\{.*?\})\./.exec(text)![1]!)

  test('is shown in part, with how to read on; the tool offers to pick from then on, and its neighbour does not', async () => {
    expect((await names()).map((name) => name.replace(/_[0-9a-f]{6}$/, ''))).toEqual([
      'get_one',
      'list_orders',
      'read_more',
    ])
    expect(await names()).not.toContain('read_more')
    const first = await agent.callTool('list_orders', {})
    expect(first.text).toMatch(/\[Shown in part: \d+ of 2000 items of orders\./)
    expect(placeIn(first.text)).toMatchObject({ jmespath: 'orders', from: expect.any(Number) })

    await until(names, (seen) => seen.includes('read_more'))
    const tools = await agent.listTools()
    const offers = tools.filter(({ inputSchema }) => inputSchema.properties && 'jmespath' in inputSchema.properties)
    expect(offers.map(({ name }) => name)).toEqual(['list_orders', 'read_more'])
  })

  test('is read to its end', async () => {
    let text = (await agent.callTool('list_orders', {})).text
    const seen: unknown[] = []
    const take = (json: string) => {
      const value = JSON.parse(json.split('\n').at(-1)!)
      const table = value.orders ?? value
      for (const row of table.rows)
        seen.push(Object.fromEntries(table.columns.map((name: string, at: number) => [name, row[at]])))
    }
    take(text)
    for (let turns = 0; text.includes('read_more with') && turns < 20; turns++) {
      const next = await agent.callTool('read_more', placeIn(text))
      expect(next.isError).toBe(false)
      text = next.text
      take(text)
    }
    expect(seen).toEqual(orders)
  })

  test('is small where the agent picks from it', async () => {
    const { text } = await agent.callTool('list_orders', { jmespath: 'orders[?id > `1997`].customer' })
    expect(JSON.parse(text)).toEqual(['customer 1998', 'customer 1999'])
    const wrong = await agent.callTool('list_orders', { jmespath: 'orders[' })
    expect(wrong).toMatchObject({ isError: true, text: expect.stringContaining('is not JMESPath') })
  })

  test('S66 is read on by nobody else', async () => {
    const place = placeIn((await agent.callTool('list_orders', {})).text)
    const { body: key } = await ask(gateway, 'POST', '/access-keys', { name: 'other', servers: ['orders'] })
    const other = await connectV2({ ...endpoint, accessKey: key.key }, { pin: '2026-07-28' })
    expect(await other.callTool('read_more', place)).toMatchObject({
      isError: true,
      text: expect.stringContaining('No answer is kept'),
    })
    await other.close()
  })

  test('the curator says who may pick', async () => {
    const env = { ...home.env, SLUICE_URL: gateway.url, SLUICE_ADMIN_KEY: gateway.adminKey }
    const set = (tool: string, when: string) => sluice(['tools', 'edit', tool, '--projection', when], { env })
    expect((await set('list_orders', 'never')).stdout).toMatch(/projection +never, answers were large/)
    const offers = async () =>
      (await agent.listTools())
        .filter(({ inputSchema }) => inputSchema.properties && 'jmespath' in inputSchema.properties)
        .map(({ name }) => name)
    // There is more of its answers to read all the same.
    await until(offers, (seen) => seen.join() === 'read_more')
    expect((await agent.callTool('list_orders', { jmespath: 'orders' })).text).toContain('Not an argument: jmespath')
    expect((await set('get_one', 'always')).code).toBe(0)
    await until(offers, (seen) => seen.includes('get_one'))
    expect((await agent.callTool('get_one', { jmespath: 'n' })).text).toBe('1')
    expect((await set('get_one', 'perhaps')).code).not.toBe(0)
  })
})

test('the same of a document that is served from memory', async () => {
  const items = Array.from({ length: 2_000 }, (_, id) => ({ id, name: `item ${id}` }))
  const api = await startSite(() => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ items }),
  }))
  const folder = mkdtempSync(join(tmpdir(), 'sluice-serve-'))
  const file = join(folder, 'items.json')
  const paths = { '/items': { get: { operationId: 'list_items', responses: { 200: { description: 'ok' } } } } }
  writeFileSync(file, JSON.stringify({ openapi: '3.1.0', info: { title: 'Items', version: '1' }, paths }))
  const serving = spawned(['serve', file, '--base-url', api.url, '--json'], { PORT: '0' })
  const agent = await connectV2(JSON.parse(await serving.firstLine), { pin: '2026-07-28' })

  const { text } = await agent.callTool('list_items', {})
  const place = JSON.parse(/read_more with (\{.*?\})\./.exec(text)![1]!)
  const more = await agent.callTool('read_more', { ...place, jmespath: 'items[?id > `1998`].name', from: 0 })
  expect(JSON.parse(more.text)).toEqual(['item 1999'])
  expect((await agent.listTools()).map(({ name }) => name)).toEqual(['list_items', 'read_more'])
  const picked = await agent.callTool('list_items', { jmespath: 'items[0].name' })
  expect(picked.text).toBe('"item 0"')

  await agent.close()
  await serving.end('SIGTERM')
  await api.close()
  rmSync(folder, { recursive: true })
})
