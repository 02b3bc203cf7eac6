import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, request as httpRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PROBLEMS, type ProblemCode } from '@sluice/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AdminDeps } from '../../apps/gateway/src/admin/deps.ts'
import { problemsOf } from '../../apps/gateway/src/admin/openapi-document.ts'
import type { AdminRoute } from '../../apps/gateway/src/admin/route.ts'
import { adminRouteTable } from '../../apps/gateway/src/admin/routes.ts'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { type Answer, ask, BOOKSHOP_SPEC, listAll } from '../support/admin.ts'
import { answerChecker } from '../support/admin-document.ts'
import {
  DATABASES,
  type GatewayHome,
  type GatewayProcess,
  INSTALLATION_KEY,
  newHome,
  startGateway,
} from '../support/gateway-process.ts'
import { newTenant, pathWith, type Tenant, type TenantIds } from '../support/tenants.ts'

// Every status that a route declares is made to happen, and every answer is held against the document.

const ROUTES = adminRouteTable({} as AdminDeps)
const TEXT = readFileSync(BOOKSHOP_SPEC, 'utf8')
const NOBODY = 'nobody-has-this'

let shop: BookshopApi
/** Where a document lies. */
let documents: Server
let home: GatewayHome
let gateway: GatewayProcess
let tenant: Tenant
let doomed: Tenant
let viewerKey: string
let faultsOf: ReturnType<typeof answerChecker>
beforeAll(async () => {
  shop = await startBookshop()
  documents = createServer((_request, response) => response.end(TEXT)).listen(0, '127.0.0.1')
  home = await newHome('embedded')
  gateway = await startGateway(home, { INSTALLATION_KEY, EGRESS_ALLOW: '127.0.0.1,localhost' })
  tenant = await newTenant(gateway, shop, 'aurora')
  doomed = await newTenant(gateway, shop, 'doomed')
  viewerKey = (await ask(tenant, 'POST', '/admin-keys', { name: 'viewer', role: 'viewer' })).body.key
  faultsOf = answerChecker((await ask(gateway, 'GET', '/openapi.json')).body)
})
afterAll(async () => {
  await gateway.end('SIGTERM')
  await home.remove()
  await shop.close()
  documents.close()
})

/** One request of a route, over what its success would take. */
interface Wanted {
  readonly ids?: Partial<TenantIds>
  readonly query?: string
  readonly body?: unknown
  readonly key?: string
  readonly headers?: Record<string, string>
  readonly of?: Tenant
}

const routeOf = (operationId: string) => ROUTES.find((route) => route.operationId === operationId)!

async function send(route: AdminRoute, wanted: Wanted = {}): Promise<Answer> {
  const { of = tenant, ids, query = VALID[route.operationId]?.query ?? '' } = wanted
  const own = route.tag === 'Installation' ? gateway.adminKey : of.adminKey
  const key = wanted.key ?? (route.role === 'installation' ? INSTALLATION_KEY : own)
  const path = pathWith(route.path, { ...of.ids, ...ids }) + (query && `?${query}`)
  const body = route.body ? (wanted.body ?? VALID[route.operationId]!.body(next())) : undefined
  const answer = await ask({ url: gateway.url, adminKey: key }, route.method, path, body, wanted.headers)
  // The document says of each answer whether it bears an entity tag.
  if (answer.status === route.status && route.answer) expect(answer.headers.has('etag')).toBe(route.etag !== undefined)
  expect(faultsOf(route.operationId, answer)).toEqual([])
  return answer
}

let made = 0
const next = () => ++made

/** The tenant's own server takes tokens of it already. */
const TAKEN_ISSUER = { name: 'taken', issuer: 'https://aurora.login.test', servers: ['aurora'] }
const anUpstream = { name: 'U', baseUrl: 'https://api.example.com' }
/** A bundle with one upstream, whose document is this text. */
const aBundle = (
  document: string,
  { baseUrl = 'https://api.example.com', ...more }: { baseUrl?: string; overlay?: string; credentials?: object } = {},
) => ({
  trust: true,
  files: [
    { path: 'sluice.yaml', text: 'sluice: 1\nof: workspace\n' },
    {
      path: 'upstreams/carried/upstream.yaml',
      text: JSON.stringify({ name: 'Carried', baseUrl, document: { file: 'document.yaml' }, ...more }),
    },
    { path: 'upstreams/carried/document.yaml', text: document },
    ...(more.overlay ? [{ path: 'upstreams/carried/overlay.yaml', text: 'overlay: 9.0.0\n' }] : []),
  ],
})
/** A credential that would be a header of the connection’s own. */
const RESERVED = {
  origins: ['https://api.example.com'],
  placement: { type: 'apiKey', in: 'header', name: 'Host' },
}
const anImport = (text: string, more: object = {}) => ({
  text,
  baseUrl: shop.url,
  allow: [new URL(shop.url).host],
  ...more,
})

