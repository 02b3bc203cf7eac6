import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { ask, importBookshop } from '../support/admin.ts'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { connectV2, postMessage } from '../support/mcp-clients.ts'
import { sluice } from '../support/spawned.ts'

// How many calls a key or a server lets through, seen from an agent.

describe.each(DATABASES)('limits of calls, on the %s database', (kind) => {
  let shop: BookshopApi
  let home: GatewayHome
  let gateway: GatewayProcess
  let url: string
  const run = (...args: string[]) =>
    sluice(args, { env: { ...home.env, SLUICE_URL: gateway.url, SLUICE_ADMIN_KEY: gateway.adminKey } })
  const newKey = async (...limits: string[]) =>
    JSON.parse((await run('key', 'create', '--server', 'bookshop', ...limits, '--json')).stdout).key as string

  beforeAll(async () => {
    shop = await startBookshop()
    home = await newHome(kind)
    gateway = await startGateway(home)
    url = (await importBookshop(gateway, shop)).url!
  })
  afterAll(async () => {
    await gateway.end('SIGTERM')
    await home.remove()
    await shop.close()
  })

  /** The end of a minute would give as many again. */
  const early = async () => {
    const left = 60_000 - (Date.now() % 60_000)
    if (left < 10_000) await new Promise((resolve) => setTimeout(resolve, left))
  }

  test('S71 a key has its calls in a minute; what is over is told to the model, and the rest in headers', async () => {
    await early()
    const accessKey = await newKey('--calls-per-minute', '3')
    const agent = await connectV2({ url, accessKey }, { pin: '2026-07-28' })
    for (let n = 1; n <= 3; n++) expect((await agent.callTool('get_book', { book_id: n })).isError).toBe(false)
    expect(await agent.callTool('get_book', { book_id: 1 })).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^This access key lets 3 calls through in a minute.*Call again in \d+ s\.$/),
    })
    await agent.close()
    const call = {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'get_book', arguments: { book_id: 1 } },
    }
    const { headers } = await postMessage({ url, accessKey }, call)
    expect(headers.get('ratelimit-policy')).toBe('"key";q=3;w=60')
    expect(headers.get('ratelimit')).toMatch(/^"key";r=0;t=\d+$/)
  })

  test('another key has its own, and a list is no call', async () => {
    const agent = await connectV2({ url, accessKey: await newKey() }, 'legacy')
    expect((await agent.callTool('get_book', { book_id: 1 })).isError).toBe(false)
    expect((await agent.listTools()).length).toBeGreaterThan(3)
    await agent.close()
  })

  test('a server has calls for all who call it, until that is changed', async () => {
    await early()
    expect((await run('servers', 'edit', 'bookshop', '--calls-per-minute', '2')).stdout).toMatch(
      /limits +2 calls a minute/,
    )
    const agents = [
      await connectV2({ url, accessKey: await newKey() }, { pin: '2026-07-28' }),
      await connectV2({ url, accessKey: await newKey() }, { pin: '2026-07-28' }),
    ]
    const results = []
    for (const n of [0, 1, 0]) results.push(await agents[n]!.callTool('get_book', { book_id: 1 }))
    expect(results).toMatchObject([
      { isError: false },
      { isError: false },
      { isError: true, text: expect.stringContaining('This server lets 2 calls through') },
    ])
    await run('servers', 'edit', 'bookshop', '--unlimited')
    expect((await agents[0]!.callTool('get_book', { book_id: 1 })).isError).toBe(false)
    for (const agent of agents) await agent.close()
  })

  test('a limit is said, changed and taken away', async () => {
    const { body: key } = await ask(gateway, 'POST', '/access-keys', { name: 'x', servers: ['bookshop'] })
    expect(key.limits).toBeNull()
    await run('key', 'edit', key.id, '--calls-at-once', '2')
    expect((await run('key', 'edit', key.id, '--calls-per-minute', '9')).stdout).toMatch(
      /limits +9 calls a minute, 2 at once/,
    )
    expect((await run('key', 'edit', key.id, '--unlimited')).stdout).not.toContain('limits')
    expect((await run('key', 'edit', key.id, '--calls-per-minute', '0')).code).not.toBe(0)
    const { status, body } = await ask(gateway, 'PATCH', `/access-keys/${key.id}`, { limits: { callsPerMinute: 0 } })
    expect([status, body.errors[0].pointer]).toEqual([400, '/limits/callsPerMinute'])
  })
})
