import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { ask, BOOKSHOP_SPEC, importBookshop } from '../support/admin.ts'
import { type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { connectV2, type Endpoint } from '../support/mcp-clients.ts'

let shop: BookshopApi
let home: GatewayHome
let gateway: GatewayProcess
let endpoint: Endpoint
beforeAll(async () => {
  shop = await startBookshop()
  home = await newHome('embedded')
  gateway = await startGateway(home, { SAME_CALLS_PER_MINUTE: '5' })
  endpoint = (await importBookshop(gateway, shop)) as Endpoint
})
afterAll(async () => {
  const { stdout, stderr } = gateway.output
  await gateway.end('SIGTERM')
  await home.remove()
  await shop.close()
  // Bad input is never a bug.
  expect(stdout).not.toContain('"kind":"bug"')
  expect(stderr).toBe('')
})

const importing = (body: unknown, query = 'commit=true&server=bad') => ask(gateway, 'POST', `/imports?${query}`, body)
const SPEC = { text: readFileSync(BOOKSHOP_SPEC, 'utf8') }

describe('an import that cannot be done says why and what to do, and stores nothing', () => {
  test.each<[string, unknown, number, string, RegExp]>([
    ['broken YAML', { text: 'openapi: 3.1.0\n  paths: [' }, 422, 'spec-unreadable', /not YAML/],
    ['0 bytes', { text: '' }, 422, 'spec-unreadable', /empty/],
    ['HTML', { text: '<!doctype html><html></html>' }, 422, 'spec-unreadable', /HTML page/],
    ['another version', { text: 'openapi: 5.0.0' }, 422, 'spec-version', /5\.0\.0/],
    ['no text and no URL', {}, 400, 'invalid-request', /`text`.*`url`/],
    ['both', { text: 'x', url: 'http://x' }, 400, 'invalid-request', /either/],
    ['an unknown field', { ...SPEC, baseURL: 'http://x' }, 400, 'invalid-request', /baseURL is not known/],
    ['a wrong type', { text: 5 }, 400, 'invalid-request', /text must be string/],
    ['a base URL that is none', { ...SPEC, baseUrl: 'localhost:3000' }, 422, 'base-url-invalid', /localhost:/],
    ['a base URL with a password', { ...SPEC, baseUrl: 'https://u:p@x.test' }, 422, 'base-url-invalid', /credential/],
    ['a document without a base URL', { text: 'openapi: 3.1.0\npaths: {}' }, 422, 'base-url-needed', /base URL/],
    [
      'a credential that fits no scheme',
      { ...SPEC, credential: { username: 'a', password: 'b' } },
      422,
      'credential-mismatch',
      /no security scheme/i,
    ],
    ['an allowance that is none', { ...SPEC, allow: ['10.0.0.0/99'] }, 400, 'invalid-request', /10\.0\.0\.0\/99/],
    ['S1 a dead URL', { url: 'http://127.0.0.1:9/openapi.json' }, 422, 'address-blocked', /EGRESS_ALLOW/],
    [
      'a name that does not exist',
      { url: 'http://no-such-host.invalid/openapi.json' },
      422,
      'fetch-failed',
      /no-such-host\.invalid/,
    ],
    ['S9 another scheme', { url: 'file:///etc/passwd' }, 422, 'address-blocked', /http/],
  ])('%s', async (_name, body, status, code, detail) => {
    const answer = await importing(body)
    expect(answer).toMatchObject({
      status,
      type: expect.stringContaining('application/problem+json'),
      body: { status, code, detail: expect.stringMatching(detail) },
    })
    expect(JSON.stringify(answer.body)).not.toMatch(/\.ts:\d|node_modules/)
  })

  test('an unknown field is answered with the nearest name and its place', async () => {
    const { body } = await importing({ ...SPEC, baseURL: 'http://x' })
    expect(body.errors).toEqual([
      { pointer: '/baseURL', detail: 'baseURL is not known here.', fix: 'Did you mean baseUrl?' },
    ])
  })

  test('a document of 200 MB', async () => {
    const form = new FormData()
    form.set('file', new Blob(Array(200).fill('x'.repeat(1024 * 1024))), 'huge.yaml')
    const answer = await importing(form).catch((error: Error) => error)
    // The connection may be cut while the rest is still being sent.
    if (!(answer instanceof Error))
      expect(answer).toMatchObject({
        status: 413,
        body: { code: 'too-large', detail: expect.stringContaining('64 MB') },
      })
    expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200)
  }, 120_000)

  test('B119 arguments of more than 4 MB are refused whole, in words', async () => {
    const params = { name: 'list_books', arguments: { text: 'x'.repeat(5 * 1024 * 1024) } }
    const answer = await fetch(`${gateway.url}/mcp/bookshop`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${endpoint.accessKey}` },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
    })
    expect([answer.status, await answer.json()]).toMatchObject([
      413,
      { code: 'too-large', detail: expect.stringMatching(/ 4 MB/) },
    ])
  })

  test('a form that is broken or says a thing twice', async () => {
    const broken = await ask(gateway, 'POST', '/imports', 'no form at all', {
      'content-type': 'multipart/form-data; boundary=x',
    })
    expect(broken.body).toMatchObject({ status: 400, code: 'invalid-request' })
    const unbound = await ask(gateway, 'POST', '/imports', 'x', { 'content-type': 'multipart/form-data' })
    expect(unbound.body).toMatchObject({ status: 400, code: 'invalid-request' })
    const twice = new FormData()
    twice.set('file', new Blob(['openapi: 3.1.0']), 'a.yaml')
    twice.set('text', 'openapi: 3.1.0')
    expect((await importing(twice)).body).toMatchObject({ status: 400, detail: expect.stringContaining('twice') })
    const both = new FormData()
    both.set('file', new Blob(['openapi: 3.1.0']), 'a.yaml')
    both.set('url', 'https://api.example.com/openapi.json')
    expect((await importing(both)).body).toMatchObject({ status: 400, detail: expect.stringContaining('either') })
  })

  test('a path that is none is a problem too, and only for hosts that are served', async () => {
    const answer = await fetch(`${gateway.url}/mcp/a%zz`, { method: 'POST' })
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'invalid-request' }])
    expect((await ask(gateway, 'POST', '/access-keys', { name: 'a\u0000b', servers: ['bookshop'] })).status).toBe(400)
  })

  test('S20 a NUL anywhere in a body, which PostgreSQL cannot keep, is refused at its place, and nesting without end', async () => {
    const bodies = [{ tools: [{ id: 'x' }, { id: 'a\u0000' }] }, { tools: [{ id: 'x', 'a\u0000': 1 }] }]
    const [text] = await Promise.all(bodies.map((body) => ask(gateway, 'POST', '/servers/bookshop/tools', body)))
    expect(text!.body).toMatchObject({ status: 400, errors: [{ pointer: '/tools/1/id' }] })
    const deep = `{"name":"x","method":"POST","path":"/x","upstream":"bookshop","schema":${'['.repeat(2_000_000)}${']'.repeat(2_000_000)}}`
    const answer = await ask(gateway, 'POST', '/tools', deep, { 'content-type': 'application/json' })
    expect(answer.body).toMatchObject({ status: 400, errors: [{ detail: expect.stringContaining('500 levels') }] })
  })

  test('a token in the URL of a document is not repeated', async () => {
    const { body } = await importing({ url: 'http://127.0.0.1:9/x?token=tok12345678' })
    expect(JSON.stringify(body)).not.toContain('tok12345678')
  })

  test('a query that is wrong', async () => {
    expect((await importing(SPEC, 'commit=perhaps')).body).toMatchObject({
      code: 'invalid-request',
      errors: [{ pointer: 'commit' }],
    })
    expect((await importing(SPEC, 'comit=true')).body.errors[0].fix).toBe('Did you mean commit?')
    expect((await importing(SPEC, 'server=Not A Slug')).body).toMatchObject({ errors: [{ pointer: 'server' }] })
  })

  test('without commit an import only says what it would do', async () => {
    const answer = await importing(SPEC, 'server=dry')
    expect(answer.body).toMatchObject({ committed: false, url: null, accessKey: null })
  })

  test('after all of it there is one server and one key', async () => {
    expect((await ask(gateway, 'GET', '/servers')).body.items.map(({ slug }: { slug: string }) => slug)).toEqual([
      'bookshop',
    ])
    expect((await ask(gateway, 'GET', '/access-keys')).body.items).toHaveLength(1)
  })
})

describe('bodies and keys', () => {
  test('no JSON', async () =>
    expect((await importing('{"text":')).body).toMatchObject({ status: 400, code: 'invalid-json' }))
  test('another media type', async () => {
    expect(
      (await ask(gateway, 'POST', '/access-keys', '<x/>', { 'content-type': 'application/xml' })).body,
    ).toMatchObject({ status: 415, code: 'unsupported-media-type' })
  })
  test.each(['text/plain', 'text/plain; charset=utf-8'])('JSON that is sent as %s', async (type) => {
    const body = JSON.stringify({ name: 'x', servers: ['bookshop'] })
    const answer = await ask(gateway, 'POST', '/access-keys', body, { 'content-type': type })
    expect(answer.body).toMatchObject({ status: 415, code: 'unsupported-media-type' })
  })
  test('a filter by how calls end that names no end', async () => {
    expect((await ask(gateway, 'GET', '/calls?outcome=weird')).body).toMatchObject({
      status: 400,
      code: 'invalid-request',
      errors: [{ pointer: 'outcome', detail: expect.stringContaining('timeout') }],
    })
  })
  test.each(['/tools', '/servers/bookshop/tools', '/upstreams/bookshop/operations'])(
    'a filter of %s by a method that there is none of',
    async (path) => {
      expect((await ask(gateway, 'GET', `${path}?method=YO`)).body).toMatchObject({
        status: 400,
        errors: [
          { pointer: 'method', detail: 'No operation is of a method "YO".', fix: expect.stringContaining('GET') },
        ],
      })
      expect((await ask(gateway, 'GET', `${path}?method=get`)).body.items).not.toEqual([])
      expect((await ask(gateway, 'GET', `${path}?method=TRACE`)).body.items).toEqual([])
    },
  )
  test('no body where one is needed', async () => expect((await ask(gateway, 'POST', '/access-keys')).status).toBe(400))
  test('a key for a server that does not exist', async () => {
    const answer = await ask(gateway, 'POST', '/access-keys', { name: 'x', servers: ['nope'] })
    expect(answer.body).toMatchObject({
      status: 400,
      errors: [{ pointer: '/servers/0', detail: expect.stringContaining('nope') }],
    })
  })
  test('an admin key that is none', async () => {
    expect((await ask({ url: gateway.url, adminKey: 'sla_wrong' }, 'GET', '/servers')).body).toMatchObject({
      status: 401,
      detail: expect.stringContaining('admin.key'),
    })
  })
  test('a route that is none', async () =>
    expect((await ask(gateway, 'GET', '/serverz')).body).toMatchObject({ status: 404, code: 'not-found' }))
  test('a server that is none', async () =>
    expect((await ask(gateway, 'GET', '/servers/nope')).body).toMatchObject({ status: 404, code: 'not-found' }))
  test('a tool that is none', async () => {
    expect((await ask(gateway, 'POST', '/servers/bookshop/calls', { tool: 'nope' })).body).toMatchObject({
      status: 404,
      detail: expect.stringContaining('nope'),
    })
  })
})

describe('at the MCP endpoint', () => {
  const post = (path: string, headers: Record<string, string>, body = '{"jsonrpc":"2.0","id":1,"method":"ping"}') =>
    fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      body,
    })
  const bearer = () => ({ authorization: `Bearer ${endpoint.accessKey}` })

  test('no key', async () => {
    const answer = await post('/mcp/bookshop', {})
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="sluice"'])
  })
  test('S47 a key in the query string is not read', async () => {
    expect((await post(`/mcp/bookshop?access_token=${endpoint.accessKey}`, {})).status).toBe(401)
    expect((await post(`/mcp/bookshop?key=${endpoint.accessKey}`, {})).status).toBe(401)
    expect(gateway.output.stdout).not.toContain(endpoint.accessKey)
  })
  test.each([
    'POST //mcp/bookshop HTTP/1.1',
    'POST /mcp/./bookshop HTTP/1.1',
    'POST /mcp/%62ookshop HTTP/1.1',
    'POST /mcp/bookshop/ HTTP/1.1',
    'POST /MCP/bookshop HTTP/1.1',
    'POST /mcp/bookshop HTTP/1.0',
    'GET /mcp/bookshop HTTP/1.1',
    'PUT /mcp/bookshop HTTP/1.1',
    'POST /mcp/../api/v1/servers HTTP/1.1',
    'GET /mcp/%2e%2e/api/v1/servers HTTP/1.1',
    'GET /mcp/bookshop%2f..%2f..%2fapi/v1/servers HTTP/1.1',
    'GET //api/v1/servers HTTP/1.1',
    'GET /api/v1/./servers HTTP/1.1',
    'GET /api/v1/servers;x HTTP/1.0',
  ])('S50 without a key nothing is to be had by %s', async (line) => {
    const answer = await rawLine(line, ['mcp-protocol-version: 2024-11-05', 'x-http-method-override: POST'])
    expect(answer).toMatch(/^HTTP\/1\.1 (?:400|401|403|404|405) /)
    expect(answer).not.toMatch(/"result"|"items"/)
  })
  test('S50 one of two keys in a request is not chosen', async () => {
    const once = [`authorization: Bearer ${endpoint.accessKey}`]
    expect(await rawLine('POST /mcp/bookshop HTTP/1.1', once)).toMatch(/^HTTP\/1\.1 200 [\s\S]*"result"/)
    const twice = [`authorization: Bearer nobody`, `authorization: Bearer ${endpoint.accessKey}`]
    expect(await rawLine('POST /mcp/bookshop HTTP/1.1', twice)).toMatch(/^HTTP\/1\.1 40[01] /)
  })
  test('an admin key opens no server', async () =>
    expect((await post('/mcp/bookshop', { authorization: `Bearer ${gateway.adminKey}` })).status).toBe(401))
  test('a key that expires in the past is refused', async () => {
    const late = { name: 'late', servers: ['bookshop'], expiresAt: '2020-01-01T00:00:00Z' }
    expect((await ask(gateway, 'POST', '/access-keys', late)).body).toMatchObject({
      status: 400,
      errors: [{ pointer: '/expiresAt' }],
    })
  })
  test('arguments that are no object are a result the model can read', async () => {
    const call = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_book","arguments":[1]}}'
    expect(await (await post('/mcp/bookshop', bearer(), call)).text()).toContain('must be an object, not a list')
  })
  test('who has no key is told so before the body is read', async () => {
    expect((await post('/mcp/bookshop', { 'content-type': 'text/plain' })).status).toBe(401)
  })
  test('an absolute request target is served like any other', async () => {
    expect(
      (await rawPost({ host: new URL(gateway.url).host, ...bearer() }, `${gateway.url}/mcp/bookshop`)).status,
    ).toBe(200)
  })
  test('an expired key', async () => {
    const created = await ask(gateway, 'POST', '/access-keys', {
      name: 'old',
      servers: ['bookshop'],
      expiresAt: new Date(Date.now() + 1_500).toISOString(),
    })
    await expect
      .poll(async () => (await post('/mcp/bookshop', { authorization: `Bearer ${created.body.key}` })).status, {
        timeout: 10_000,
      })
      .toBe(401)
    const answer = await post('/mcp/bookshop', { authorization: `Bearer ${created.body.key}` })
    expect([answer.status, await answer.json()]).toMatchObject([401, { detail: expect.stringContaining('expired') }])
  })
  test('an unknown server and one that the key does not open are answered alike', async () => {
    await ask(gateway, 'POST', '/imports?commit=true&server=other', { ...SPEC, allow: [new URL(shop.url).host] }).catch(
      () => {},
    )
    const answers = await Promise.all(
      ['/mcp/other', '/mcp/nothing'].map(async (path) => JSON.parse(await (await post(path, bearer())).text())),
    )
    const [other, nothing] = answers.map(({ requestId: _id, detail, ...rest }) => ({
      ...rest,
      detail: detail.replace(/"(other|nothing)"/, ''),
    }))
    expect(other).toEqual(nothing)
    expect(other).toMatchObject({ status: 404, code: 'not-found' })
  })
  test.each(['GET', 'DELETE'])('%s is 405', async (method) => {
    const answer = await fetch(`${gateway.url}/mcp/bookshop`, { method, headers: bearer() })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
  })
  test.each([
    ['no JSON', '{"jsonrpc"', 400, -32700],
    ['S21 a key twice', '{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}', 400, -32600],
    ['a batch', '[]', 400, -32600],
  ])('%s', async (_name, body, status, code) => {
    const answer = await post('/mcp/bookshop', bearer(), body)
    expect([answer.status, await answer.json()]).toMatchObject([status, { error: { code } }])
  })
  test('another media type', async () =>
    expect((await post('/mcp/bookshop', { ...bearer(), 'content-type': 'text/plain' })).status).toBe(415))

  test('S64 another Host or Origin is refused, with the setting that would allow it', async () => {
    const forged = await rawPost({ host: 'evil.test', ...bearer() })
    expect(forged).toMatchObject({
      status: 403,
      body: { code: 'host-not-allowed', detail: expect.stringContaining('ALLOWED_HOSTS=evil.test') },
    })
    expect((await rawPost({ host: new URL(gateway.url).host, origin: 'https://evil.test', ...bearer() })).status).toBe(
      403,
    )
    expect((await rawPost({ host: new URL(gateway.url).host, origin: gateway.url, ...bearer() })).status).not.toBe(403)
  })

  test('S64 what a proxy may add says neither which host is meant nor who is there', async () => {
    const { host } = new URL(gateway.url)
    const added = (name: string) => ({ 'x-forwarded-host': name, forwarded: `for=203.0.113.9;host=${name}` })
    expect((await rawPost({ host: 'evil.test', ...added(host), ...bearer() })).status).toBe(403)
    const from = { 'x-forwarded-for': '203.0.113.9', 'x-real-ip': '203.0.113.9', ...added('evil.test') }
    expect((await rawPost({ host, ...from, ...bearer() })).status).toBe(200)
    expect(gateway.output.stdout).not.toContain('203.0.113.9')
  })

  test('S42 B140 an upstream that is gone is a result the model can read', async () => {
    const gone = await startBookshop()
    const report = await importBookshop(gateway, gone, 'gone').catch((error: Error) => error)
    await gone.close()
    // The document's title is taken: importing it elsewhere under the same name would move stored secrets (S42).
    expect(String(report)).toContain('conflict')
    const { body } = await ask(gateway, 'POST', '/imports?commit=true&server=gone&upstream=gone', {
      ...SPEC,
      baseUrl: gone.url,
      allow: [new URL(gone.url).host],
      credential: { value: 'x' },
    })
    const client = await connectV2(body, 'legacy')
    const answer = await client.callTool('get_book', { book_id: 1 })
    expect(answer.isError).toBe(true)
    expect(answer.text).toMatch(/refused/i)
    expect(answer.text).not.toContain('at Object')
    await client.close()
  })

  test('S1 B140 a private upstream nobody allowed is refused with host and setting, and no address', async () => {
    const { body } = await ask(gateway, 'POST', '/imports?commit=true&server=private&upstream=private', {
      ...SPEC,
      baseUrl: 'http://localhost:9/v1',
      credential: { value: 'x' },
    })
    expect(body.diagnostics).toMatchObject([
      {
        code: 'base-url-refused',
        message: expect.stringMatching(/localhost:9.*`allow: \["localhost:9"\]`.*EGRESS_ALLOW/),
      },
    ])
    const client = await connectV2(body, 'legacy')
    const answer = await client.callTool('get_book', { book_id: 1 })
    expect(answer).toMatchObject({
      isError: true,
      text: expect.stringMatching(/localhost:9 resolves to a loopback address, .*EGRESS_ALLOW/),
    })
    expect(answer.text).not.toMatch(/127\.0\.0\.1|::1/)
    await client.close()
  })

  test('S2 where an upstream is moved, or allowed what is never called, that is told as an import tells it', async () => {
    const made = await ask(gateway, 'POST', '/upstreams', { name: 'Probe', baseUrl: 'http://localhost:9' })
    expect(made.body).toMatchObject({
      notes: [expect.stringMatching(/^Calls will be refused: localhost:9 .*EGRESS_ALLOW/)],
    })
    const allow = (...entries: string[]) =>
      ask(gateway, 'PUT', '/upstreams/probe/egress-allowances', { allow: entries }).then(({ body }) => body.notes)
    expect(await allow('localhost:9', '169.254.0.0/16')).toBeUndefined()
    const never = '169.254.169.254 is never called, whatever is allowed.'
    expect(await allow('localhost:9', '169.254.169.254')).toEqual([never])
    const moved = await ask(gateway, 'PATCH', '/upstreams/probe', { baseUrl: 'http://169.254.169.254/' })
    expect([moved.status, moved.body.notes]).toEqual([
      200,
      [expect.stringMatching(/^Calls will be refused: .*metadata address/), never],
    ])
    expect((await ask(gateway, 'PATCH', '/upstreams/probe', { name: 'Probe' })).body.notes).toBeUndefined()
    await ask(gateway, 'DELETE', '/upstreams/probe')
  })

  test('S73 an agent that makes the very same call over and over is told so, and another call is well', async () => {
    const client = await connectV2(endpoint, { pin: '2026-07-28' })
    const answers = []
    for (let n = 0; n < 6; n++) answers.push(await client.callTool('search_books', { limit: 2 }))
    const isLoop = ({ text }: { text: string }) => text.includes('times within a minute. Nothing was sent')
    expect(answers.map(isLoop)).toEqual([false, false, false, false, false, true])
    expect(isLoop(await client.callTool('search_books', { limit: 1 }))).toBe(false)
    await client.close()
  })

  async function rawPost(
    headers: Record<string, string>,
    path = '/mcp/bookshop',
  ): Promise<{ status: number; body: { code?: string } }> {
    const { hostname, port } = new URL(gateway.url)
    const sent = httpRequest({
      hostname,
      port,
      path,
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    })
    sent.end('{"jsonrpc":"2.0","id":1,"method":"ping"}')
    const [response] = await once(sent, 'response')
    let text = ''
    for await (const chunk of response) text += chunk
    return { status: response.statusCode, body: text.startsWith('{') ? JSON.parse(text) : {} }
  }
})

/** The answer to a request whose first line a client of HTTP would not write. */
async function rawLine(line: string, headers: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(gateway.url)
  const socket = connect(Number(port), hostname)
  const body = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
  const about = [
    `host: ${hostname}:${port}`,
    'content-type: application/json',
    'accept: application/json, text/event-stream',
  ]
  socket.write(
    `${[line, ...about, ...headers, `content-length: ${body.length}`, 'connection: close'].join('\r\n')}\r\n\r\n${body}`,
  )
  return text(socket)
}