/** What each route with a body takes; `n` makes two of them differ. */
const VALID: Record<string, { readonly query?: string; readonly body: (n: number) => unknown }> = {
  import_document: { query: 'upstream=aurora&server=aurora', body: (n) => anImport(`${TEXT}\n# ${n}`) },
  create_upstream: { body: (n) => ({ ...anUpstream, name: `U${n}` }) },
  update_upstream: { body: (n) => ({ name: `U${n}` }) },
  set_egress_allowances: { body: (n) => ({ allow: [new URL(shop.url).host, `localhost:${n}`] }) },
  set_credential: { body: () => ({ value: shop.key }) },
  test_credential: { body: () => ({}) },
  create_tool: { body: (n) => ({ name: `tool_${n}`, manual: { upstream: 'aurora', method: 'GET', path: '/books' } }) },
  update_tools: { query: 'method=DELETE', body: () => ({ enabled: true }) },
  apply_bundle: { query: 'commit=true', body: (n) => aBundle(`${TEXT}\n# ${n}`) },
  agree_to_changes: { query: 'upstream=aurora', body: () => undefined },
  update_tool: { body: (n) => ({ title: `T${n}` }) },
  try_tool: { body: () => ({ arguments: {} }) },
  keep_call: { body: (n) => ({ name: `kept-${n}` }) },
  set_sample: { body: (n) => ({ answer: { body: { n } } }) },
  set_resource: { body: (n) => ({ uri: `aurora://${n}`, text: `T${n}` }) },
  set_prompt: { body: (n) => ({ messages: [{ role: 'user', text: `M${n}` }] }) },
  choose_prompt_version: { body: () => ({ version: 1 }) },
  set_composite: { body: (n) => ({ description: `D${n}`, code: 'return 1' }) },
  propose_filter: { body: () => ({ answer: { a: 1, b_url: 'x' } }) },
  create_server: { body: (n) => ({ name: `S${n}` }) },
  update_server: { body: (n) => ({ name: `S${n}` }) },
  call_tool: { body: () => ({ tool: 'search_books', arguments: {} }) },
  add_server_tools: { body: () => ({ tools: [{ id: tenant.ids.tool }] }) },
  update_server_tool: { body: (n) => ({ alias: `alias_${n}` }) },
  create_access_key: { body: (n) => ({ name: `K${n}`, servers: ['aurora'] }) },
  update_access_key: { body: (n) => ({ name: `K${n}` }) },
  create_issuer: { body: (n) => ({ name: `I${n}`, issuer: `https://login-${n}.test`, servers: ['aurora'] }) },
  update_issuer: { body: (n) => ({ name: `I${n}` }) },
  update_admin_key: { body: (n) => ({ name: `A${n}` }) },
  create_admin_key: { body: (n) => ({ name: `A${n}`, role: 'viewer' }) },
  create_secret: { body: (n) => ({ name: `secret ${n}`, value: 'v', origins: ['https://api.example.com'] }) },
  update_secret: { body: (n) => ({ value: `v${n}` }) },
  tail_calls: { query: 'seconds=0', body: () => undefined },
  create_workspace: { body: (n) => ({ name: `W${n}` }) },
  update_workspace: { body: (n) => ({ name: `W${n}` }) },
}

/** The order in which one workspace can be taken apart. */
const DELETIONS = [
  'delete_credential',
  'remove_server_tool',
  'delete_sample',
  'delete_resource',
  'delete_prompt',
  'delete_composite',
  'delete_tool',
  'delete_secret',
  'revoke_access_key',
  'delete_issuer',
  'revoke_admin_key',
  'delete_server',
  'delete_upstream',
  'delete_workspace',
]

type Making = (route: AdminRoute) => Promise<Answer>

