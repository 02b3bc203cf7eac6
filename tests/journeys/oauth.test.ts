import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../support/admin.ts'
import { type AuthorizationServer, CLIENT, startAuthorizationServer } from '../support/authorization-server.ts'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { connectV2, type McpClient } from '../support/mcp-clients.ts'
import { type Site, startSite } from '../support/site.ts'

// An API that takes access tokens of a real authorization server; what agents call never sees one.

const TOKEN_SECONDS = 3

describe.each(DATABASES)('access tokens, on the %s database', (kind) => {
  let login: AuthorizationServer
  let api: Site
  let home: GatewayHome
  let gateway: GatewayProcess
  let agent: McpClient
  const seen: string[] = []

  beforeAll(async () => {
    login = await startAuthorizationServer(TOKEN_SECONDS)
    api = await startSite(async (request) => {
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
      seen.push(token)
      return (await login.knows(token))
        ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ orders: 3, echo: token }) }
        : { status: 401 }
    })
    home = await newHome(kind)
    gateway = await startGateway(home)
    const imported = await ask(gateway, 'POST', '/imports?commit=true&server=orders&upstream=orders', {
      text: JSON.stringify(documentOf(api.url, login.url)),
      allow: [new URL(api.url).host, new URL(login.url).host],
    })
    expect(imported.body).toMatchObject({ committed: true })
    agent = await connectV2({ url: imported.body.url, accessKey: imported.body.accessKey }, { pin: '2026-07-28' })
  })
  afterAll(async () => {
    await agent?.close()
    await gateway.end('SIGTERM')
    await home.remove()
    await api.close()
    await login.close()
  })

  const path = '/upstreams/orders/credentials/oauth'
  const call = () => agent.callTool('list_orders', {})

  test('B152 without a client the call says which scheme is missing, and asks nobody', async () => {
    const { text, isError } = await call()
    expect([isError, text]).toEqual([true, expect.stringContaining('sluice credential set orders oauth')])
    expect([seen.length, login.grants.length]).toEqual([0, 0])
  })

  test('B147 a client gets a token at the document’s token URL, keeps it, and gets another when it ends', async () => {
    const set = await ask(gateway, 'PUT', path, { oauth: { grant: 'client_credentials', ...CLIENT } })
    expect(set.body).toMatchObject({
      kind: 'OAuth client that gets access tokens',
      tokenGrant: { tokenUrl: `${login.url}/token`, clientId: 'sluice', clientAuth: 'basic' },
    })
    expect(JSON.stringify(set.body)).not.toContain(CLIENT.clientSecret)
    const answers = await Promise.all([call(), call(), call()])
    expect(answers.map(({ isError }) => isError)).toEqual([false, false, false])
    expect(login.grants).toEqual(['client_credentials'])
    await sleep(TOKEN_SECONDS * 1000)
    expect(await call()).toMatchObject({ isError: false })
    expect(login.grants).toHaveLength(2)
  })

  test('S34 a token that the API echoes is masked', async () => {
    const { text } = await call()
    expect(text).toContain('[masked]')
    expect(text).not.toContain(seen.at(-1))
  })

  test('S57 a pasted refresh token is rotated, and outlives the gateway', async () => {
    const refreshToken = await login.refreshToken()
    const oauth = { grant: 'refresh_token', ...CLIENT, refreshToken, tokenUrl: `${login.url}/token` }
    expect((await ask(gateway, 'PUT', path, { oauth })).status).toBe(200)
    login.grants.length = 0
    await Promise.all(Array.from({ length: 10 }, call))
    expect(login.grants).toEqual(['refresh_token'])
    await sleep(TOKEN_SECONDS * 1000)
    await agent.close()
    await gateway.end('SIGKILL')
    gateway = await startGateway(home)
    const { body } = await ask(gateway, 'POST', '/access-keys', { name: 'again', servers: ['orders'] })
    agent = await connectV2({ url: `${gateway.url}/mcp/orders`, accessKey: body.key }, { pin: '2026-07-28' })
    expect(await call()).toMatchObject({ isError: false })
    expect(login.grants).toEqual(['refresh_token', 'refresh_token'])
  })

  test('a client that is refused is said to be, once, and not asked for again by each call', async () => {
    const oauth = { grant: 'client_credentials', ...CLIENT, clientSecret: 'wrong-secret' }
    await ask(gateway, 'PUT', path, { oauth })
    const { text, isError } = await call()
    expect([isError, text]).toEqual([true, expect.stringMatching(/invalid_client.*set the credential again/)])
    expect(text).not.toContain('wrong-secret')
  })

  test.each<[string, object, string]>([
    ['no secret', { oauth: { grant: 'client_credentials', clientId: 'a' } }, '/oauth/clientSecret'],
    ['no refresh token', { oauth: { grant: 'refresh_token', clientId: 'a' } }, '/oauth/refreshToken'],
    ['two forms', { value: 'x', oauth: { grant: 'client_credentials', ...CLIENT } }, '/oauth'],
    [
      'a token URL with a password',
      { oauth: { grant: 'client_credentials', ...CLIENT, tokenUrl: 'http://a:b@x.test' } },
      '/oauth/tokenUrl',
    ],
  ])('%s is refused, at its place', async (_name, body, pointer) => {
    const answer = await ask(gateway, 'PUT', path, body)
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, pointer])
  })
})

function documentOf(api: string, login: string) {
  const flow = { tokenUrl: `${login}/token`, scopes: { 'orders:read': 'Read orders' } }
  return {
    openapi: '3.1.0',
    info: { title: 'Orders', version: '1' },
    servers: [{ url: api }],
    components: { securitySchemes: { oauth: { type: 'oauth2', flows: { clientCredentials: flow } } } },
    paths: { '/orders': { get: { operationId: 'listOrders', security: [{ oauth: ['orders:read'] }] } } },
  }
}
