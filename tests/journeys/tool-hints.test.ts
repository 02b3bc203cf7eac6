import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { ask, importBookshop, listAll } from '../support/admin.ts'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { postMessage } from '../support/mcp-clients.ts'
import { sluice } from '../support/spawned.ts'

// What agents, and keys that may only read, are told of a tool: by its method, and by its curator.

describe.each(DATABASES)('the hints of tools, on the %s database', (kind) => {
  let shop: BookshopApi
  let home: GatewayHome
  let gateway: GatewayProcess
  let url: string
  let accessKey: string
  const run = (...args: string[]) =>
    sluice(args, { env: { ...home.env, SLUICE_URL: gateway.url, SLUICE_ADMIN_KEY: gateway.adminKey } })
  /** By name, as a client of 2025-11-25 is shown them. */
  const hints = async (key = accessKey) => {
    const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
    const answer = await postMessage({ url, accessKey: key }, list, {
      headers: { 'mcp-protocol-version': '2025-11-25' },
    })
    const { result } = (await answer.json()) as { result: { tools: Array<{ name: string; annotations: object }> } }
    return new Map(result.tools.map(({ name, annotations }) => [name, annotations]))
  }

  beforeAll(async () => {
    shop = await startBookshop()
    home = await newHome(kind)
    gateway = await startGateway(home)
    const imported = await importBookshop(gateway, shop)
    url = imported.url!
    accessKey = imported.accessKey!
    await ask(gateway, 'PATCH', '/tools?upstream=bookshop', { enabled: true })
  })
  afterAll(async () => {
    await gateway.end('SIGTERM')
    await home.remove()
    await shop.close()
  })

  test('B168, B169 all four are explicit, by the method', async () => {
    const told = await hints()
    expect(told.get('get_book')).toMatchObject({ readOnlyHint: true, destructiveHint: false, idempotentHint: true })
    expect(told.get('create_book')).toMatchObject({ readOnlyHint: false, destructiveHint: true, idempotentHint: false })
    for (const annotations of told.values()) expect(annotations).toHaveProperty('openWorldHint', true)
  })

  test('a curator tightens them without a word, and loosens them with a note', async () => {
    expect((await run('tools', 'edit', 'get_book', '--hint', 'read-only=off')).stdout).not.toContain('Note:')
    const loosened = await run('tools', 'edit', 'create_book', '--hint', 'read-only=on')
    expect(loosened.stdout).toContain('Note: Its hints say it is safer than POST is by itself: readOnlyHint.')
    expect(loosened.stdout).toMatch(/hints +read-only on/)
    const told = await hints()
    expect(told.get('get_book')).toMatchObject({ readOnlyHint: false, destructiveHint: true })
    expect(told.get('create_book')).toMatchObject({ readOnlyHint: true, destructiveHint: false })
  })

  test('S66 a key that may only read goes by them', async () => {
    const { body } = await ask(gateway, 'POST', '/access-keys', { name: 'r', servers: ['bookshop'], readOnly: true })
    expect([...(await hints(body.key)).keys()]).toEqual(['create_book', 'search_books'])
    await run('tools', 'edit', 'get_book', '--reset', 'hints')
    await run('tools', 'edit', 'create_book', '--reset', 'hints')
    expect([...(await hints(body.key)).keys()]).toEqual(['get_book', 'search_books'])
  })

  test('what contradicts itself is refused', async () => {
    const tool = (await listAll(gateway, '/tools')).find(({ name }) => name === 'get_book')
    const annotations = { readOnlyHint: true, destructiveHint: true }
    expect(await ask(gateway, 'PATCH', `/tools/${tool.id}`, { annotations })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/annotations/destructiveHint' }] },
    })
    expect((await run('tools', 'edit', 'get_book', '--hint', 'safe=on')).code).not.toBe(0)
  })
})
