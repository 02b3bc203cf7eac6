import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AdminDeps } from '../../apps/gateway/src/admin/deps.ts'
import { adminRouteTable } from '../../apps/gateway/src/admin/routes.ts'
import { openStore } from '../../packages/store/src/open-store.ts'
import { MIGRATIONS } from '../../packages/store/src/testing/databases.ts'
import { ask, listAll } from '../support/admin.ts'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { connectV2 } from '../support/mcp-clients.ts'
import { type Site, startSite } from '../support/site.ts'

// S39: after a full run, 20 secrets and more are looked for wherever something could have put them.

const canary = (n: number) => `canary+${n}/of=the-mine~${n * 7919}`
const CANARIES = Array.from({ length: 20 }, (_, n) => canary(n + 1))
const COLLECTOR = 'what a collector is sent at '
const METRICS_KEY = `canary-19-${'m'.repeat(32)}`
const INSTALLATION_KEY = `canary-20-${'i'.repeat(32)}`
CANARIES.splice(18, 2, METRICS_KEY, INSTALLATION_KEY)
/** What is given for an OAuth client, what its token endpoint gives, and what fetches the document. */
const CLIENT = { clientId: 'me', clientSecret: canary(21), refreshToken: canary(22) }
const GIVEN = { access_token: canary(23), refresh_token: canary(24), token_type: 'Bearer', expires_in: 3600 }
const FETCHES = canary(25)
CANARIES.push(CLIENT.clientSecret, CLIENT.refreshToken, GIVEN.access_token, GIVEN.refresh_token, FETCHES)

const KINDS: Array<[string, object]> = [
  ...Array.from({ length: 6 }, (_, n): [string, object] => [
    `header${n}`,
    { type: 'apiKey', in: 'header', name: `x-key-${n}` },
  ]),
  ...Array.from({ length: 4 }, (_, n): [string, object] => [
    `query${n}`,
    { type: 'apiKey', in: 'query', name: `key_${n}` },
  ]),
  ...Array.from({ length: 2 }, (_, n): [string, object] => [
    `cookie${n}`,
    { type: 'apiKey', in: 'cookie', name: `session${n}` },
  ]),
  ['bearer0', { type: 'http', scheme: 'bearer' }],
  ['bearer1', { type: 'http', scheme: 'bearer' }],
  ['basic', { type: 'http', scheme: 'basic' }],
]
const FIXED = ['in_query', 'X-In-Header', 'in_path'] as const

const documentOf = (url: string) => ({
  openapi: '3.1.0',
  info: { title: 'Mine', version: '1' },
  servers: [{ url }],
  components: {
    securitySchemes: {
      ...Object.fromEntries(KINDS),
      oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: `${url}/token`, scopes: {} } } },
    },
  },
  paths: {
    ...Object.fromEntries(
      KINDS.flatMap(([name]) =>
        ['', 'fails-'].map((fails) => [
          `/${fails}${name}`,
          { get: { operationId: `${fails}${name}`, security: [{ [name]: [] }] } },
        ]),
      ),
    ),
    '/granted': { get: { operationId: 'granted', security: [{ oauth: [] }] } },
    '/fixed/{in_path}': {
      get: {
        operationId: 'fixed',
        security: [],
        parameters: [
          { name: 'in_query', in: 'query', schema: { type: 'string' } },
          { name: 'X-In-Header', in: 'header', schema: { type: 'string' } },
          { name: 'in_path', in: 'path', required: true, schema: { type: 'string' } },
        ],
      },
    },
  },
})

/** As it is, in base64, in a URL, and in JSON within JSON. */
function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '')
  return [secret, base64.slice(0, -1), encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]
}

function found(where: string, text: string): string[] {
  return CANARIES.flatMap((secret, n) =>
    formsOf(secret).some((form) => text.includes(form)) ? [`canary ${n + 1} in ${where}`] : [],
  )
}

