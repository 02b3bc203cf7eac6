import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../support/admin.ts'
import { DATABASES } from '../support/gateway-process.ts'
import { type LargeServer, startLargeServer } from '../support/large-server.ts'
import { connectV2, type McpClient } from '../support/mcp-clients.ts'
import { sluice } from '../support/spawned.ts'

// A curator keeps a piece of code as a tool: one intent, several calls, one answer.

const NAMES = {
  description: 'Names of an order and of its customer.',
  inputSchema: { type: 'object', properties: { order_id: { type: 'integer' } }, required: ['order_id'] },
  code: [
    'const order: { name: string; customer_id: number } = (await api.get_order({ order_id: args.order_id })).data',
    'const customer = await api.get_customer({ customer_id: order.customer_id })',
    'return [order.name, customer.data.name]',
  ].join('\n'),
  readOnly: true,
  tags: ['orders'],
  tests: [
    {
      name: 'both names',
      arguments: { order_id: 1 },
      calls: [
        { tool: 'get_order', arguments: { order_id: 1 }, answer: { name: 'A', customer_id: 5 } },
        { tool: 'get_customer', arguments: { customer_id: 5 }, answer: { name: 'Ada' } },
      ],
      result: ['A', 'Ada'],
    },
  ],
}

describe.each(DATABASES)('composites, on the %s database', (kind) => {
  let large: LargeServer
  let agent: McpClient
  const slug = () => large.slug
  const set = (name: string, body: object) => ask(large.gateway, 'PUT', `/servers/${slug()}/composites/${name}`, body)

  beforeAll(async () => {
    large = await startLargeServer(kind, ({ url }) => ({
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: 1, name: url, customer_id: 9 }),
    }))
    agent = await connectV2(large.endpoint, { pin: '2026-07-28' })
  })
  afterAll(async () => {
    await agent.close()
    await large.close()
  })

  test('one that passes its tests is kept, found and called: one intent, several calls, one answer', async () => {
    expect((await set('order_names', NAMES)).status).toBe(200)
    const search = await agent.callTool('search_tools', { query: 'names of an order and its customer' })
    expect(search.text.split('\n').slice(0, 2)).toEqual([
      'order_names({ order_id: number })',
      '  composite – order_names',
    ])
    large.api.asked.length = 0
    const { text } = await agent.callTool('call_tool', { name: 'order_names', arguments: { order_id: 3 } })
    expect(text).toBe('["/orders/3","/customers/9"]')
    expect(large.api.asked.map(({ url }) => url)).toEqual(['/orders/3', '/customers/9'])
    expect(await agent.callTool('order_names', {})).toMatchObject({
      isError: true,
      text: expect.stringContaining('Missing: order_id'),
    })
  })

  test('one that fails a test of its own is refused, and what was kept stays', async () => {
    const wrong = await set('order_names', { ...NAMES, code: 'return [args.order_id]' })
    expect(wrong).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/tests/0', detail: 'both names: it answered [1], and ["A","Ada"] was expected.' }] },
    })
    const stays = await ask(large.gateway, 'GET', `/servers/${slug()}/composites/order_names`)
    expect(stays.body.code).toBe(NAMES.code)
    const report = await ask(large.gateway, 'POST', `/servers/${slug()}/composites/order_names/test`)
    expect(report.body).toMatchObject({ passed: 1, failed: 0 })
  })

  test.each([
    ['what is no code', { code: 'return (' }, /cannot be compiled at line 1/],
    [
      'a schema that is none',
      { inputSchema: { type: 'object', properties: { a: { type: 'nothing' } } } },
      /no JSON Schema/,
    ],
    [
      'a call that the test does not know',
      { code: 'return (await api.list_orders({})).data' },
      /has no answer for list_orders/,
    ],
    ['a call that is not made', { code: 'return ["A", "Ada"]' }, /did not call get_order/],
    ['arguments that do not fit', { inputSchema: { type: 'object', required: ['x'] } }, /do not fit the input schema/],
    ['what never ends', { code: 'for (;;) {}' }, /was stopped/],
  ])('refused: %s', async (_what, change, detail) => {
    const { status, body } = await set('bad', { ...NAMES, ...change })
    expect([status, body.detail]).toEqual([400, expect.stringMatching(detail)])
  })

  test('code without tests is compiled, and what is wrong with it is told where it is', async () => {
    const faultOf = async (code: string) => (await set('bad', { description: 'Bad.', code })).body.detail
    expect(await faultOf('let 1a = 2')).toMatch(/^The code cannot be compiled at line 1, column 5:/)
    expect(await faultOf('const a = 1\nlet 1a = 2')).toMatch(/^The code cannot be compiled at line 2, column 5:/)
  })

  test('a name belongs to one tool, whichever comes first', async () => {
    expect((await set('get_order', NAMES)).status).toBe(409)
    expect((await set('run_code', NAMES)).status).toBe(400)
    const tools = await ask(large.gateway, 'GET', `/servers/${slug()}/tools?limit=1`)
    const renamed = await ask(large.gateway, 'PATCH', `/servers/${slug()}/tools/${tools.body.items[0].id}`, {
      alias: 'order_names',
    })
    expect(renamed.status).toBe(409)
  })

  test('S66 it reaches no tool that its caller may not use, and only reads where it says so', async () => {
    const key = async (rights: object) => {
      const { body } = await ask(large.gateway, 'POST', '/access-keys', { name: 'k', servers: [slug()], ...rights })
      return connectV2({ url: large.endpoint.url, accessKey: body.key }, { pin: '2026-07-28' })
    }
    const ordersOnly = await key({ tags: ['orders'] })
    expect(await ordersOnly.callTool('order_names', { order_id: 1 })).toMatchObject({
      isError: true,
      text: expect.stringContaining('There is no tool named "get_customer" for this composite and its caller.'),
    })
    await ordersOnly.close()
    const customersOnly = await key({ tags: ['customers'] })
    await expect(customersOnly.callTool('order_names', { order_id: 1 })).rejects.toThrow('no tool')
    await customersOnly.close()

    await set('cleaner', {
      description: 'Deletes.',
      code: 'return (await api.delete_order({ order_id: 1 })).status',
      readOnly: true,
    })
    expect(await agent.callTool('cleaner', {})).toMatchObject({
      isError: true,
      text: expect.stringContaining(
        'delete_order changes things, and this composite’s code may only read. Nothing was sent.',
      ),
    })
    await set('cleaner', { description: 'Deletes.', code: 'return (await api.delete_order({ order_id: 1 })).status' })
    expect((await agent.callTool('cleaner', {})).text).toBe('200')
    const readers = await key({ readOnly: true })
    await expect(readers.callTool('cleaner', {})).rejects.toThrow('no tool')
    await readers.close()
  })

  test('it is listed where tools are listed, or where it is pinned; in mode code always', async () => {
    const names = async () => (await agent.listTools()).map(({ name }) => name)
    expect(await names()).not.toContain('order_names')
    await set('order_names', { ...NAMES, pinned: true })
    await expect.poll(names).toContain('order_names')
    await set('order_names', NAMES)
    await ask(large.gateway, 'PATCH', `/servers/${slug()}`, { mode: 'code' })
    await expect.poll(names).toEqual(['cleaner', 'describe_tools', 'order_names', 'run_code', 'search_tools'])
    expect(await agent.callTool('run_code', { code: 'return api.order_names({ order_id: 1 })' })).toMatchObject({
      isError: true,
      text: expect.stringContaining('There is no tool named "order_names"'),
    })
    const { text } = await agent.callTool('search_tools', { query: 'names of an order and its customer' })
    expect(text).toContain('  composite, called by itself and not in code – order_names')
    await ask(large.gateway, 'PATCH', `/servers/${slug()}`, { mode: 'auto' })
  })

  test('the command line keeps, tests, shows and deletes one', async () => {
    const code = join(large.home.dataDir, 'names.ts')
    const about = join(large.home.dataDir, 'names.json')
    writeFileSync(code, NAMES.code)
    writeFileSync(about, JSON.stringify({ ...NAMES, code: undefined }))
    const env = { ...large.home.env, SLUICE_URL: large.gateway.url, SLUICE_ADMIN_KEY: large.gateway.adminKey }
    const run = (...args: string[]) => sluice(['composites', ...args], { env })
    expect((await run('set', slug(), 'by_file', code, '--about', about)).stdout).toContain(
      'by_file is kept; 1 test passed.',
    )
    expect((await run('test', slug(), 'by_file')).stdout).toContain('1 passed, 0 failed')
    expect((await run('list', slug())).stdout).toMatch(/by_file +reads +1 test/)
    expect((await run('show', slug(), 'by_file')).stdout).toContain('await api.get_customer')
    expect((await run('remove', slug(), 'by_file')).stdout).toContain('by_file is gone.')
  })
})
