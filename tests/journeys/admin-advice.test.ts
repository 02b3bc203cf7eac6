import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { ask, importBookshop, listAll } from '../support/admin.ts'
import { type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'

// What the admin API refuses, it refuses at a place and with what to do.

let shop: BookshopApi
let home: GatewayHome
let gateway: GatewayProcess
/** Ids by name. */
let tools: Record<string, string>
beforeAll(async () => {
  shop = await startBookshop()
  home = await newHome('embedded')
  gateway = await startGateway(home)
  await importBookshop(gateway, shop)
  tools = Object.fromEntries((await listAll(gateway, '/tools')).map(({ name, id }) => [name, id]))
  await ask(gateway, 'POST', '/secrets', { name: 'tenant id', value: 'v', origins: ['https://api.example.com'] })
})
afterAll(async () => {
  await gateway.end('SIGTERM')
  await home.remove()
  await shop.close()
})

type Row = [what: string, request: () => [string, string, unknown?], status: number, pointer: string, fix: RegExp]
const manual = { method: 'GET', path: '/x' }
const key = { name: 'x', servers: ['bookshop'] }
const secret = { name: 'tenant id', value: 'v', origins: ['https://api.example.com'] }

test.each<Row>([
  ['a slug of no form', () => ['POST', '/servers', { name: 'x', slug: 'Not A Slug' }], 400, '/slug', /like "bookshop"/],
  ['a value that is none of several', () => ['GET', '/tools?sort=nme'], 400, 'sort', /mean name\?/],
  ['no filter', () => ['PATCH', '/tools', { enabled: true }], 400, '/tools', /one of upstream, server, tag/],
  [
    'a field within',
    () => ['POST', '/tools', { name: 'm', manual: { ...manual, upstrem: 'x' } }],
    400,
    '/manual/upstrem',
    /upstream\?/,
  ],
  [
    'a server that is not there',
    () => ['POST', '/access-keys', { ...key, servers: ['bokshop'] }],
    400,
    '/servers/0',
    /mean bookshop\?/,
  ],
  [
    'one that is near none',
    () => ['POST', '/access-keys', { ...key, servers: ['zzz'] }],
    400,
    '/servers/0',
    /There are: bookshop\./,
  ],
  [
    'a tool by its name',
    () => ['POST', '/servers/bookshop/tools', { tools: [{ id: 'get_bok' }] }],
    400,
    '/tools/0/id',
    /mean tool_.*\(get_book\)/,
  ],
  [
    'a tool of a key by its name',
    () => ['POST', '/access-keys', { ...key, tools: ['get_book'] }],
    400,
    '/tools/0',
    /mean tool_.*\(get_book\)/,
  ],
  [
    'a tool by no name',
    () => ['POST', '/access-keys', { ...key, tools: ['zzz'] }],
    400,
    '/tools/0',
    /GET \/tools lists/,
  ],
  [
    'an operation that is not there',
    () => ['POST', '/tools', { name: 'm', operation: { id: 'GET /bookz' } }],
    400,
    '/operation/id',
    /mean op_.*\(GET \/books\)/,
  ],
  [
    'an upstream that is not there',
    () => ['POST', '/tools', { name: 'm', manual: { ...manual, upstream: 'bookshp' } }],
    400,
    '/manual/upstream',
    /mean bookshop\?/,
  ],
  [
    'a secret by its name',
    () => ['PATCH', `/tools/${tools.search_books}`, { arguments: { q: { secret: 'tenant id' } } }],
    400,
    '/arguments/q/secret',
    /mean sec_/,
  ],
  [
    'a tool’s name that is taken',
    () => ['PATCH', `/tools/${tools.get_book}`, { name: 'search_books' }],
    409,
    '/name',
    /another name.*tool_/,
  ],
  ['a secret’s name that is taken', () => ['POST', '/secrets', secret], 409, '/name', /another name/],
  ['neither an operation nor a manual one', () => ['POST', '/tools', { name: 'm' }], 400, '/operation', /Keep one/],
  [
    'a credential of another kind',
    () => ['PUT', '/upstreams/bookshop/credentials/apiKey', { username: 'a', password: 'b' }],
    422,
    '/username',
    /"value"/,
  ],
  [
    'S16 a header of the connection',
    () => ['PUT', '/upstreams/bookshop/credentials/own', { headers: { Host: 'x' } }],
    422,
    '/headers/Host',
    /header of the API/,
  ],
  ['no JSON', () => ['POST', '/access-keys', '{"name": "x",}'], 400, '', /Remove the comma/],
  [
    'S20 a key that reaches prototypes',
    () => ['POST', '/access-keys', '{"__proto__": {}}'],
    400,
    '',
    /Remove that key/,
  ],
  ['an empty body', () => ['POST', '/access-keys', ''], 400, '', /send all of it/],
])('%s', async (_what, request, status, pointer, fix) => {
  const [method, path, body] = request()
  const answer = await ask(gateway, method, path, body)
  expect(answer.body).toMatchObject({ status, detail: expect.stringMatching(/./) })
  expect(answer.body.errors[0]).toMatchObject({
    pointer,
    detail: expect.stringMatching(/./),
    fix: expect.stringMatching(fix),
  })
})

test('the origins of a secret are kept as requests spell theirs; what is none is refused (S42)', async () => {
  const bound = (...origins: string[]) => ask(gateway, 'POST', '/secrets', { ...secret, name: origins.join(), origins })
  const made = await bound('https://API.Example.com:443', 'https://bücher.example')
  expect(made.body.origins).toEqual(['https://api.example.com', 'https://xn--bcher-kva.example'])
  const refused = await bound('https://api.example.com', 'https://[')
  expect(refused.body).toMatchObject({ status: 400, errors: [{ pointer: '/origins/1', fix: expect.any(String) }] })
})

test('JSON that is none is told with its line and column', async () => {
  const { body } = await ask(gateway, 'POST', '/access-keys', '{\n  "name": "x",\n}')
  expect(body).toMatchObject({ code: 'invalid-json', detail: expect.stringContaining('Line 3, column 1') })
})

test('a secret that one tool uses is kept, and its fault counts well', async () => {
  const { id } = (await listAll(gateway, '/secrets')).find(({ name }) => name === 'tenant id')
  const { upstream } = (await ask(gateway, 'GET', `/tools/${tools.search_books}`)).body
  const made = await ask(gateway, 'POST', '/tools', {
    name: 'bound',
    manual: { upstream, method: 'GET', path: '/books/{id}' },
    arguments: { id: { secret: id } },
  })
  expect(made.status).toBe(201)
  const refused = await ask(gateway, 'DELETE', `/secrets/${id}`)
  expect(refused.body).toMatchObject({ status: 409, detail: 'The secret "tenant id" is the fixed argument of a tool.' })
})

test('who may not is told what their key is', async () => {
  const makeKey = async (role: string) => (await ask(gateway, 'POST', '/admin-keys', { name: role, role })).body.key
  for (const [role, said] of [
    ['viewer', 'yours is a viewer’s'],
    ['editor', 'yours is an editor’s'],
  ] as const) {
    const refused = await ask({ ...gateway, adminKey: await makeKey(role) }, 'POST', '/admin-keys', {})
    expect(refused.body.detail).toContain(said)
  }
})
