import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, listAll } from '../support/admin.ts'
import {
  DATABASES,
  type GatewayHome,
  type GatewayProcess,
  INSTALLATION_KEY,
  newHome,
  startGateway,
} from '../support/gateway-process.ts'
import { connectV2, type McpClient } from '../support/mcp-clients.ts'
import { type Site, startSite } from '../support/site.ts'
import { sluice } from '../support/spawned.ts'

// A tool whose answers are kept, from the curator's word to the requests that an API sees, and those it does not.

const KEY = 'sk-live-4242-secret'

describe.each(DATABASES)('answers that are kept, on the %s database', (kind) => {
  let api: Site
  let home: GatewayHome
  let gateway: GatewayProcess
  let env: Record<string, string>
  let tools: Map<string, string>
  const agents: McpClient[] = []

  const get = (operationId: string, more: object = {}) => ({
    get: { operationId, security: [{ key: [] }], parameters: [LIMIT], ...more },
  })
  const documentOf = (url: string, summary = 'Orders') => ({
    openapi: '3.1.0',
    info: { title: 'Orders', version: '1' },
    servers: [{ url }],
    components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Api-Key' } } },
    paths: {
      '/orders': { ...get('list_orders', { summary }), post: { operationId: 'add_order', security: [{ key: [] }] } },
      '/checked': get('checked'),
      '/cookie': get('cookie'),
      '/fails': get('fails'),
      '/counts': get('counts', { 'x-mcp': { annotations: { readOnlyHint: false } } }),
    },
  })

  beforeAll(async () => {
    api = await startSite(({ url, headers }) => {
      const body = JSON.stringify({ n: api.asked.length, echo: headers['x-api-key'] })
      const type = { 'content-type': 'application/json' }
      if (url === '/fails') return { status: 500, headers: type, body }
      if (url === '/cookie') return { headers: { ...type, 'set-cookie': 'sid=1' }, body }
      if (url !== '/checked') return { headers: type, body }
      const checked = { ...type, etag: '"v1"', 'cache-control': 'no-cache' }
      return headers['if-none-match'] === '"v1"' ? { status: 304, headers: checked } : { headers: checked, body }
    })
    home = await newHome(kind)
    gateway = await startGateway(home, { INSTALLATION_KEY, EGRESS_ALLOW: '127.0.0.1' })
    env = { ...home.env, SLUICE_URL: gateway.url, SLUICE_ADMIN_KEY: gateway.adminKey }
  })
  afterAll(async () => {
    for (const agent of agents) await agent.close()
    const { stdout } = gateway.output
    await gateway.end('SIGTERM')
    await home.remove()
    await api.close()
    expect(stdout).not.toContain('"kind":"bug"')
    expect(stdout).not.toContain(KEY)
  })

  async function connect(url: string, accessKey: string): Promise<(tool?: string, args?: object) => Promise<string>> {
    const agent = await connectV2({ url, accessKey }, { pin: '2026-07-28' })
    agents.push(agent)
    return async (tool = 'list_orders', args = {}) => (await agent.callTool(tool, { ...args })).text
  }

  async function imported(owner: { url: string; adminKey: string }, server: string) {
    const { body } = await ask(owner, 'POST', `/imports?commit=true&server=${server}&upstream=orders`, {
      text: JSON.stringify(documentOf(api.url)),
      allow: [new URL(api.url).host],
      credential: { value: KEY },
      enable: 'all',
    })
    return connect(body.url, body.accessKey)
  }

  /** Another caller of the same server. */
  async function agentOf(name: string) {
    const { body } = await ask(gateway, 'POST', '/access-keys', { name, servers: ['orders'] })
    return connect(`${gateway.url}/mcp/orders`, body.key)
  }

  const set = (tool: string, cache: unknown) => ask(gateway, 'PATCH', `/tools/${tools.get(tool)}`, { cache })
  /** How many requests the API saw meanwhile. */
  const asked = async (calls: () => Promise<unknown>): Promise<number> => {
    const before = api.asked.length
    await calls()
    return api.asked.length - before
  }
  const twice = (call: () => Promise<unknown>) => asked(async () => [await call(), await call()])

  test('S60 nothing is kept until a curator says so, and then no longer than they say', async () => {
    const call = await imported(gateway, 'orders')
    tools = new Map((await listAll(gateway, '/tools')).map(({ name, id }) => [name, id]))
    expect(await twice(call)).toBe(2)
    expect(await set('list_orders', { ttlSeconds: 60 })).toMatchObject({
      status: 200,
      body: { cache: { ttlSeconds: 60 } },
    })
    expect(await twice(call)).toBe(1)
    expect(await twice(() => call('list_orders', { limit: 1 }))).toBe(1)
    expect(await twice(() => call('cookie'))).toBe(2)
    const { body } = await ask(gateway, 'GET', '/calls?tool=list_orders')
    const uses = body.items.map(({ cache }: { cache: string | null }) => cache)
    expect(uses).toEqual(['hit', 'miss', 'hit', 'miss', null, null])
    expect(gateway.output.stdout).toContain('"cache":"hit"')
    await set('list_orders', null)
    expect(await twice(call)).toBe(2)
  })

  test('S60 callers of one credential share an answer, other workspaces and other credentials never do', async () => {
    await set('list_orders', { ttlSeconds: 600 })
    const bob = await agentOf('bob')
    const first = await bob('list_orders', { limit: 2 })
    const eve = await agentOf('eve')
    expect([await eve('list_orders', { limit: 2 }), first]).toEqual([
      first,
      expect.stringContaining('"echo":"[masked]"'),
    ])

    const installation = { url: gateway.url, adminKey: INSTALLATION_KEY }
    const { body: workspace } = await ask(installation, 'POST', '/workspaces', { name: 'boreas' })
    const boreas = { url: gateway.url, adminKey: workspace.adminKey.key }
    const stranger = await imported(boreas, 'boreas')
    const theirs = await listAll(boreas, '/tools')
    const { id } = theirs.find(({ name }: { name: string }) => name === 'list_orders')
    expect((await ask(boreas, 'PATCH', `/tools/${id}`, { cache: { ttlSeconds: 600 } })).status).toBe(200)
    expect(await twice(() => stranger('list_orders', { limit: 2 }))).toBe(1)

    const credential = (method: string, value?: object) =>
      ask(gateway, method, '/upstreams/orders/credentials/key', value)
    for (const value of ['sk-live-another-one', KEY]) {
      expect((await credential('PUT', { value })).status).toBeLessThan(300)
      expect(await twice(() => eve('list_orders', { limit: 2 }))).toBe(1)
    }
    await credential('DELETE')
    expect(await asked(async () => expect(await bob('list_orders', { limit: 2 })).toContain('Nothing was sent'))).toBe(
      0,
    )
    await credential('PUT', { value: KEY })
  })

  test('what a curator changes of a tool shows in answers that were kept before, and trying it calls the API', async () => {
    const call = await agentOf('ada')
    const { n } = JSON.parse(await call())
    const tool = `/tools/${tools.get('list_orders')}`
    await ask(gateway, 'PATCH', tool, { responseFilter: '{kept: n}' })
    expect(JSON.parse(await call())).toEqual({ kept: n })
    await ask(gateway, 'PATCH', tool, { responseFilter: null, steps: { redaction: { fields: ['n'] } } })
    expect(JSON.parse(await call())).toMatchObject({ n: '[redacted]' })
    await ask(gateway, 'PATCH', tool, { steps: {} })
    expect(
      await asked(async () => {
        const { body } = await ask(gateway, 'POST', `${tool}/try`, { arguments: {} })
        expect(JSON.parse(body.outcome.content[0].text).n).toBeGreaterThan(n)
        await ask(gateway, 'POST', `${tool}/try`, { answer: { body: { n: 0 } } })
      }),
    ).toBe(1)
    expect(JSON.parse(await call()).n).toBe(n)
  })

  test('S60 a write through the gateway, or another version of the operation, makes what was kept stale', async () => {
    const call = await agentOf('ben')
    const before = await call()
    expect(await asked(() => call('add_order'))).toBe(1)
    const after = await call()
    expect([after, await call()]).not.toContain(before)
    expect(await twice(call)).toBe(0)
    const tryWrite = (body: object) => ask(gateway, 'POST', `/tools/${tools.get('add_order')}/try`, body)
    await tryWrite({ answer: { body: {} } })
    expect(await twice(call)).toBe(0)
    await tryWrite({})
    expect(await twice(call)).toBe(1)
    const text = JSON.stringify(documentOf(api.url, 'Every order there is'))
    await ask(gateway, 'POST', '/imports?commit=true&server=orders&upstream=orders', { text })
    await ask(gateway, 'POST', '/tools/agree?upstream=orders')
    expect(await twice(call)).toBe(1)
  })

  test('what the API wants to be asked about is asked about by its ETag', async () => {
    await set('checked', { ttlSeconds: 60 })
    const call = await agentOf('cat')
    const first = await call('checked')
    expect([await call('checked'), api.asked.at(-1)!.headers['if-none-match']]).toEqual([first, '"v1"'])
    // A call is told once it is known what it cost.
    const last = async () => (await ask(gateway, 'GET', '/calls?tool=checked&limit=1')).body.items[0]
    await expect.poll(last).toMatchObject({ outcome: 'ok', status: 200, cache: 'revalidated' })
    await set('fails', { ttlSeconds: 60 })
    expect(await twice(() => call('fails'))).toBeGreaterThanOrEqual(2)
  })

  test.each<[string, string, unknown, string, RegExp]>([
    [
      'a method that may change something',
      'add_order',
      { ttlSeconds: 60 },
      '/cache',
      /GET, HEAD, QUERY alone: a POST may/,
    ],
    ['what its document says changes something', 'counts', { ttlSeconds: 60 }, '/cache', /document says that this GET/],
    ['no time', 'list_orders', { ttlSeconds: 0 }, '/cache/ttlSeconds', /./],
    ['more than a day', 'list_orders', { ttlSeconds: 86_401 }, '/cache/ttlSeconds', /./],
    ['half a second', 'list_orders', { ttlSeconds: 0.5 }, '/cache/ttlSeconds', /./],
    ['more than a time', 'list_orders', { ttlSeconds: 60, shared: true }, '/cache/shared', /./],
  ])('S60 a cache is refused for %s', async (_what, tool, cache, pointer, detail) => {
    const { status, body } = await set(tool, cache)
    expect([status, body.errors[0]]).toMatchObject([400, { pointer, detail: expect.stringMatching(detail) }])
  })

  test('one that is made by hand can have it, where it only reads', async () => {
    const make = (method: string) =>
      ask(gateway, 'POST', '/tools', {
        name: `by_hand_${method}`,
        cache: { ttlSeconds: 5 },
        manual: { upstream: 'orders', method, path: '/x' },
      })
    expect(await make('GET')).toMatchObject({ status: 201, body: { cache: { ttlSeconds: 5 } } })
    expect(await make('PUT')).toMatchObject({ status: 400, body: { errors: [{ pointer: '/cache' }] } })
  })

  test('the command line sets it, shows it, and takes it away', async () => {
    const at = (...args: string[]) => sluice(args, { env })
    expect((await at('tools', 'edit', 'list_orders', '--cache', '10m')).stdout).toMatch(/cache +600 s/)
    expect((await at('tools', 'show', 'list_orders', '--json')).stdout).toContain('"cache":{"ttlSeconds":600}')
    for (const _ of [1, 2]) await at('call', 'orders', 'list_orders', '--args', '{"limit": 77}')
    expect((await at('logs', '--tool', 'list_orders', '--limit', '2')).stdout).toMatch(/cache miss[\s\S]*cache hit/)
    const off = await at('tools', 'edit', 'list_orders', '--cache', 'off')
    expect([off.code, off.stderr, off.stdout]).toEqual([0, '', expect.not.stringMatching(/^cache/m)])
    expect(await at('tools', 'edit', 'list_orders', '--cache', '10')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('say 45s, 10m'),
    })
    expect(await at('tools', 'edit', 'add_order', '--cache', '1m')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('a POST may change something'),
    })
    const { body } = await ask(gateway, 'GET', `/audit-events?target=${tools.get('list_orders')}&limit=1`)
    expect(body.items[0]).toMatchObject({ before: { cache: { ttlSeconds: 600 } }, after: { cache: null } })
  })
})

const LIMIT = { name: 'limit', in: 'query', schema: { type: 'integer' } }
