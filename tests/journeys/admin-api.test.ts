import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AdminDeps } from '../../apps/gateway/src/admin/deps.ts'
import { adminRouteTable } from '../../apps/gateway/src/admin/routes.ts'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { ask, BOOKSHOP_SPEC, importBookshop, listAll } from '../support/admin.ts'
import {
  DATABASES,
  type GatewayHome,
  type GatewayProcess,
  INSTALLATION_KEY,
  newHome,
  startGateway,
} from '../support/gateway-process.ts'
import { connectV2 } from '../support/mcp-clients.ts'

const ROUTES = adminRouteTable({} as AdminDeps)
const NOBODY = 'nobody-has-this'

/** A path of the route with ids that do not exist. */
const pathOf = (path: string) => path.replaceAll(/:\w+/g, NOBODY)

describe.each(DATABASES)('the admin API on the %s database', (kind) => {
  let shop: BookshopApi
  let home: GatewayHome
  let gateway: GatewayProcess
  let accessKey: string
  beforeAll(async () => {
    shop = await startBookshop()
    home = await newHome(kind)
    gateway = await startGateway(home, { INSTALLATION_KEY })
    accessKey = (await importBookshop(gateway, shop)).accessKey!
  })
  afterAll(async () => {
    await gateway.end('SIGTERM')
    await home.remove()
    await shop.close()
  })
  const keyOf = async (role: string) => (await ask(gateway, 'POST', '/admin-keys', { name: role, role })).body.key

  test('S65: every route refuses a lesser role, and lets the least one through to the next check', async () => {
    const keys = {
      viewer: await keyOf('viewer'),
      editor: await keyOf('editor'),
      owner: gateway.adminKey,
      installation: INSTALLATION_KEY,
    }
    const rank = ['viewer', 'editor', 'owner', 'installation'] as const
    for (const { method, path, role, operationId } of ROUTES) {
      // A stream that goes on would never be read to its end.
      const query = operationId === 'tail_calls' ? '?seconds=0' : ''
      for (const own of rank) {
        // It stands beside the others: on their routes it is no key at all.
        const isForeign = own === 'installation' && role !== 'installation'
        const answer = await ask(
          { ...gateway, adminKey: keys[own] },
          method,
          `${pathOf(path)}${query}`,
          method === 'GET' ? undefined : {},
        )
        const refused = isForeign ? 401 : rank.indexOf(own) < rank.indexOf(role) ? 403 : undefined
        const { status } = answer
        expect([method, path, own, status === 401 || status === 403 ? status : undefined]).toEqual([
          method,
          path,
          own,
          refused,
        ])
        expect(status).toBeLessThan(500)
      }
    }
  })

  test('every route wants a key, and refuses what its query does not know', async () => {
    for (const { method, path, query, role } of ROUTES) {
      expect((await ask({ ...gateway, adminKey: 'sla_wrong' }, method, pathOf(path))).status).toBe(401)
      if (!query || method !== 'GET') continue
      const adminKey = role === 'installation' ? INSTALLATION_KEY : gateway.adminKey
      const answer = await ask({ ...gateway, adminKey }, method, `${pathOf(path)}?nonsense=1`)
      expect([path, answer.status, answer.body.errors?.[0]?.pointer]).toEqual([path, 400, 'nonsense'])
    }
  })

  test('its document names every route', async () => {
    const document = (await ask(gateway, 'GET', '/openapi.json')).body
    const named = Object.values<Record<string, { operationId: string }>>(document.paths).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId),
    )
    expect(named.toSorted()).toEqual(ROUTES.map(({ operationId }) => operationId).toSorted())
  })

  test('a document comes back byte for byte', async () => {
    const [revision] = await listAll(gateway, '/upstreams/bookshop/spec-revisions')
    const answer = await ask(gateway, 'GET', `/spec-revisions/${revision.id}/document`)
    expect(answer.body).toBe(readFileSync(BOOKSHOP_SPEC, 'utf8'))
  })

  test('a commit applies the plan it names, or refuses', async () => {
    const text = readFileSync(BOOKSHOP_SPEC, 'utf8')
    const plan = (await ask(gateway, 'POST', '/imports?server=bookshop', { text })).body.plan.id
    const moved = await ask(gateway, 'POST', `/imports?commit=true&plan=${plan}&server=bookshop`, { text: `${text}\n` })
    expect(moved.body).toMatchObject({ status: 409, code: 'conflict' })
    expect((await ask(gateway, 'POST', `/imports?commit=true&plan=${plan}&server=bookshop`, { text })).status).toBe(200)
  })

  test('Idempotency-Key: a create that is repeated creates once, and for another request is refused', async () => {
    const header = { 'idempotency-key': 'once-1' }
    const wanted = { name: 'once', servers: ['bookshop'] }
    const first = await ask(gateway, 'POST', '/access-keys', wanted, header)
    expect(first.status).toBe(201)
    expect((await ask(gateway, 'POST', '/access-keys', wanted, header)).body).toEqual(first.body)
    expect((await listAll(gateway, '/access-keys')).filter(({ name }) => name === 'once')).toHaveLength(1)
    expect((await ask(gateway, 'POST', '/access-keys', { ...wanted, name: 'two' }, header)).body).toMatchObject({
      status: 422,
      code: 'idempotency-key-reused',
    })
  })

  test.each(['form', 'json'])(
    'Idempotency-Key: the document of an import is part of the request, as %s',
    async (kind) => {
      const send = (text: string, fields: Record<string, string> = {}) => {
        const form = new FormData()
        form.set('file', new Blob([text]), 'bookshop.yaml')
        for (const [name, value] of Object.entries(fields)) form.set(name, value)
        const path = `/imports?commit=true&server=by-${kind}&upstream=by-${kind}`
        return ask(gateway, 'POST', path, kind === 'form' ? form : { text, ...fields }, { 'idempotency-key': kind })
      }
      const text = readFileSync(BOOKSHOP_SPEC, 'utf8')
      const first = await send(text)
      expect(first.body.accessKey).toMatch(/^slk_/)
      expect((await send(text)).body).toEqual(first.body)
      for (const other of [await send(`${text}\n`), await send(text, { enable: 'none' })])
        expect(other.body).toMatchObject({ status: 422, code: 'idempotency-key-reused' })
      expect((await ask(gateway, 'DELETE', `/upstreams/by-${kind}`)).status).toBe(204)
      expect((await ask(gateway, 'DELETE', `/servers/by-${kind}`)).status).toBe(204)
    },
  )

  test('If-Match: what somebody changed since is not overwritten', async () => {
    const [tool] = await listAll(gateway, '/tools')
    const read = await fetch(`${gateway.url}/api/v1/tools/${tool.id}`, {
      headers: { authorization: `Bearer ${gateway.adminKey}` },
    })
    const tag = { 'if-match': read.headers.get('etag')! }
    expect((await ask(gateway, 'PATCH', `/tools/${tool.id}`, { title: 'One' }, tag)).status).toBe(200)
    expect((await ask(gateway, 'PATCH', `/tools/${tool.id}`, { title: 'Two' }, tag)).body).toMatchObject({
      status: 412,
    })
    await ask(gateway, 'PATCH', `/tools/${tool.id}`, { title: null })
  })

  test('S66: a key for reading neither lists nor calls what writes', async () => {
    const made = await ask(gateway, 'POST', '/access-keys', { name: 'reader', servers: ['bookshop'], readOnly: true })
    const url = `${gateway.url}/mcp/bookshop`
    const all = await connectV2({ url, accessKey }, 'legacy')
    const reader = await connectV2({ url, accessKey: made.body.key }, 'legacy')
    const names = (await reader.listTools()).map(({ name }) => name)
    const writes = (await all.listTools()).map(({ name }) => name).filter((name) => !names.includes(name))
    expect(writes.length).toBeGreaterThan(0)
    for (const name of writes) await expect(reader.callTool(name, {})).rejects.toThrow(/no tool/)
    await all.close()
    await reader.close()
  })

  test('a manual tool with a fixed argument is served and called, and the model cannot set it (B182)', async () => {
    const manual = { upstream: 'bookshop', method: 'GET', path: '/books/{bookId}' }
    const edits = { arguments: { bookId: { value: '2' } } }
    const made = await ask(gateway, 'POST', '/tools', { name: 'book_two', manual, ...edits })
    expect([made.status, made.body.kind, made.body.inputSchema.properties]).toEqual([201, 'manual', {}])
    const put = await ask(gateway, 'POST', '/servers/bookshop/tools', { tools: [{ id: made.body.id }] })
    expect(put.status).toBe(200)
    const client = await connectV2({ url: `${gateway.url}/mcp/bookshop`, accessKey }, 'legacy')
    expect(JSON.parse((await client.callTool('book_two', {})).text).id).toBe(2)
    expect((await client.callTool('book_two', { bookId: '1' })).isError).toBe(true)
    await client.close()
    expect((await ask(gateway, 'DELETE', `/tools/${made.body.id}`)).status).toBe(204)
  })

  test('pages hold every row once, in order', async () => {
    const names: string[] = []
    for (let cursor = ''; ; ) {
      const { body } = await ask(gateway, 'GET', `/tools?limit=2&sort=-name${cursor && `&cursor=${cursor}`}`)
      names.push(...body.items.map(({ name }: { name: string }) => name))
      if (body.nextCursor === null) break
      cursor = body.nextCursor
    }
    expect(names).toEqual([...new Set(names)].toSorted().toReversed())
    expect(names.length).toBe((await listAll(gateway, '/tools')).length)
  })

  test('a credential is set, tested and never returned', async () => {
    const [{ scheme }] = await listAll(gateway, '/upstreams/bookshop/credentials')
    const path = `/upstreams/bookshop/credentials/${scheme}`
    expect(JSON.stringify((await ask(gateway, 'PUT', path, { value: shop.key })).body)).not.toContain(shop.key)
    expect((await ask(gateway, 'POST', `${path}/test`, {})).body).toMatchObject({ ok: true, status: 200 })
  })
})
