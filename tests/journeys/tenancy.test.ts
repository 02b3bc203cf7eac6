import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AdminDeps } from '../../apps/gateway/src/admin/deps.ts'
import { adminRouteTable } from '../../apps/gateway/src/admin/routes.ts'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { type Answer, ask, BOOKSHOP_SPEC } from '../support/admin.ts'
import {
  DATABASES,
  type GatewayHome,
  type GatewayProcess,
  INSTALLATION_KEY,
  newHome,
  startGateway,
} from '../support/gateway-process.ts'
import { newTenant, pathWith, type Tenant, type TenantIds } from '../support/tenants.ts'

// S59: what is another workspace's is not there, on any route, under any id.

const TABLE = adminRouteTable({} as AdminDeps)
/** What concerns all workspaces is nobody's in one of them. */
const OF_INSTALLATION = TABLE.filter(({ tag }) => tag === 'Installation')
const ROUTES = TABLE.filter(({ tag }) => tag !== 'Installation')
const WITH_IDS = ROUTES.filter(({ path }) => path.includes(':'))
const WITHOUT_IDS = ROUTES.filter(
  ({ path, method, role }) => !path.includes(':') && method === 'GET' && isOfTenants(role),
)

function isOfTenants(role: string): boolean {
  return role !== 'installation'
}

/** A body that is valid, for every route that names something in its path and takes one. */
const BODIES: Readonly<Record<string, unknown>> = {
  update_upstream: { name: 'Taken over' },
  set_egress_allowances: { allow: ['10.0.0.0/8'] },
  set_credential: { value: 'taken over' },
  test_credential: {},
  update_tool: { title: 'Taken over', responseFilter: 'a', arguments: {} },
  try_tool: { arguments: {} },
  keep_call: { name: 'taken-over' },
  set_sample: { answer: { body: 'taken over' } },
  set_resource: { uri: 'taken://over', text: 'taken over' },
  set_prompt: { messages: [{ role: 'user', text: 'taken over' }] },
  choose_prompt_version: { version: 1 },
  set_composite: { description: 'Taken over.', code: 'return 1' },
  update_server: { name: 'Taken over' },
  call_tool: { tool: 'search_books', arguments: {} },
  add_server_tools: { tools: [{ id: 'nobody-has-this' }] },
  update_server_tool: { alias: 'taken_over' },
  update_access_key: { name: 'Taken over' },
  update_issuer: { name: 'Taken over' },
  update_admin_key: { name: 'Taken over', role: 'viewer' },
  update_secret: { value: 'taken over' },
  update_workspace: { name: 'Taken over' },
}

const NOBODY = 'nobody-has-this'
/** Ids that nobody has, beside those given. */
const nobodys = (ids: Partial<TenantIds> = {}) =>
  ({ ...Object.fromEntries(WITH_IDS.flatMap(namesOf).map((name) => [name, NOBODY])), ...ids }) as TenantIds

function namesOf({ path }: { path: string }): string[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => (name === 'id' ? path.split('/')[1]! : name!))
}

/** What somebody can tell two answers apart by: all but the request's id and the ids that they sent themselves. */
function told({ status, type, body }: Answer, ...sent: string[]): unknown {
  const { requestId: _id, ...problem } = body
  // A number of a version is nobody's.
  const ids = sent.filter((id) => !/^\d+$/.test(id))
  const text = ids.reduce((text, id) => text.replaceAll(id, '…'), JSON.stringify(problem))
  return [status, type, text]
}

test('there is a body for each route that needs one', () => {
  const wanted = WITH_IDS.filter(({ body }) => body !== undefined).map(({ operationId }) => operationId)
  expect(Object.keys(BODIES).toSorted()).toEqual(wanted.toSorted())
})