/** How each problem comes about that several routes have. */
const GENERIC: Partial<Record<ProblemCode, Making>> = {
  'invalid-request': (route) => {
    if (route.query) return send(route, { query: 'nonsense=1' })
    if (route.body) return send(route, { body: { nonsense: 1 } })
    return send(route, { ids: Object.fromEntries(Object.keys(tenant.ids).map((name) => [name, 'x'.repeat(300)])) })
  },
  'invalid-json': (route) => send(route, { body: '{' }),
  'host-not-allowed': (route) => send(route, { headers: { origin: 'https://evil.test' } }),
  unauthorized: (route) => send(route, { key: 'sla_wrong' }),
  'role-required': (route) => send(route, { key: viewerKey }),
  'not-found': (route) =>
    send(route, { ids: Object.fromEntries(Object.keys(tenant.ids).map((name) => [name, NOBODY])) }),
  'unsupported-media-type': (route) => send(route, { body: '<a/>', headers: { 'content-type': 'text/xml' } }),
  'too-large': tooLarge,
  'precondition-failed': (route) => send(route, { headers: { 'if-match': '"another"' } }),
  'idempotency-key-reused': (route) => reuseKey(route),
}

async function reuseKey(route: AdminRoute, query?: string): Promise<Answer> {
  const wanted = { headers: { 'idempotency-key': `of-${route.operationId}` }, ...(query ? { query } : {}) }
  expect((await send(route, wanted)).status).toBe(route.status)
  return send(route, wanted)
}

const refusals = new Map<string, Promise<Answer>>()

/** Each is refused after it has been silent for a while: all are sent when the first is wanted, so that they are silent together. */
function tooLarge(wanted: AdminRoute): Promise<Answer> {
  for (const route of refusals.size === 0 ? ROUTES.filter((one) => problemsOf(one).includes('too-large')) : []) {
    const refusal = sendTooLarge(route)
    // The test of the route says so.
    refusal.catch(() => {})
    refusals.set(route.operationId, refusal)
  }
  return refusals.get(wanted.operationId)!
}

/** Says that it will send more than is read, and is refused before it does. */
function sendTooLarge(route: AdminRoute): Promise<Answer> {
  const url = `${gateway.url}/api/v1${pathWith(route.path, tenant.ids)}`
  const key = route.role === 'installation' ? INSTALLATION_KEY : tenant.adminKey
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'content-length': 200_000_000 }
  return new Promise((resolve, reject) => {
    const asking = httpRequest(url, { method: route.method, headers }, async (response) => {
      const text = (await response.toArray()).join('')
      asking.destroy()
      const type = response.headers['content-type']!
      const answer = { status: response.statusCode!, type, headers: new Headers(), body: JSON.parse(text) }
      expect(faultsOf(route.operationId, answer)).toEqual([])
      resolve(answer)
    })
    asking.on('error', reject)
    asking.write('{')
  })
}

/** What a gateway with other settings answers. */
async function onPostgres(route: AdminRoute, env: Record<string, string> = {}): Promise<Answer> {
  const other = await newHome(DATABASES.at(-1)!)
  const started = await startGateway(other, env)
  const answer = await ask(started, route.method, route.path)
  expect(faultsOf(route.operationId, answer)).toEqual([])
  await started.end('SIGTERM')
  await other.remove()
  return answer
}

/** One that an import made. */
const operationTool = async () => (await listAll(tenant, '/tools')).find(({ kind }) => kind === 'operation')

/** What must be there before a route can succeed; answers where it is. */
const NEEDED: Record<string, () => Promise<Partial<TenantIds>>> = {
  async keep_call() {
    await ask(tenant, 'PATCH', '/servers/aurora', { recordContent: true })
    await ask(tenant, 'POST', '/servers/aurora/calls', { tool: 'get_book', arguments: { book_id: 1 } })
    await expect.poll(() => listAll(tenant, '/calls?tool=get_book')).not.toEqual([])
    await ask(tenant, 'PATCH', '/servers/aurora', { recordContent: false })
    return { call: (await listAll(tenant, '/calls?tool=get_book'))[0].id }
  },
  async refresh_upstream() {
    const { port } = documents.address() as AddressInfo
    const url = `http://127.0.0.1:${port}/bookshop.yaml`
    const body = { url, baseUrl: shop.url, allow: ['127.0.0.1'] }
    const imported = await ask(tenant, 'POST', '/imports?commit=true&upstream=fetched&server=fetched', body)
    expect(imported.status).toBe(200)
    return { upstream: 'fetched' }
  },
}

