import { countTokens } from '@sluice/tokenizer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, listAll } from '../support/admin.ts'
import { DATABASES } from '../support/gateway-process.ts'
import { type LargeServer, startLargeServer } from '../support/large-server.ts'
import { CLIENTS, type McpClient } from '../support/mcp-clients.ts'

// A server with more tools than models choose well among: they are found, described and called by three tools of ours.

describe.each(DATABASES)('finding tools on demand, on the %s database', (kind) => {
  let large: LargeServer
  let agent: McpClient
  const slug = () => large.slug
  const asked = () => large.api.asked.map(({ method, url }) => `${method} ${url}`)

  beforeAll(async () => {
    large = await startLargeServer(kind, ({ method, url }) => ({
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ method, url, id: 7 }),
    }))
    agent = await CLIENTS['the v2 client, 2026-07-28']!(large.endpoint)
  })
  afterAll(async () => {
    await agent.close()
    await large.close()
  })

  test('B181 more than forty tools are offered by searching, and the server says why', async () => {
    const { body } = await ask(large.gateway, 'GET', `/servers/${slug()}`)
    expect(body).toMatchObject({ mode: 'auto', offers: { mode: 'search', why: expect.stringContaining('60 tools') } })
  })

  test.each(Object.keys(CLIENTS))('%s lists three tools, in less than 1,500 tokens', async (which) => {
    const client = await CLIENTS[which]!(large.endpoint)
    const tools = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(['call_tool', 'describe_tools', 'search_tools'])
    expect(countTokens(JSON.stringify(tools))).toBeLessThan(1500)
    expect(client.instructions).toContain('search_tools')
    const { text } = await client.callTool('search_tools', { query: 'make a new invoice' })
    expect(text.split('\n')[0]).toBe(
      'create_invoice({ name: string, id?: number, note?: string }): { id: number, name?: string, note?: string }',
    )
    expect((await client.callTool('call_tool', { name: 'get_order', arguments: { order_id: 7 } })).text).toContain(
      '/orders/7',
    )
    await client.close()
  })

  test('B187 a call that was found sends what a direct call sends, and answers the same', async () => {
    large.api.asked.length = 0
    const direct = await agent.callTool('update_order', { order_id: 7, name: 'x' })
    const found = await agent.callTool('call_tool', { name: 'update_order', arguments: { order_id: 7, name: 'x' } })
    expect(found).toEqual(direct)
    expect(asked()).toEqual(['PATCH /orders/7', 'PATCH /orders/7'])
  })

  test('a search pages, narrows, and says what exists where nothing fits', async () => {
    const search = async (args: Record<string, unknown>) => (await agent.callTool('search_tools', args)).text
    expect(await search({})).toMatch(/More: page 2\./)
    expect(await search({ query: '*', tag: 'shifts' })).toMatch(/^create_shift[\s\S]*update_shift/)
    expect(await search({ query: '/parcels/*', method: 'DELETE' })).toMatch(/^delete_parcel\(/)
    expect(await search({ query: 'delete a voucher', read_only: true })).not.toContain('delete_voucher')
    expect(await search({ query: 'qwzx' })).toMatch(/^No tool fits "qwzx"\. .*60 tools, by tag: /)
    expect(await search({ query: 'supliers' })).toContain('list_suppliers')
  })

  test('a description shows arguments, a part, and names what was probably meant', async () => {
    const told = async (args: Record<string, unknown>) => (await agent.callTool('describe_tools', args)).text
    expect(await told({ names: ['get_order'] })).toMatch(/^get_order\(\{ order_id: number \}\)/)
    expect(JSON.parse(await told({ names: ['get_order'], format: 'schema' }))).toMatchObject({
      inputSchema: { required: ['order_id'] },
      outputSchema: { properties: { name: { type: 'string' } } },
    })
    expect(await told({ names: ['list_orders'], path: 'result.name' })).toBe('list_orders result.name: string')
    expect(JSON.parse(await told({ names: ['list_orders'], path: 'result.name', format: 'schema' }))).toEqual({
      name: 'list_orders',
      path: 'result.name',
      schema: { type: 'string' },
    })
    expect(await told({ names: ['get_ordr'] })).toContain('Did you mean get_order?')
  })

  test('B70 a single name, and a method in small letters, are what was meant', async () => {
    const told = await agent.callTool('describe_tools', { names: 'get_order' })
    expect(told.text).toMatch(/^get_order\(/)
    const found = await agent.callTool('search_tools', { query: '/parcels/*', method: 'delete' })
    expect(found.text).toMatch(/^delete_parcel\(/)
  })

  test('B185 what is wrong with a call is told before anything is sent; our own tools are called by nobody', async () => {
    large.api.asked.length = 0
    const call = (args: Record<string, unknown>) => agent.callTool('call_tool', args)
    expect(await call({ name: 'get_ordr', arguments: {} })).toMatchObject({
      isError: true,
      text: expect.stringContaining('Did you mean get_order?'),
    })
    for (const name of ['call_tool', 'search_tools', 'describe_tools', 'read_more']) {
      expect(await call({ name, arguments: { name: 'get_order', handle: 'x' } })).toMatchObject({
        isError: true,
        text: expect.stringContaining('There is no tool named'),
      })
    }
    expect(await call({ arguments: {} })).toMatchObject({
      isError: true,
      text: expect.stringContaining('Missing: name'),
    })
    expect(await call({ name: 'get_order' })).toMatchObject({
      isError: true,
      text: expect.stringContaining('order_id'),
    })
    expect(large.api.asked).toEqual([])
  })

  test('B184, S66 what a key may not use, and what is disabled, is not found, described or called', async () => {
    const { body: key } = await ask(large.gateway, 'POST', '/access-keys', {
      name: 'orders',
      servers: [slug()],
      tags: ['orders', 'customers'],
      readOnly: true,
    })
    const limited = await CLIENTS['the v2 client, 2026-07-28']!({ url: large.endpoint.url, accessKey: key.key })
    // Few enough to be listed.
    expect((await limited.listTools()).map(({ name }) => name)).toEqual([
      'get_customer',
      'get_order',
      'list_customers',
      'list_orders',
    ])
    await limited.close()

    const tool = (await listAll(large.gateway, '/tools')).find(({ name }) => name === 'delete_order')
    await ask(large.gateway, 'PATCH', `/tools/${tool.id}`, { enabled: false })
    expect((await agent.callTool('search_tools', { query: 'delete an order' })).text).not.toContain('delete_order')
    const { text } = await agent.callTool('describe_tools', { names: ['delete_order'] })
    expect(text).toContain('There is no tool named "delete_order"')
    expect(await agent.callTool('call_tool', { name: 'delete_order', arguments: { order_id: 1 } })).toMatchObject({
      isError: true,
      text: expect.stringContaining('There is no tool named'),
    })
  })

  test('S66 a search by a key with rights shows only what they give', async () => {
    await ask(large.gateway, 'PATCH', `/servers/${slug()}`, { mode: 'search' })
    const { body: key } = await ask(large.gateway, 'POST', '/access-keys', {
      name: 'orders only',
      servers: [slug()],
      tags: ['orders'],
    })
    const limited = await CLIENTS['the v2 client, 2026-07-28']!({ url: large.endpoint.url, accessKey: key.key })
    const search = (await limited.listTools()).find(({ name }) => name === 'search_tools') as { description?: string }
    expect(search.description).toMatch(/4 tools, by tag: orders \(4\)\./)
    expect((await limited.callTool('search_tools', { query: 'list customers' })).text).not.toContain('customer')
    const refused = await limited.callTool('call_tool', { name: 'list_customers', arguments: {} })
    expect(refused).toMatchObject({ isError: true, text: expect.stringContaining('There is no tool named') })
    await limited.close()
  })

  test('a pinned tool stays listed; a server set to direct lists all', async () => {
    const tool = (await listAll(large.gateway, `/servers/${slug()}/tools`)).find(({ name }) => name === 'list_orders')
    await ask(large.gateway, 'PATCH', `/servers/${slug()}/tools/${tool.id}`, { pinned: true })
    const names = async () => (await agent.listTools()).map(({ name }) => name)
    await expect.poll(names).toEqual(['call_tool', 'describe_tools', 'list_orders', 'search_tools'])
    await ask(large.gateway, 'PATCH', `/servers/${slug()}`, { mode: 'direct' })
    await expect.poll(async () => (await names()).length).toBe(59)
  })
})