describe.each(DATABASES)('S59: two workspaces on the %s database', (kind) => {
  let shop: BookshopApi
  let home: GatewayHome
  let gateway: GatewayProcess
  let a: Tenant
  let b: Tenant
  let before: unknown
  beforeAll(async () => {
    shop = await startBookshop()
    home = await newHome(kind)
    gateway = await startGateway(home, { INSTALLATION_KEY, EGRESS_ALLOW: '127.0.0.1,10.0.0.0/8' })
    a = await newTenant(gateway, shop, 'aurora')
    b = await newTenant(gateway, shop, 'boreas')
    before = await everythingOf(a)
  })
  afterAll(async () => {
    const { stdout } = gateway.output
    await gateway.end('SIGTERM')
    await home.remove()
    await shop.close()
    expect(stdout).not.toContain('"kind":"bug"')
  })

  /** All that a tenant can read, by path: every GET there is, under its own ids. */
  async function everythingOf(tenant: Tenant): Promise<Record<string, unknown>> {
    const answers: Record<string, unknown> = {}
    for (const { path, operationId } of ROUTES.filter(({ method, role }) => method === 'GET' && isOfTenants(role))) {
      const ending = operationId === 'tail_calls' ? '?seconds=0' : ''
      const { status, body } = await ask(tenant, 'GET', pathWith(path, tenant.ids) + ending)
      expect([path, status]).toEqual([path, 200])
      answers[path] = body
    }
    return answers
  }

  test.each(WITH_IDS)('$method $path knows the ids of another no more than any', async (route) => {
    const { method, path, operationId, role } = route
    const asked = async (ids: TenantIds) => ask(b, method, pathWith(path, ids), BODIES[operationId])
    const nobody = nobodys()
    const answer = await asked(a.ids)
    expect(answer.status).toBe(isOfTenants(role) ? 404 : 403)
    expect(told(answer, ...Object.values(a.ids))).toEqual(told(await asked(nobody), NOBODY))
  })

  test.each(OF_INSTALLATION)('$method $path is no tenant’s, owner or not', async ({ method, path }) => {
    expect((await ask(b, method, path)).status).toBe(403)
  })

  // What is set there is one's own from then on.
  const isSet = ({ operationId }: { operationId: string }) => /^set_(resource|prompt)$/.test(operationId)
  const isBelow = ({ path }: { path: string }) => /:tool|:version|:resource|:prompt/.test(path)
  test.each(WITH_IDS.filter((route) => isBelow(route) && !isSet(route)))(
    '$method $path knows them no more below an id of one’s own',
    async ({ method, path, operationId }) => {
      const asked = async (ids: TenantIds) => ask(b, method, pathWith(path, ids), BODIES[operationId])
      const { server, operations } = b.ids
      const answer = await asked({ ...a.ids, server, operations })
      expect(answer.status).toBe(404)
      expect(told(answer, ...Object.values(a.ids))).toEqual(told(await asked(nobodys({ server, operations })), NOBODY))
    },
  )

  test('no list and nothing read of one shows anything of the other', async () => {
    const seen = await everythingOf(b)
    const { scheme: _declaredByBoth, promptVersion: _counted, ...ids } = a.ids
    const marks = new RegExp([...Object.values(ids), a.name].join('|'))
    for (const [path, body] of Object.entries(seen)) expect(`${path} ${JSON.stringify(body)}`).not.toMatch(marks)
    expect(Object.keys(seen)).toEqual(expect.arrayContaining(WITHOUT_IDS.map(({ path }) => path)))
  })

  test.each<[string, (tenant: Pick<Tenant, 'ids' | 'name'>) => string]>([
    ['tools of an upstream', ({ ids }) => `/tools?upstream=${ids.upstream}`],
    ['tools of a server', ({ ids }) => `/tools?server=${ids.server}`],
    ['tools by text', ({ name }) => `/tools?q=${name}`],
    ['access keys of a server', ({ ids }) => `/access-keys?server=${ids.server}`],
    ['issuers of a server', ({ ids }) => `/issuers?server=${ids.server}`],
    ['audit events of an actor', ({ ids }) => `/audit-events?actor=${ids['admin-keys']}`],
    ['audit events of a target', ({ ids }) => `/audit-events?target=${ids.tools}`],
    ['calls of a server', ({ ids }) => `/calls?server=${ids.server}`],
    ['upstreams by text', ({ name }) => `/upstreams?q=${name}`],
    ['servers by text', ({ name }) => `/servers?q=${name}`],
  ])('a filter finds nothing of another: %s', async (_what, path) => {
    expect((await ask(b, 'GET', path(a))).body).toEqual({ items: [], nextCursor: null })
  })

  test('S32 a bundle is of one’s own workspace, and of a server with another’s slug nothing is made', async () => {
    const asked = (server: string) => ask(b, 'GET', `/bundle?server=${server}`)
    const answer = await asked(a.ids.server)
    expect(answer.status).toBe(404)
    expect(told(answer)).toEqual(told(await asked(NOBODY)))
    const files = [
      { path: 'sluice.yaml', text: 'sluice: 1\nof: workspace\n' },
      { path: `servers/${a.ids.server}/server.yaml`, text: 'name: Taken over\ntools: {}\n' },
      { path: 'servers/made-with-it/server.yaml', text: 'name: Made with it\ntools: {}\n' },
    ]
    expect((await ask(b, 'POST', '/bundle?commit=true', { files, trust: true })).status).toBe(409)
    expect((await ask(b, 'GET', '/servers/made-with-it')).status).toBe(404)
  })

  test('a cursor of another’s list goes on in one’s own', async () => {
    const { nextCursor } = (await ask(a, 'GET', '/tools?limit=1')).body
    const { items } = (await ask(b, 'GET', `/tools?cursor=${nextCursor}&limit=200`)).body
    expect(new Set(items.map(({ upstream }: { upstream: string }) => upstream))).toEqual(new Set([b.ids.upstream]))
  })

  type Naming = (ids: TenantIds, own: TenantIds) => [method: string, path: string, body: unknown, status: number]
  const manual = { method: 'GET', path: '/books/{bookId}' }
  test.each<[string, Naming]>([
    [
      'a tool for a server',
      ({ tools }, own) => ['POST', `/servers/${own.server}/tools`, { tools: [{ id: tools }] }, 400],
    ],
    ['a server for a key', ({ server }) => ['POST', '/access-keys', { name: 'x', servers: [server] }, 400]],
    [
      'a tool for a key',
      ({ tools }, own) => ['POST', '/access-keys', { name: 'x', servers: [own.server], tools: [tools] }, 400],
    ],
    ['a server for a changed key', ({ server }, own) => ['PATCH', keyPath(own), { servers: [server] }, 400]],
    ['a tool for a changed key', ({ tools }, own) => ['PATCH', keyPath(own), { tools: [tools] }, 400]],
    ['a server for an issuer', ({ server }) => ['POST', '/issuers', { ...ISSUER, servers: [server] }, 400]],
    [
      'a tool for an issuer',
      ({ tools }, own) => {
        const rules = [{ rights: { tools: [tools] } }]
        return ['POST', '/issuers', { ...ISSUER, servers: [own.server], rules }, 400]
      },
    ],
    ['a server for a changed issuer', ({ server }, own) => ['PATCH', issuerPath(own), { servers: [server] }, 400]],
    [
      'an operation for a tool',
      ({ operations }) => ['POST', '/tools', { name: 'x', operation: { id: operations } }, 400],
    ],
    [
      'an upstream for a tool',
      ({ upstream }) => ['POST', '/tools', { name: 'x', manual: { ...manual, upstream } }, 400],
    ],
    [
      'a secret for a tool',
      ({ secrets }, { upstream }) => {
        const edits = { arguments: { bookId: { secret: secrets } } }
        return ['POST', '/tools', { name: 'x', manual: { ...manual, upstream }, ...edits }, 400]
      },
    ],
    [
      'a secret for a changed tool',
      ({ secrets }, { tools }) => ['PATCH', `/tools/${tools}`, { arguments: { bookId: { secret: secrets } } }, 400],
    ],
    [
      'an upstream of many tools to change',
      ({ upstream }) => ['PATCH', `/tools?upstream=${upstream}`, { enabled: false }, 200],
    ],
    ['a tool of many to change', ({ tools }) => ['PATCH', '/tools', { enabled: false, tools: [tools] }, 400]],
    ['a server of many tools to change', ({ server }) => ['PATCH', `/tools?server=${server}`, { enabled: false }, 200]],
    ['a tool to call by name', ({ server }, own) => ['POST', `/servers/${own.server}/calls`, { tool: server }, 404]],
  ])('a body that names what is another’s is answered as one that names nothing: %s', async (_what, naming) => {
    const asked = async (ids: TenantIds) => {
      const [method, path, body, status] = naming(ids, b.ids)
      const answer = await ask(b, method, path, body)
      expect(answer.status).toBe(status)
      return told(answer, ...Object.values(ids))
    }
    expect(await asked(a.ids)).toEqual(await asked(nobodys()))
  })

  test('an import under the names of another makes what is one’s own', async () => {
    const text = readFileSync(BOOKSHOP_SPEC, 'utf8')
    const document = { text, baseUrl: shop.url }
    const query = `server=${a.ids.server}&upstream=${a.ids.upstream}`
    const plan = (await ask(a, 'POST', `/imports?${query}`, document)).body.plan.id
    expect((await ask(b, 'POST', `/imports?${query}&commit=true&plan=${plan}`, document)).status).toBe(409)
    const made = await ask(b, 'POST', `/imports?${query}&commit=true`, document)
    expect(made.body).toMatchObject({ committed: true, plan: { unchanged: 0 }, server: { slug: 'aurora-2' } })
    await ask(b, 'DELETE', '/servers/aurora-2')
    expect((await ask(b, 'DELETE', `/upstreams/${a.ids.upstream}`)).status).toBe(204)
  })

  test('the same Idempotency-Key is another one in another workspace', async () => {
    const create = async (tenant: Tenant) =>
      ask(tenant, 'POST', '/admin-keys', { name: 'once', role: 'viewer' }, { 'idempotency-key': 'shared' })
    const [theirs, own] = [await create(a), await create(b)]
    expect([theirs.status, own.status]).toEqual([201, 201])
    expect(own.body.key).not.toBe(theirs.body.key)
    expect((await create(b)).body).toEqual(own.body)
    before = await everythingOf(a)
  })

  test('an access key opens no server of another', async () => {
    const post = async (server: string, accessKey: string): Promise<Answer> => {
      const headers = { authorization: `Bearer ${accessKey}`, 'content-type': 'application/json' }
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
      const answer = await fetch(`${gateway.url}/mcp/${server}`, { method: 'POST', headers, body })
      const { status, headers: got } = answer
      return { status, type: got.get('content-type')!, headers: got, body: await answer.json() }
    }
    expect((await post(a.ids.server, a.accessKey)).status).not.toBe(404)
    for (const [tenant, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const foreign = await post(other.ids.server, tenant.accessKey)
      expect(foreign.status).toBe(404)
      expect(told(foreign, other.ids.server)).toEqual(told(await post(NOBODY, tenant.accessKey), NOBODY))
    }
  })

  test('after all this, all that the one can read is as it was', async () => {
    const withoutUse = (seen: unknown) =>
      JSON.parse(JSON.stringify(seen, (key, value) => (key === 'lastUsedAt' ? null : value)))
    expect(withoutUse(await everythingOf(a))).toEqual(withoutUse(before))
  })
})

const ISSUER = { name: 'x', issuer: 'https://x.login.test' }

function issuerPath(ids: TenantIds): string {
  return `/issuers/${ids.issuers}`
}

function keyPath(ids: TenantIds): string {
  return `/access-keys/${ids['access-keys']}`
}