describe.each(DATABASES)('S39: the secrets of a full run, on the %s database', (kind) => {
  let api: Site
  let collector: Site
  let home: GatewayHome
  let gateway: GatewayProcess
  /** What the token endpoint was sent. */
  let granted: URLSearchParams
  const told: Record<string, string> = {}

  beforeAll(async () => {
    // It echoes all that it is sent, in every answer.
    api = await startSite(async (request) => {
      const { url, headers, rawHeaders } = request
      const asJson = { 'content-type': 'application/json' }
      if (url === '/document') return { headers: asJson, body: JSON.stringify(documentOf(api.url)) }
      if (url === '/token') {
        granted = new URLSearchParams(await text(request))
        return { headers: asJson, body: JSON.stringify(GIVEN) }
      }
      return {
        status: url!.startsWith('/fails') ? 500 : 200,
        headers: { ...asJson, 'x-echo': JSON.stringify(headers) },
        body: JSON.stringify({ url, headers, all: rawHeaders.join(' ') }),
      }
    })
    home = await newHome(kind)
    collector = await startSite(async (request) => {
      const where = `${COLLECTOR}${request.url}`
      told[where] = (told[where] ?? '') + (await text(request))
      return { headers: { 'content-type': 'application/json' }, body: '{}' }
    })
    const exporting = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }
    gateway = await startGateway(home, { METRICS_KEY, INSTALLATION_KEY, ...exporting })
    const fetchHeaders = { Authorization: `Bearer ${FETCHES}` }
    const document = { url: `${api.url}/document`, fetchHeaders, allow: [new URL(api.url).host] }
    const { body } = await ask(gateway, 'POST', '/imports?commit=true&server=mine&upstream=mine', document)
    for (const [n, [name]] of KINDS.entries()) {
      const value = name === 'basic' ? { username: 'ada', password: CANARIES[n] } : { value: CANARIES[n] }
      const set = await ask(gateway, 'PUT', `/upstreams/mine/credentials/${name}`, value)
      expect([name, set.status]).toEqual([name, 200])
    }
    CANARIES.push(body.accessKey)
    const oauth = { grant: 'refresh_token', ...CLIENT, tokenUrl: `${api.url}/token` }
    expect((await ask(gateway, 'PUT', '/upstreams/mine/credentials/oauth', { oauth })).status).toBe(200)
    const [fixed] = await listAll(gateway, '/tools?q=fixed')
    const edits: Record<string, object> = {}
    for (const [n, name] of FIXED.entries()) {
      const secret = { name, value: CANARIES[KINDS.length + n], origins: [new URL(api.url).origin] }
      edits[name] = { secret: (await ask(gateway, 'POST', '/secrets', secret)).body.id }
    }
    expect((await ask(gateway, 'PATCH', `/tools/${fixed.id}`, { arguments: edits })).status).toBe(200)
    await ask(gateway, 'PATCH', '/servers/mine', { recordContent: true, mode: 'direct' })
    const agent = await connectV2({ url: body.url, accessKey: body.accessKey }, { pin: '2026-07-28' })
    const tools = await agent.listTools()
    told.list = JSON.stringify(tools)
    for (const { name } of tools) told[`the answer of ${name}`] = (await agent.callTool(name, {})).text
    await agent.close()
    for (const { id, name } of await listAll(gateway, '/tools'))
      told[`the try of ${name}`] = JSON.stringify((await ask(gateway, 'POST', `/tools/${id}/try`, {})).body)
    await ask({ ...gateway, adminKey: INSTALLATION_KEY }, 'POST', '/workspaces', { name: 'Another' })
  })
  afterAll(async () => {
    await home.remove()
    await api.close()
    await collector.close()
  })

  test('all went out to the API, or the rest says nothing', () => {
    const sent = api.asked
      .map(({ url, rawHeaders }) => `${url} ${decodeURIComponent(url!)} ${rawHeaders.join(' ')}`)
      .join('\n')
    const basic = Buffer.from(`ada:${CANARIES[14]}`).toString('base64')
    const out = CANARIES.slice(0, 18).filter(
      (secret) => sent.includes(secret) || sent.includes(encodeURIComponent(secret)),
    )
    expect([out.length, sent.includes(basic)]).toEqual([17, true])
    const authorizations = api.asked.map(({ headers }) => headers.authorization ?? '')
    expect(authorizations).toContain(`Bearer ${FETCHES}`)
    expect(authorizations).toContain(`Bearer ${GIVEN.access_token}`)
    const atToken = api.asked.find(({ url }) => url === '/token')!.headers.authorization!
    const client = Buffer.from(atToken.replace('Basic ', ''), 'base64').toString()
    expect(client.split(':').map(decodeURIComponent)).toEqual([CLIENT.clientId, CLIENT.clientSecret])
    expect(granted.get('refresh_token')).toBe(CLIENT.refreshToken)
  })

  test('none is in what agents and curators are shown, in what is exported, in the record, in metrics or in the API’s answers', async () => {
    expect(Object.keys(told).length).toBeGreaterThan(60)
    const routes = adminRouteTable({} as AdminDeps).filter(
      ({ method, path }) => method === 'GET' && !path.includes(':'),
    )
    for (const { path, operationId, role } of routes) {
      const as = role === 'installation' ? { ...gateway, adminKey: INSTALLATION_KEY } : gateway
      if (path === '/backup') continue
      const { body } = await ask(as, 'GET', operationId === 'tail_calls' ? `${path}?seconds=0` : path)
      told[path] = JSON.stringify(body)
    }
    for (const path of ['/upstreams/mine', '/upstreams/mine/credentials', '/servers/mine', '/servers/mine/clients'])
      told[path] = JSON.stringify((await ask(gateway, 'GET', path)).body)
    for (const { id } of await listAll(gateway, '/tools'))
      told[id] = JSON.stringify((await ask(gateway, 'GET', `/tools/${id}`)).body)
    await expect.poll(async () => (await listAll(gateway, '/calls?road=direct')).length).toBe(KINDS.length * 2 + 2)
    for (const { id } of await listAll(gateway, '/calls'))
      told[`content of ${id}`] = JSON.stringify((await ask(gateway, 'GET', `/calls/${id}/content`)).body)
    expect(told['/calls.csv']!.length).toBeGreaterThan(1_000)
    const metrics = await fetch(`${gateway.url}/metrics`, { headers: { authorization: `Bearer ${METRICS_KEY}` } })
    told.metrics = await metrics.text()
    expect(Object.entries(told).flatMap(([where, text]) => found(where, text))).toEqual([])
  })

  test.runIf(kind === 'embedded')('none is in a backup, unpacked', async () => {
    const headers = { authorization: `Bearer ${gateway.adminKey}` }
    const packed = await (await fetch(`${gateway.url}/api/v1/backup`, { headers })).arrayBuffer()
    const copy = gunzipSync(packed).toString('latin1')
    expect(copy).toContain('/fails-header0')
    expect(found('the backup', copy)).toEqual([])
  })

  test('none is in the logs, in what is exported to a collector or in the database, but as it is sealed', async () => {
    await gateway.end('SIGTERM')
    const { stdout, stderr } = gateway.output
    expect(stdout).toContain('"call.finished"')
    const dump = await dumpOf(home)
    expect(dump).toContain('/fails-header0')
    // The key's start, which lists show, is kept in plain text.
    expect(dump).toContain(CANARIES.at(-1)!.slice(0, 8))
    const exported = Object.entries(told).filter(([where]) => where.startsWith(COLLECTOR))
    expect(told[`${COLLECTOR}/v1/traces`]).toContain('tools/call fixed')
    expect([
      ...found('the log', stdout + stderr),
      ...exported.flatMap(([where, sent]) => found(where, sent)),
      ...found('the database', dump),
      ...found('the files', filesIn(home.dataDir)),
    ]).toEqual([])
  })
})

/** Each row of each table, as text. */
async function dumpOf({ env, dataDir }: GatewayHome): Promise<string> {
  const place = env.DATABASE_URL ? { databaseUrl: env.DATABASE_URL } : { dataFolder: dataDir }
  const store = await openStore({ ...place, migrationsFolder: MIGRATIONS })
  const { rows } = await store.db.execute(`select quote_ident(table_schema) || '.' || quote_ident(table_name) as name
    from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema')`)
  const texts: unknown[] = []
  for (const { name } of rows)
    texts.push(...(await store.db.execute(`select row::text as text from ${name} as row`)).rows.map(({ text }) => text))
  await store.close()
  return texts.join('\n')
}

/** All bytes of a folder: tables, their log, and what else lies there. */
function filesIn(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name)).toString('latin1'))
    .join('\n')
}