/** How each problem comes about that is a route's own. */
const OWN: Record<string, Partial<Record<ProblemCode, Making>>> = {
  // Its server does not record what is sent and answered.
  keep_call: { conflict: (route) => send(route, { ids: { call: tenant.ids.call } }) },
  try_tool: {
    conflict: async (route) => {
      const { toolId } = (await ask(tenant, 'GET', `/calls/${tenant.ids.call}`)).body
      return send(route, { ids: { tools: toolId }, body: { call: tenant.ids.call } })
    },
  },
  set_sample: {
    conflict: async (route) => {
      for (let n = 1; n < 20; n++) await send(route, { ids: { sample: `sample-${n}` } })
      return send(route, { ids: { sample: 'one-too-many' } })
    },
  },
  set_resource: {
    conflict: async (route) => {
      const body = { uri: 'aurora://taken', text: 'x' }
      await send(route, { ids: { resource: 'has-it' }, body })
      return send(route, { ids: { resource: 'wants-it' }, body })
    },
  },
  set_prompt: {
    conflict: async (route) => {
      for (let n = 1; n < 100; n++) await send(route, { ids: { prompt: `prompt-${n}` } })
      return send(route, { ids: { prompt: 'one-too-many' } })
    },
  },
  set_composite: {
    // The name of a tool.
    conflict: (route) => send(route, { ids: { composite: 'search_books' } }),
  },
  choose_prompt_version: {
    conflict: async (route) => {
      const { slug } = (await ask(tenant, 'POST', '/servers', { name: 'Full' })).body
      const set = (path: string, body: object) => ask(tenant, 'PUT', `/servers/${slug}/${path}`, body)
      for (const length of [900_000, 1])
        await set('prompts/long', { messages: [{ role: 'user', text: 'm'.repeat(length) }] })
      for (let n = 0; n < 10; n++) await set(`resources/r${n}`, { uri: `x:${n}`, text: 't'.repeat(1_000_000) })
      return send(route, { ids: { server: slug, prompt: 'long' }, body: { version: 1 } })
    },
  },
  import_document: {
    'idempotency-key-reused': (route) => reuseKey(route, 'commit=true&upstream=aurora&server=aurora'),
    conflict: (route) => send(route, { query: `commit=true&plan=${'0'.repeat(64)}` }),
    'spec-unreadable': (route) => send(route, { body: anImport('[1, 2') }),
    'spec-version': (route) => send(route, { body: anImport('openapi: 9.0.0\npaths: {}') }),
    'base-url-needed': (route) => send(route, { query: 'upstream=fresh', body: { text: 'openapi: 3.1.0\npaths: {}' } }),
    'base-url-invalid': (route) => send(route, { body: anImport(TEXT, { baseUrl: 'ftp://x' }) }),
    'credential-mismatch': (route) =>
      send(route, { body: anImport(TEXT, { credential: { scheme: 'none', value: 'x' } }) }),
    'fetch-failed': (route) => send(route, { body: { url: 'http://127.0.0.1:1/', allow: ['127.0.0.1:1'] } }),
    'address-blocked': (route) => send(route, { body: { url: 'http://169.254.169.254/' } }),
  },
  export_bundle: { 'not-found': (route) => send(route, { query: 'server=nowhere' }) },
  apply_bundle: {
    conflict: (route) => send(route, { query: `commit=true&plan=${'0'.repeat(64)}` }),
    'spec-unreadable': (route) => send(route, { body: aBundle('[1, 2') }),
    'spec-version': (route) => send(route, { body: aBundle('openapi: 9.0.0\npaths: {}') }),
    'overlay-invalid': (route) => send(route, { body: aBundle(`${TEXT}\n# overlaid`, { overlay: 'overlay.yaml' }) }),
    'base-url-invalid': (route) => send(route, { body: aBundle(`${TEXT}\n# moved`, { baseUrl: 'ftp://x' }) }),
    'credential-mismatch': (route) =>
      send(route, { body: aBundle(`${TEXT}\n# keyed`, { credentials: { own: RESERVED } }) }),
  },
  rotate_master_key: { conflict: (route) => onPostgres(route, { MASTER_KEY: randomBytes(32).toString('base64') }) },
  download_backup: { conflict: (route) => onPostgres(route) },
  // Its document was sent, so there is nothing to fetch.
  refresh_upstream: { conflict: (route) => send(route) },
  create_upstream: { 'base-url-invalid': (route) => send(route, { body: { ...anUpstream, baseUrl: 'ftp://x' } }) },
  update_upstream: {
    conflict: async (route) => {
      await ask(tenant, 'POST', '/upstreams', { ...anUpstream, slug: 'other' })
      return send(route, { body: { slug: 'other' } })
    },
    'base-url-invalid': (route) => send(route, { body: { baseUrl: 'ftp://x' } }),
  },
  set_credential: { 'credential-mismatch': (route) => send(route, { body: { username: 'a', password: 'b' } }) },
  create_tool: {
    conflict: (route) =>
      send(route, { body: { name: 'get_book', manual: { upstream: 'aurora', method: 'GET', path: '/x' } } }),
  },
  update_tool: { conflict: (route) => send(route, { body: { name: 'get_book' } }) },
  // Nothing waits for anybody.
  agree_to_change: { conflict: (route) => send(route, { query: 'version=ver_another' }) },
  delete_tool: { conflict: async (route) => send(route, { ids: { tools: (await operationTool()).id } }) },
  add_server_tools: {
    conflict: async (route) => {
      const { body } = await ask(tenant, 'POST', '/tools', VALID.create_tool!.body(next()))
      return send(route, { body: { tools: [{ id: body.id, alias: 'get_book' }] } })
    },
  },
  update_server_tool: { conflict: (route) => send(route, { body: { alias: 'get_book' } }) },
  update_access_key: {
    conflict: async (route) => {
      const { body } = await ask(tenant, 'POST', '/access-keys', { name: 'gone', servers: ['aurora'] })
      await ask(tenant, 'DELETE', `/access-keys/${body.id}`)
      return send(route, { ids: { 'access-keys': body.id } })
    },
  },
  tail_calls: {
    'not-found': (route) => send(route, { query: 'seconds=0&after=nowhere' }),
    'too-many-streams': async (route) => {
      const { key } = (await ask(tenant, 'POST', '/admin-keys', { name: 'listens', role: 'viewer' })).body
      const headers = { authorization: `Bearer ${key}` }
      const listening = new AbortController()
      for (let n = 0; n < 5; n++) await fetch(`${gateway.url}/api/v1/calls/tail`, { headers, signal: listening.signal })
      const answer = await send(route, { key })
      listening.abort()
      return answer
    },
  },
  create_issuer: { conflict: (route) => send(route, { body: TAKEN_ISSUER }) },
  update_issuer: {
    conflict: async (route) => {
      const { body } = await ask(tenant, 'POST', '/issuers', { ...TAKEN_ISSUER, issuer: 'https://free.login.test' })
      return send(route, { ids: { issuers: body.id }, body: { issuer: TAKEN_ISSUER.issuer } })
    },
  },
  update_admin_key: {
    conflict: async (route) => {
      const { id } = (await ask(tenant, 'GET', '/me')).body
      return send(route, { ids: { 'admin-keys': id }, body: { role: 'editor' } })
    },
  },
  revoke_admin_key: {
    conflict: async (route) => send(route, { ids: { 'admin-keys': (await ask(tenant, 'GET', '/me')).body.id } }),
  },
  create_secret: {
    conflict: (route) => send(route, { body: { name: 'aurora', value: 'v', origins: ['https://api.example.com'] } }),
  },
  update_secret: {
    conflict: async (route) => {
      await ask(tenant, 'POST', '/secrets', { name: 'taken', value: 'v', origins: ['https://api.example.com'] })
      return send(route, { body: { name: 'taken' } })
    },
  },
  delete_secret: { conflict: (route) => send(route) },
  delete_workspace: { conflict: (route) => send(route, { ids: { workspaces: 'ws_default' } }) },
}

