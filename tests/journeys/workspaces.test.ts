import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { ask, importBookshop, listAll } from '../support/admin.ts'
import {
  DATABASES,
  type GatewayHome,
  type GatewayProcess,
  INSTALLATION_KEY,
  newHome,
  startGateway,
} from '../support/gateway-process.ts'
import { connectV2 } from '../support/mcp-clients.ts'

describe.each(DATABASES)('workspaces on the %s database', (kind) => {
  let shop: BookshopApi
  let home: GatewayHome
  let gateway: GatewayProcess
  let EGRESS_ALLOW: string
  let installation: { url: string; adminKey: string }
  beforeAll(async () => {
    shop = await startBookshop()
    home = await newHome(kind)
    EGRESS_ALLOW = `${new URL(shop.url).host},10.1.0.0/16`
    gateway = await startGateway(home, { INSTALLATION_KEY, EGRESS_ALLOW })
    installation = { url: gateway.url, adminKey: INSTALLATION_KEY }
  })
  afterAll(async () => {
    await gateway.end('SIGTERM')
    await home.remove()
    await shop.close()
  })

  const create = async (name: string) => (await ask(installation, 'POST', '/workspaces', { name })).body
  const ownerOf = (workspace: { adminKey: { key: string } }) => ({
    url: gateway.url,
    adminKey: workspace.adminKey.key,
  })

  test('one is made with the key of its first owner, renamed, and remembers both', async () => {
    const made = await ask(installation, 'POST', '/workspaces', { name: 'Team blue' })
    expect(made).toMatchObject({ status: 201, body: { name: 'Team blue', adminKey: { role: 'owner' } } })
    const { adminKey, ...workspace } = made.body
    const owner = ownerOf(made.body)
    expect((await ask(owner, 'GET', '/me')).body).toMatchObject({
      role: 'owner',
      workspace: { id: workspace.id, name: 'Team blue' },
    })
    expect(await listAll(owner, '/admin-keys')).toMatchObject([{ id: adminKey.id }])

    expect((await ask(installation, 'GET', `/workspaces/${workspace.id}`)).body).toEqual(workspace)
    const renamed = { ...workspace, name: 'Team green' }
    const change = { name: 'Team green' }
    expect((await ask(installation, 'PATCH', `/workspaces/${workspace.id}`, change)).body).toEqual(renamed)
    const listed = await listAll(installation, '/workspaces')
    expect(listed).toContainEqual(renamed)
    expect(listed).toContainEqual(expect.objectContaining({ id: 'ws_default', name: 'Default' }))
    expect(await listAll(owner, '/audit-events')).toMatchObject([
      {
        action: 'workspace.update',
        actor: 'installation',
        target: workspace.id,
        before: { name: 'Team blue' },
        after: change,
      },
      { action: 'admin-key.create', actor: 'installation', target: adminKey.id },
      { action: 'workspace.create', actor: 'installation', target: workspace.id, after: { name: 'Team blue' } },
    ])
  })

  test('a create that is repeated makes one workspace, and If-Match guards its name', async () => {
    const once = { 'idempotency-key': 'team' }
    const first = await ask(installation, 'POST', '/workspaces', { name: 'Once' }, once)
    expect((await ask(installation, 'POST', '/workspaces', { name: 'Once' }, once)).body).toEqual(first.body)
    expect((await listAll(installation, '/workspaces')).filter(({ name }) => name === 'Once')).toHaveLength(1)

    const path = `/workspaces/${first.body.id}`
    const { headers } = await fetch(`${gateway.url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${INSTALLATION_KEY}` },
    })
    const asRead = { 'if-match': headers.get('etag')! }
    expect((await ask(installation, 'PATCH', path, { name: 'Twice' }, asRead)).status).toBe(200)
    expect((await ask(installation, 'PATCH', path, { name: 'Thrice' }, asRead)).status).toBe(412)
  })

  test('deleted, nothing of it is served and no key of it works; the others never notice', async () => {
    await importBookshop(gateway, shop, 'staying')
    const workspace = await create('Going')
    const owner = ownerOf(workspace)
    const { url, accessKey } = await importBookshop(owner, shop, 'going')
    const client = await connectV2({ url: url!, accessKey: accessKey! }, 'legacy')
    expect((await client.listTools()).length).toBeGreaterThan(0)

    expect((await ask(installation, 'DELETE', `/workspaces/${workspace.id}`)).status).toBe(204)
    await expect(client.listTools()).rejects.toThrow(/key/)
    await client.close().catch(() => {})
    expect((await ask(owner, 'GET', '/me')).status).toBe(401)
    expect((await ask(installation, 'GET', `/workspaces/${workspace.id}`)).status).toBe(404)
    expect((await ask(installation, 'DELETE', `/workspaces/${workspace.id}`)).status).toBe(404)
    expect(await listAll(gateway, '/servers')).toMatchObject([{ slug: 'staying' }])
    // That it was there, and who ended it, is still known; to no key of a workspace.
    const { body } = await ask(installation, 'GET', `/workspace-events?target=${workspace.id}`)
    expect(body.items).toMatchObject([
      { action: 'workspace.delete', actor: 'installation', before: { name: 'Going' } },
      { action: 'workspace.create', actor: 'installation', after: { name: 'Going' } },
    ])
    expect(await listAll(gateway, '/audit-events')).not.toContainEqual(
      expect.objectContaining({ target: workspace.id }),
    )
    expect((await ask(gateway, 'GET', '/workspace-events')).status).toBe(403)
    // Its slug is free again.
    expect((await importBookshop(gateway, shop, 'going')).server.slug).toBe('going')
  })

  test.skipIf(kind === 'embedded')(
    'another gateway on the same database stops serving it within two seconds',
    async () => {
      const other = await startGateway(home, { INSTALLATION_KEY, EGRESS_ALLOW })
      const workspace = await create('Gone elsewhere')
      const { server, accessKey } = await importBookshop(ownerOf(workspace), shop, 'elsewhere')
      const url = `${other.url}/mcp/${server.slug}`
      const asked = () =>
        fetch(url, { method: 'POST', headers: { authorization: `Bearer ${accessKey}` } }).then(({ status }) => status)
      await expect.poll(asked, { timeout: 2_000 }).not.toBe(401)
      await ask(installation, 'DELETE', `/workspaces/${workspace.id}`)
      await expect.poll(asked, { timeout: 2_000 }).toBe(401)
      await other.end('SIGTERM')
    },
  )

  describe('S1 private addresses are the operator’s to allow', () => {
    const wanted = async () => {
      const owner = ownerOf(await create('Tenant'))
      const own = new URL(gateway.url).host
      const { server } = await importBookshop(owner, shop, `tenant-${own.split(':')[1]}-${tenants++}`)
      return { owner, own, slug: server.slug }
    }
    let tenants = 0

    test('an owner of another workspace allows what EGRESS_ALLOW has, and nothing else, wherever it is taken', async () => {
      const { owner, own, slug } = await wanted()
      const document = { openapi: '3.1.0', info: { title: 'Inside', version: '1' }, paths: {} }
      const issuer = { name: 'x', issuer: 'https://login.test', servers: [slug] }
      const { body: made } = await ask(owner, 'POST', '/issuers', { ...issuer, allow: ['10.1.2.3'] })
      const wide = ['10.0.0.0/8', '0.0.0.0/0', 'localhost', '127.0.0.1', '10.1.0.0/15', 'keycloak']
      for (const [method, path, body] of [
        ['POST', '/imports', { text: JSON.stringify(document), baseUrl: `http://${own}` }],
        ['POST', '/imports', { url: `http://${own}/api/v1/openapi.json` }],
        ['PUT', `/upstreams/bookshop/egress-allowances`, {}],
        ['POST', '/issuers', { ...issuer, issuer: 'https://other.test' }],
        ['PATCH', `/issuers/${made.id}`, {}],
      ] as const) {
        for (const entry of [own, ...wide]) {
          const { status, body: problem } = await ask(owner, method, path, { ...body, allow: ['10.1.2.3', entry] })
          expect([status, problem.code, problem.errors?.[0].pointer]).toEqual([403, 'role-required', '/allow'])
          expect(problem.detail).toContain(`EGRESS_ALLOW does not have ${entry}.`)
          expect(problem.errors[0].fix).toContain(`EGRESS_ALLOW=${EGRESS_ALLOW},${entry}`)
        }
      }
      const within = ['10.1.2.3', '10.1.2.0/24', '10.1.0.0/16', '10.1.2.3:80', new URL(shop.url).host]
      expect((await ask(owner, 'PUT', `/upstreams/bookshop/egress-allowances`, { allow: within })).status).toBe(200)
    })

    test('that of the default one allows what they need', async () => {
      const { own } = await wanted()
      await importBookshop(gateway, shop, 'of-default')
      const allow = { allow: [own, '192.168.0.0/16'] }
      expect((await ask(gateway, 'PUT', '/upstreams/bookshop/egress-allowances', allow)).status).toBe(200)
    })

    test('the import says that the operator can allow it, and not that an owner can', async () => {
      const { owner, own } = await wanted()
      const paths = { '/': { get: { responses: {} } } }
      const text = JSON.stringify({ openapi: '3.1.0', info: { title: 'Inside', version: '1' }, paths })
      const { body } = await ask(owner, 'POST', '/imports', { text, baseUrl: `http://${own}` })
      const told = JSON.stringify(body.diagnostics)
      expect(told).toContain(`The operator can allow it with EGRESS_ALLOW=${own}`)
      expect(told).not.toContain('An owner can')
    })
  })

  test('the default workspace stays', async () => {
    const refused = await ask(installation, 'DELETE', '/workspaces/ws_default')
    expect(refused.body).toMatchObject({ status: 409, code: 'conflict', detail: expect.stringContaining('default') })
    expect((await ask(gateway, 'GET', '/me')).status).toBe(200)
  })

  test('the installation key opens nothing else, and no other key opens workspaces', async () => {
    expect((await ask(gateway, 'GET', '/workspaces')).body).toMatchObject({
      code: 'role-required',
      detail: expect.stringContaining('INSTALLATION_KEY'),
    })
    expect((await ask(installation, 'GET', '/me')).body).toMatchObject({
      code: 'unauthorized',
      detail: expect.stringContaining('manages workspaces'),
    })
    for (const adminKey of [`${INSTALLATION_KEY}x`, INSTALLATION_KEY.slice(1), INSTALLATION_KEY.toUpperCase()])
      expect((await ask({ ...gateway, adminKey }, 'GET', '/workspaces')).status).toBe(401)
    const { status } = await fetch(`${gateway.url}/mcp/staying`, {
      method: 'POST',
      headers: { authorization: `Bearer ${INSTALLATION_KEY}` },
    })
    expect(status).toBe(401)
  })
})

test('without an installation key nobody manages workspaces, and is told what to set', async () => {
  const home = await newHome('embedded')
  const gateway = await startGateway(home)
  for (const adminKey of [gateway.adminKey, INSTALLATION_KEY, 'undefined']) {
    const { status, body } = await ask({ ...gateway, adminKey }, 'GET', '/workspaces')
    expect([status, body.detail]).toEqual([
      adminKey === gateway.adminKey ? 403 : 401,
      expect.stringContaining('INSTALLATION_KEY'),
    ])
  }
  await gateway.end('SIGTERM')
  await home.remove()
})
