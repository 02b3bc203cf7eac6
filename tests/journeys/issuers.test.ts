import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../support/admin.ts'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { type Login, startLogin } from '../support/login.ts'
import { openListening, postMessage } from '../support/mcp-clients.ts'
import { accountOf } from '../support/oauth-account.ts'
import { type Site, startSite } from '../support/site.ts'

// People log in at an issuer of their own; clients find the way there by themselves, and the API never sees their tokens.

const READ = 'orders:read'
const WRITE = 'orders:write'
const ADMIN = 'orders:admin'
const RULES = [{ scope: READ, rights: { readOnly: true } }, { scope: WRITE }]
const MODES = ['legacy', { pin: '2026-07-28' }] as const

describe.each(DATABASES)('access tokens of an issuer, on the %s database', (kind) => {
  let login: Login
  let api: Site
  let home: GatewayHome
  let gateway: GatewayProcess
  let url: string
  let issuerId: string
  let answerWords = 2

  beforeAll(async () => {
    login = await startLogin([READ, WRITE, ADMIN])
    api = await startSite(() => ({
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'an order '.repeat(answerWords) }),
    }))
    home = await newHome(kind)
    gateway = await startGateway(home)
    for (const server of ['orders', 'other']) {
      const document = { text: DOCUMENT, baseUrl: api.url, allow: [new URL(api.url).host] }
      const query = `commit=true&server=${server}&upstream=${server}`
      expect((await ask(gateway, 'POST', `/imports?${query}`, document)).body).toMatchObject({ committed: true })
    }
    const about = { name: 'Login', issuer: login.url, servers: ['orders', 'other'], rules: RULES, allow: [login.host] }
    const made = await ask(gateway, 'POST', '/issuers', about)
    expect(made.status).toBe(201)
    issuerId = made.body.id
    url = `${gateway.url}/mcp/orders`
  })
  afterAll(async () => {
    const { stdout } = gateway.output
    await gateway.end('SIGTERM')
    await home.remove()
    await api.close()
    await login.close()
    expect(stdout).not.toContain('"kind":"bug"')
  })

  /** A person at the official client, from the first 401 on. */
  async function connect(person: string, mode: (typeof MODES)[number], agreesTo = [READ, WRITE]) {
    Object.assign(login, { person, agreesTo })
    const account = accountOf(login)
    const open = () => new StreamableHTTPClientTransport(new URL(url), { authProvider: account.provider })
    const newClient = () => new Client({ name: 'journey', version: '2.0.0' }, { versionNegotiation: { mode } })
    const first = open()
    await expect(newClient().connect(first)).rejects.toThrow(/nauthorized/)
    await first.finishAuth(account.back())
    const client = newClient()
    const transport = open()
    await client.connect(transport)
    return { client, transport, ...account }
  }

  describe.each(MODES)('the official client, %j', (mode) => {
    test('finds the issuer, registers, logs in and calls tools', async () => {
      login.asked.length = 0
      const { client, claims } = await connect('ada', mode)
      expect(login.asked).toEqual(
        expect.arrayContaining(['/.well-known/oauth-authorization-server', '/reg', '/auth', '/token']),
      )
      expect(claims()).toMatchObject({ iss: login.url, aud: url, sub: 'ada', scope: `${READ} ${WRITE}` })
      expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['create_order', 'list_orders'])
      expect(await client.callTool({ name: 'list_orders', arguments: {} })).not.toMatchObject({ isError: true })
      await client.close()
    })

    test('S46 a scope that is missing is asked for when a tool needs it, and the call goes on', async () => {
      const { client, transport, back, claims } = await connect('bob', mode, [READ])
      expect(claims()).toMatchObject({ sub: 'bob', scope: READ })
      expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['list_orders'])
      login.agreesTo = [READ, WRITE]
      const create = () => client.callTool({ name: 'create_order', arguments: {} })
      await expect(create()).rejects.toThrow(/nauthorized/)
      await transport.finishAuth(back())
      expect(claims()).toMatchObject({ sub: 'bob', scope: `${READ} ${WRITE}` })
      expect(await create()).not.toMatchObject({ isError: true })
      expect((await client.listTools()).tools).toHaveLength(2)
      await client.close()
    })
  })

  /** An access token, as the client's flow brings it. */
  async function tokenOf(person: string, agreesTo = [READ, WRITE]): Promise<string> {
    const { client, accessToken } = await connect(person, 'legacy', agreesTo)
    await client.close()
    return accessToken()
  }

  const call = (accessKey: string, name: string, args = {}, server = 'orders') =>
    postMessage(
      { url: `${gateway.url}/mcp/${server}`, accessKey },
      { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } },
    )
  const textOf = async (response: Response): Promise<string> => {
    const text = await response.text()
    const { result } = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text)
    return result.content.map((block: { text: string }) => block.text).join('\n')
  }

  test('S45 B156 the API never sees the token, nor anything of it', async () => {
    const token = await tokenOf('ada')
    await call(token, 'list_orders')
    const seen = JSON.stringify(api.asked.map(({ headers, url }) => [headers, url]))
    for (const part of token.split('.')) expect(seen).not.toContain(part)
    expect(api.asked.every(({ headers }) => headers.authorization === undefined)).toBe(true)
  })

  test('S44 a token for one server opens no other, and the refusal says where to get one that does', async () => {
    const refused = await call(await tokenOf('ada'), 'list_orders', {}, 'other')
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toBe(
      `Bearer realm="sluice", error="invalid_token", error_description="it is for another audience (aud)", resource_metadata="${gateway.url}/.well-known/oauth-protected-resource/mcp/other", scope="${READ} ${WRITE}"`,
    )
  })

  test('S46 B131 403 names all scopes that are needed, for a tool and for all', async () => {
    const metadata = `resource_metadata="${gateway.url}/.well-known/oauth-protected-resource/mcp/orders"`
    const token = await tokenOf('bob', [READ])
    const some = await call(token, 'create_order')
    expect([some.status, some.headers.get('www-authenticate')]).toEqual([
      403,
      `Bearer realm="sluice", error="insufficient_scope", ${metadata}, scope="${READ} ${WRITE}"`,
    ])
    expect(await some.json()).toMatchObject({ code: 'insufficient-scope' })
    expect((await call(token, 'list_orders')).status).toBe(200)
    expect((await call(token, { toString: 1 } as never)).status).toBeLessThan(500)
    await ask(gateway, 'PATCH', `/issuers/${issuerId}`, { rules: [{ scope: ADMIN }] })
    const none = await call(token, 'list_orders')
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([
      403,
      `Bearer realm="sluice", error="insufficient_scope", ${metadata}, scope="${ADMIN}"`,
    ])
    await ask(gateway, 'PATCH', `/issuers/${issuerId}`, { rules: RULES })
  })

  test('S46 B175 a read that a scope would allow is 403 with all scopes, and one that none would is of nothing', async () => {
    const { items } = (await ask(gateway, 'GET', '/tools?upstream=orders')).body
    const idOf = (wanted: string) => items.find(({ name }: { name: string }) => name === wanted).id
    await ask(gateway, 'PATCH', `/tools/${idOf('list_orders')}`, { resource: { uri: 'orders://all' } })
    const creating = { scope: READ, rights: { tools: [idOf('create_order')] } }
    await ask(gateway, 'PATCH', `/issuers/${issuerId}`, { rules: [creating, { scope: WRITE }] })
    const [some, all] = [await tokenOf('bob', [READ]), await tokenOf('bob')]
    const endpoint = (accessKey: string) => ({ url, accessKey })
    const message = { jsonrpc: '2.0', id: 1, method: 'resources/read' }
    const read = (token: string, uri: string) => postMessage(endpoint(token), { ...message, params: { uri } })
    const refused = await read(some, 'orders://all')
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      403,
      expect.stringContaining(`error="insufficient_scope", resource_metadata="${gateway.url}/`),
    ])
    expect(refused.headers.get('www-authenticate')).toContain(`scope="${READ} ${WRITE}"`)
    expect([(await read(some, 'orders://none')).status, (await read(all, 'orders://all')).status]).toEqual([200, 200])
    expect(await (await read(all, 'orders://all')).text()).toContain('an order')
    await ask(gateway, 'PATCH', `/issuers/${issuerId}`, { rules: [creating] })
    expect((await read(await tokenOf('bob', [READ]), 'orders://all')).status).toBe(200)
    await ask(gateway, 'PATCH', `/tools/${idOf('list_orders')}`, { resource: null })
    await ask(gateway, 'PATCH', `/issuers/${issuerId}`, { rules: RULES })
  })

  test('S66 a tool that is not there, and one that no scope would give, are unknown alike', async () => {
    await ask(gateway, 'PATCH', `/issuers/${issuerId}`, { rules: [{ scope: READ, rights: { readOnly: true } }] })
    const token = await tokenOf('bob', [READ])
    const told = async (name: string) => {
      const response = await call(token, name)
      return [response.status, (await response.text()).replaceAll(name, '…')]
    }
    expect(await told('create_order')).toEqual(await told('no_such_tool'))
    expect(await told('create_order')).toEqual([200, expect.stringContaining('There is no tool')])
    await ask(gateway, 'PATCH', `/issuers/${issuerId}`, { rules: RULES })
  })

  test('S60 two people of one issuer share no kept answer and no handle', async () => {
    const { items } = (await ask(gateway, 'GET', '/tools?upstream=orders')).body
    const { id } = items.find(({ name }: { name: string }) => name === 'list_orders')
    await ask(gateway, 'PATCH', `/tools/${id}`, { cache: { ttlSeconds: 600 } })
    answerWords = 8_000
    const [ada, bob] = [await tokenOf('ada'), await tokenOf('bob')]
    const first = await textOf(await call(ada, 'list_orders'))
    const before = api.asked.length
    expect((await textOf(await call(ada, 'list_orders'))).slice(0, 20)).toBe(first.slice(0, 20))
    expect(api.asked).toHaveLength(before)
    await call(bob, 'list_orders')
    expect(api.asked).toHaveLength(before + 1)
    const handle = /"?handle"?[:=\s"]+([\w-]{24})/.exec(first)![1]!
    expect(await textOf(await call(ada, 'read_more', { handle }))).not.toContain('No answer is kept')
    expect(await textOf(await call(bob, 'read_more', { handle }))).toContain('No answer is kept')
  })

  test('S68 a session id of one person is none of another’s', async () => {
    const [ada, bob] = [await tokenOf('ada'), await tokenOf('bob')]
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'journey', version: '1' } }
    const initialize = { jsonrpc: '2.0', id: 1, method: 'initialize', params }
    const id = (await postMessage({ url, accessKey: ada }, initialize)).headers.get('mcp-session-id')!
    const list = async (accessKey: string) => {
      const message = { jsonrpc: '2.0', id: 2, method: 'tools/list' }
      return (await postMessage({ url, accessKey }, message, { headers: { 'mcp-session-id': id } })).status
    }
    expect([await list(ada), await list(bob)]).toEqual([200, 404])
  })

  test('calls are told with the person’s subject', async () => {
    await call(await tokenOf('ada'), 'list_orders')
    const last = async () => (await ask(gateway, 'GET', '/calls?server=orders&limit=1')).body.items[0]
    await expect.poll(last).toMatchObject({ caller: 'ada (Login)', outcome: 'ok' })
  })

  test('the metadata says whose tokens are taken, to any page, and of servers that take some alone', async () => {
    const path = '/.well-known/oauth-protected-resource/mcp'
    const headers = { origin: 'https://inspector.test' }
    const response = await fetch(`${gateway.url}${path}/orders`, { headers })
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
    expect(await response.json()).toEqual({
      resource: url,
      authorization_servers: [login.url],
      scopes_supported: [READ, WRITE],
      bearer_methods_supported: ['header'],
    })
    await ask(gateway, 'POST', '/servers', { name: 'Keys only', slug: 'keys-only' })
    for (const slug of ['keys-only', 'nowhere', '..%2f', 'orders/more'])
      expect((await fetch(`${gateway.url}${path}/${slug}`)).status).toBe(404)
    const plain = await postMessage({ url: `${gateway.url}/mcp/keys-only`, accessKey: 'slk_x' }, {})
    expect([plain.status, plain.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="sluice"'])
    const foreign = await fetch(url, { method: 'POST', headers })
    expect(foreign.status).toBe(403)
  })

  test.each<[string, object, string]>([
    ['http', { issuer: 'http://login.test' }, '/issuer'],
    ['with a query', { issuer: 'https://login.test?a=b' }, '/issuer'],
    ['with a password', { issuer: 'https://a:b@login.test' }, '/issuer'],
    ['with keys over http', { jwksUri: 'http://login.test/keys' }, '/jwksUri'],
    ['with a shared secret', { algorithms: ['HS256'] }, '/algorithms/0'],
    ['without a signature', { algorithms: ['none'] }, '/algorithms/0'],
    ['with a scope that is none', { rules: [{ scope: 'a"b' }] }, '/rules/0/scope'],
    ['that may reach what cannot be read', { allow: ['a b'] }, '/allow'],
  ])('S44 an issuer is refused, at its place: %s', async (_what, change, pointer) => {
    const about = { name: 'x', issuer: 'https://login.test', servers: ['orders'] }
    for (const [method, path, body] of [
      ['POST', '/issuers', { ...about, ...change }],
      ['PATCH', `/issuers/${issuerId}`, change],
    ] as const) {
      const { status, body: answer } = await ask(gateway, method, path, body)
      expect([status, answer.errors[0].pointer]).toEqual([400, pointer])
    }
  })

  test('S1 an owner says which private addresses an issuer may lie at, and no editor', async () => {
    const { key } = (await ask(gateway, 'POST', '/admin-keys', { name: 'editor', role: 'editor' })).body
    const editor = { url: gateway.url, adminKey: key }
    const about = { name: 'x', issuer: 'https://login.test', servers: ['orders'], allow: ['10.0.0.0/8'] }
    expect((await ask(editor, 'POST', '/issuers', about)).body).toMatchObject({ code: 'role-required' })
    const changed = await ask(editor, 'PATCH', `/issuers/${issuerId}`, { allow: ['10.0.0.0/8'] })
    expect(changed.body).toMatchObject({ code: 'role-required' })
    const made = await ask(editor, 'POST', '/issuers', { ...about, allow: [] })
    expect(made.status).toBe(201)
    expect((await ask(editor, 'DELETE', `/issuers/${made.body.id}`)).status).toBe(204)
  })

  test('S48 an issuer that is removed opens nothing within a second, and streams of its tokens end', async () => {
    const token = await tokenOf('ada')
    const stream = await openListening({ url, accessKey: token })
    expect(stream.status).toBe(200)
    expect((await call(token, 'list_orders')).status).toBe(200)
    expect((await ask(gateway, 'DELETE', `/issuers/${issuerId}`)).status).toBe(204)
    expect((await call(token, 'list_orders')).status).toBe(401)
    await expect(stream.text()).rejects.toThrow()
    expect((await fetch(`${gateway.url}/.well-known/oauth-protected-resource/mcp/orders`)).status).toBe(404)
  })
})

const DOCUMENT = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Orders', version: '1' },
  paths: { '/orders': { get: { operationId: 'listOrders' }, post: { operationId: 'createOrder' } } },
})