describe.each(ROUTES.map((route) => [route.operationId, route] as const))('%s', (operationId, route) => {
  // The database is taken away below.
  test.each(problemsOf(route).filter((code) => code !== 'database-unavailable'))(`%s`, async (code) => {
    const make = OWN[operationId]?.[code] ?? GENERIC[code]
    if (!make) throw new Error(`nothing here makes ${operationId} answer ${code}`)
    const { status, body } = await make(route)
    expect([status, body.code]).toEqual([PROBLEMS[code].status, code])
  })

  // What deletes has a workspace of its own, below.
  test.each(DELETIONS.includes(operationId) ? [] : [route.status])('%d', async (status) => {
    const ids = (await NEEDED[operationId]?.()) ?? {}
    expect((await send(route, { ids })).status).toBe(status)
  })
})

test.each(DELETIONS)('%s succeeds for who sends its ETag as it is', async (operationId) => {
  const route = routeOf(operationId)
  const headers = { 'if-match': (await read(route, doomed)).headers.get('etag')! }
  expect((await send(route, { of: doomed, headers })).status).toBe(route.status)
})

/** What a route changes, as it is read alone. */
function read({ path, role }: AdminRoute, of: Tenant = tenant): Promise<Answer> {
  const one = path.replace(/\/(egress-allowances|current)$/, '')
  const route = ROUTES.find((other) => other.method === 'GET' && other.path === one)!
  return send(route, { of, ...(role === 'installation' ? { key: INSTALLATION_KEY } : {}) })
}

