import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ask, listAll } from '../support/admin.ts'
import { callOnce } from '../support/call-once.ts'
import { type GatewayHome, type GatewayProcess, startGateway } from '../support/gateway-process.ts'
import { type OwnPostgres, startPostgres } from '../support/postgres.ts'
import { type Site, startSite } from '../support/site.ts'
import { type MadeCall, steadyCalls } from '../support/steady-calls.ts'

// Three gateways share a database and nothing else. Calls go on all the time; what is done to the gateways and to their database
// loses none, answers none wrongly, and lets none that changes something arrive twice.

const SPEC = {
  openapi: '3.1.0',
  info: { title: 'Things', version: '1' },
  paths: {
    '/things/{id}': {
      get: {
        operationId: 'get_thing',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
        responses: { 200: { description: 'ok' } },
      },
    },
    '/things': {
      post: {
        operationId: 'make_thing',
        requestBody: {
          content: { 'application/json': { schema: { type: 'object', properties: { key: { type: 'integer' } } } } },
        },
        responses: { 201: { description: 'made' } },
      },
      delete: { operationId: 'delete_things', responses: { 204: { description: 'gone' } } },
    },
  },
}

describe.runIf(inject('postgresUrl'))('three gateways on one PostgreSQL', () => {
  let database: OwnPostgres
  let api: Site
  let home: GatewayHome
  const gateways: GatewayProcess[] = []
  let accessKey: string
  const arrived = new Map<number, number>()

  beforeAll(async () => {
    database = (await startPostgres())!
    const dataDir = mkdtempSync(join(tmpdir(), 'sluice-three-'))
    const remove = async () => rmSync(dataDir, { recursive: true, force: true })
    home = { dataDir, env: { DATA_DIR: dataDir, DATABASE_URL: database.url, STOP_DELAY_MS: '2000' }, remove }
    api = await startSite(async (request) => {
      const headers = { 'content-type': 'application/json' }
      if (request.method === 'GET')
        return { headers, body: JSON.stringify({ id: Number(request.url!.split('/').at(-1)) }) }
      const { key } = JSON.parse((await request.toArray()).join('')) as { key: number }
      arrived.set(key, (arrived.get(key) ?? 0) + 1)
      return { status: 201, headers, body: JSON.stringify({ key }) }
    })
    // The first makes keys and tables.
    for (let n = 0; n < 3; n++) gateways.push(await startGateway(home))
    const imported = await ask(gateways[0]!, 'POST', '/imports?commit=true&server=things', {
      text: JSON.stringify(SPEC),
      baseUrl: api.url,
      allow: [new URL(api.url).host],
    })
    accessKey = imported.body.accessKey
    for (const { url } of gateways) await reaches(url, accessKey, true)
  }, 60_000)
  afterAll(async () => {
    await Promise.all(gateways.map(({ end }) => end('SIGKILL')))
    await api.close()
    database.stop()
    await home.remove()
  })

  const path = '/mcp/things'
  const load = () => steadyCalls(() => gateways, path, accessKey)
  /** Looks at a gateway as a balancer does, and sends nothing to one that is not ready. */
  const readyOnes = async () => {
    const looks = gateways.map(({ url }) =>
      fetch(`${url}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
    const isReady = await Promise.all(looks)
    return gateways.filter((_gateway, n) => isReady[n])
  }

  /** Asks one gateway until a key opens the server there, or no longer does. */
  const reaches = async (url: string, key: string, isOpen: boolean) => {
    const opens = () =>
      callOnce(`${url}${path}`, key, 'get_thing', { id: -1 }).then(
        () => true,
        () => false,
      )
    for (let tries = 0; tries < 100; tries++) {
      if ((await opens()) === isOpen) return
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error(`${url} ${isOpen ? 'does not take' : 'still takes'} the key`)
  }

  /** What no call may come to, and how many answers there were. */
  function judge(calls: readonly MadeCall[]): { wrong: MadeCall[]; twice: MadeCall[]; lost: MadeCall[] } {
    const isRight = ({ kind, n, answer }: MadeCall) =>
      answer!.isError === false && answer!.text === JSON.stringify(kind === 'read' ? { id: n } : { key: n })
    const times = ({ n }: MadeCall) => arrived.get(n) ?? 0
    const answered = calls.filter(({ answer }) => answer)
    const judged = {
      wrong: answered.filter((call) => !isRight(call) || (call.kind === 'write' && times(call) === 0)),
      twice: calls.filter((call) => call.kind === 'write' && times(call) > 1),
      lost: calls.filter(({ answer }) => !answer),
    }
    arrived.clear()
    return judged
  }
  const NOTHING = { wrong: [], twice: [], lost: [] }

  test('promise 4: a hundred changes of configuration reach all, and no call notices', async () => {
    const calls = load()
    const { id } = (await listAll(gateways[0]!, '/tools')).find(({ name }) => name === 'delete_things')
    for (let change = 1; change <= 100; change++) {
      const { status } = await ask(gateways[change % 3]!, 'PATCH', `/tools/${id}`, { title: `Title ${change}` })
      expect(status).toBe(200)
    }
    await calls.more(20)
    expect(judge(await calls.end())).toEqual(NOTHING)
    for (const gateway of gateways) {
      const seen = async () => (await listAll(gateway, '/tools')).find((tool) => tool.id === id).title
      expect(await seen()).toBe('Title 100')
    }
  }, 120_000)

  test('a key that is revoked opens nothing anywhere, while another is used', async () => {
    const calls = load()
    const made = await ask(gateways[1]!, 'POST', '/access-keys', { name: 'short', servers: ['things'] })
    for (const { url } of gateways) await reaches(url, made.body.key, true)
    await ask(gateways[2]!, 'DELETE', `/access-keys/${made.body.id}`)
    for (const { url } of gateways) await reaches(url, made.body.key, false)
    expect(judge(await calls.end())).toEqual(NOTHING)
  }, 60_000)

  test('promise 1: one that is killed takes what it was doing with it, and no more', async () => {
    const calls = load()
    await calls.more(100)
    await gateways[1]!.end('SIGKILL')
    await calls.more(200)
    gateways[1] = await startGateway(home)
    await calls.more(100)
    const { lost, ...rest } = judge(await calls.end())
    expect(rest).toEqual({ wrong: [], twice: [] })
    // Only what may have been made, and was not to be made again.
    expect(lost.filter(({ kind }) => kind === 'read')).toEqual([])
    expect(lost.length).toBeLessThanOrEqual(8)
  }, 120_000)

  test('promise 10: while the database hangs calls go on, ready is false, and the admin API says so', async () => {
    const calls = load()
    database.pause()
    try {
      const ready = async () => (await fetch(`${gateways[0]!.url}/health/ready`)).status
      await expect.poll(ready, { timeout: 30_000, interval: 200 }).toBe(503)
      expect((await fetch(`${gateways[0]!.url}/health/live`)).status).toBe(200)
      expect((await ask(gateways[0]!, 'GET', '/servers')).body).toMatchObject({
        status: 503,
        code: 'database-unavailable',
      })
      await calls.more(200)
    } finally {
      database.resume()
    }
    for (const { url } of gateways)
      await expect.poll(async () => (await fetch(`${url}/health/ready`)).status, { timeout: 30_000 }).toBe(200)
    expect(judge(await calls.end())).toEqual(NOTHING)
  }, 120_000)

  test('a database that is started anew is used again, and changes reach all as before', async () => {
    const calls = load()
    await calls.more(50)
    database.restart()
    for (const { url } of gateways)
      await expect.poll(async () => (await fetch(`${url}/health/ready`)).status, { timeout: 30_000 }).toBe(200)
    const made = await ask(gateways[0]!, 'POST', '/access-keys', { name: 'after', servers: ['things'] })
    expect(made.status).toBe(201)
    for (const { url } of gateways) await reaches(url, made.body.key, true)
    expect(judge(await calls.end())).toEqual(NOTHING)
  }, 120_000)

  test('promise 2, promise 3: a rolling restart behind a balancer that looks which of them is ready loses nothing', async () => {
    let ready = await readyOnes()
    const looking = setInterval(async () => {
      ready = await readyOnes()
    }, 100)
    const calls = steadyCalls(() => ready, path, accessKey)
    for (let n = 0; n < 3; n++) {
      await calls.more(50)
      expect(await gateways[n]!.end('SIGTERM')).toBe(0)
      gateways[n] = await startGateway(home)
    }
    await calls.more(50)
    clearInterval(looking)
    expect(judge(await calls.end())).toEqual(NOTHING)
  }, 120_000)
})