const CHANGING = ROUTES.filter(({ method, path }) => /PUT|PATCH|DELETE/.test(method) && path.includes(':'))

test('every change of one thing takes If-Match', () => {
  expect(CHANGING.filter(({ etag }) => etag !== 'takes').map(({ operationId }) => operationId)).toEqual([])
})

test.each(
  CHANGING.filter(({ operationId }) => !DELETIONS.includes(operationId)).map(
    (route) => [route.operationId, route] as const,
  ),
)('%s: the ETag of what was read lets one change through, and no other after it', async (_operationId, route) => {
  const headers = { 'if-match': (await read(route)).headers.get('etag')! }
  const done = await send(route, { headers })
  expect([done.status, done.headers.get('etag')]).toEqual([200, (await read(route)).headers.get('etag')])
  expect((await send(route, { headers })).status).toBe(412)
})

test('If-Match for a credential that is not there yet is refused, and nothing is set', async () => {
  const wanted = { ids: { scheme: 'own' }, body: { value: 'v', placement: { type: 'http', scheme: 'bearer' } } }
  for (const tag of ['*', '"another"'])
    expect((await send(routeOf('set_credential'), { ...wanted, headers: { 'if-match': tag } })).status).toBe(412)
  expect((await send(routeOf('get_credential'), wanted)).status).toBe(404)
})

test('If-Match on a change of many is refused, and says why', async () => {
  const answer = await send(routeOf('update_tools'), { headers: { 'if-match': '*' } })
  expect(answer.body).toMatchObject({
    status: 400,
    errors: [{ pointer: 'If-Match', detail: expect.stringContaining('no single thing'), fix: expect.any(String) }],
  })
})

describe.runIf(DATABASES.includes('postgres'))('with the database away', () => {
  let away: GatewayHome
  let cut: GatewayProcess
  beforeAll(async () => {
    away = await newHome('postgres')
    cut = await startGateway(away, { INSTALLATION_KEY, EGRESS_ALLOW: '127.0.0.1,localhost' })
    await away.cutOff!()
  })
  afterAll(async () => {
    await cut.end('SIGTERM')
    await away.remove()
  })

  test.each(ROUTES.map((route) => [route.operationId, route] as const))(
    '%s answers 503, and when to ask again',
    async (operationId, route) => {
      const adminKey = route.role === 'installation' ? INSTALLATION_KEY : cut.adminKey
      const query = VALID[operationId]?.query
      const path = pathWith(route.path, tenant.ids) + (query ? `?${query}` : '')
      const body = route.body ? VALID[operationId]!.body(next()) : undefined
      const answer = await ask({ url: cut.url, adminKey }, route.method, path, body)
      expect(faultsOf(operationId, answer)).toEqual([])
      const told = [answer.status, answer.body.code, answer.headers.get('retry-after')]
      expect(told).toEqual([503, 'database-unavailable', '1'])
    },
  )
})

test.each([
  ['PUT', '/servers', 'GET, HEAD, POST'],
  ['POST', '/servers/aurora', 'DELETE, GET, HEAD, PATCH'],
  ['DELETE', '/tools/x/try', 'POST'],
  ['POST', '/openapi.json', 'GET, HEAD'],
])('%s %s is told which methods are served there', async (method, path, allow) => {
  const { status, body, headers } = await ask(tenant, method, path, {})
  expect([status, body.code, headers.get('allow')]).toEqual([405, 'method-not-allowed', allow])
  expect((await ask(tenant, method, '/nothing-is-here', {})).status).toBe(404)
})

test('an answer that is off the document is seen', () => {
  const answer = { status: 200, type: 'application/json', body: { items: [{ id: 5 }], nextCursor: null } }
  expect(faultsOf('list_tools', answer)).toContain('list_tools items.0.id must be string')
  expect(faultsOf('list_tools', { ...answer, status: 409 })).toEqual(['list_tools does not declare 409'])
  expect(faultsOf('list_tools', { ...answer, type: 'text/html' })).toEqual(['list_tools 200 is text/html'])
})

test('every route that deletes is tried', () => {
  const deleting = ROUTES.filter(({ method }) => method === 'DELETE').map(({ operationId }) => operationId)
  expect(deleting.toSorted()).toEqual(DELETIONS.toSorted())
})
