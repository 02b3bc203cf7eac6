import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ask } from '../support/admin.ts'
import { type AnsweredCall, callOnce } from '../support/call-once.ts'
import {
  DATABASES,
  type GatewayHome,
  type GatewayProcess,
  INSTALLATION_KEY,
  newHome,
  startGateway,
} from '../support/gateway-process.ts'
import { type Site, startSite } from '../support/site.ts'
import { sluice } from '../support/spawned.ts'

// The master key is changed while agents call, and who is stopped in between goes on.

const DOCUMENT = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Closed', version: '1' },
  servers: [{ url: 'https://api.example.com' }],
  components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'x-key' } } },
  security: [{ key: [] }],
  paths: { '/thing': { get: { operationId: 'get_thing', responses: {} } } },
})
const SECRET = 'the-key-of-the-api'

/** Each starts a gateway several times. */
const STARTS_MS = 120_000

describe.each(DATABASES)('a change of the master key, on the %s database', { timeout: STARTS_MS }, (kind) => {
  let api: Site
  let home: GatewayHome
  let accessKey: string
  const running: GatewayProcess[] = []
  const keyFile = () => join(home.dataDir, 'master.key')
  const keys = () => readFileSync(keyFile(), 'utf8').trim().split('\n')
  const start = async (env: Record<string, string> = {}) => {
    const gateway = await startGateway(home, { SAME_CALLS_PER_MINUTE: '100000', ...env })
    running.push(gateway)
    return gateway
  }
  const rotate = ({ url, adminKey }: GatewayProcess) =>
    sluice(['keys', 'rotate'], { env: { SLUICE_URL: url, SLUICE_ADMIN_KEY: adminKey } })
  const call = ({ url }: GatewayProcess): Promise<AnsweredCall> =>
    callOnce(`${url}/mcp/closed`, accessKey, 'get_thing', {})

  const stopAll = async () => {
    for (const gateway of running.splice(0)) await gateway.end('SIGKILL').catch(() => {})
    await home.remove()
  }

  async function filled(env: Record<string, string> = {}) {
    const gateway = await start(env)
    const { body } = await ask(gateway, 'POST', '/imports?commit=true&server=closed&upstream=closed', {
      text: DOCUMENT,
      baseUrl: api.url,
      allow: [new URL(api.url).host],
      credential: { value: SECRET },
    })
    accessKey = body.accessKey
    const name = (n: number) => ({ name: `secret ${n}`, value: `v${n}`, origins: ['https://api.test'] })
    await Promise.all(Array.from({ length: 120 }, (_none, n) => ask(gateway, 'POST', '/secrets', name(n))))
    return gateway
  }

  /** Calls that go on until they are told to end. */
  function calling(gateways: readonly GatewayProcess[]) {
    const made: AnsweredCall[] = []
    let isOver = false
    const going = gateways.map(async (gateway) => {
      while (!isOver) made.push(await call(gateway))
    })
    return async () => {
      isOver = true
      await Promise.all(going)
      return made
    }
  }

  describe('a gateway that is started for it', () => {
    beforeEach(async () => {
      api = await startSite(({ headers }) => ({
        status: headers['x-key'] === SECRET ? 200 : 401,
        headers: { 'content-type': 'application/json' },
        body: '{"ok":true}',
      }))
      home = await newHome(kind)
    })
    afterEach(async () => {
      await stopAll()
      await api.close()
    })

    test('S41 no call fails while it is changed; afterwards the old key opens nothing, and the gateway says so', async () => {
      const gateway = await filled()
      const [old] = keys()
      const end = calling([gateway, gateway])
      const rotated = await rotate(gateway)
      expect(rotated).toMatchObject({ code: 0, stderr: '' })
      expect(rotated.stdout).toMatch(/^Sealed 12[1-9] secrets anew under the key [0-9a-f]{8}\./)
      const made = await end()
      expect(made.length).toBeGreaterThan(20)
      expect(made.filter(({ isError }) => isError)).toEqual([])
      expect(keys()).toHaveLength(1)
      expect(keys()[0]).not.toBe(old)
      expect(existsSync(`${keyFile()}.next`)).toBe(false)
      expect((await ask(gateway, 'GET', '/audit-events?action=master-key.rotate')).body.items).toHaveLength(1)
      expect(gateway.output.stdout).not.toContain(keys()[0]!)

      await gateway.end('SIGTERM')
      const [current] = keys()
      writeFileSync(keyFile(), `${old}\n`)
      await expect(start()).rejects.toThrow(/sealed with another master key/)
      writeFileSync(keyFile(), `${current}\n`)
      expect(await call(await start())).toMatchObject({ isError: false })
    })

    test('a gateway that is killed in between goes on at its next start', async () => {
      const gateway = await filled()
      const [old] = keys()
      const rotating = rotate(gateway)
      await expect.poll(() => keys().length, { interval: 10, timeout: 20_000 }).toBe(2)
      const begun = keys()
      expect(begun[1]).toBe(old)
      // It waits for others by now, or seals anew.
      await sleep(kind === 'embedded' ? 0 : 1500)
      await gateway.end('SIGKILL')
      expect(await rotating).toMatchObject({ code: 1 })
      const again = await start()
      const end = calling([again])
      await expect.poll(() => keys(), { timeout: 20_000 }).toEqual([begun[0]])
      expect((await end()).filter(({ isError }) => isError)).toEqual([])
      await again.end('SIGTERM')
      expect(await call(await start())).toMatchObject({ isError: false })
      // And once more, from there.
      expect(await rotate(running.at(-1)!)).toMatchObject({ code: 0 })
    })

    test('a configured key is not changed by itself: both are given, then the new one alone', async () => {
      const [old, next] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')]
      const first = await filled({ MASTER_KEY: old })
      const refused = await rotate(first)
      expect(refused).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('MASTER_KEY to OLD,NEW on every gateway'),
      })
      await first.end('SIGTERM')
      const second = await start({ MASTER_KEY: `${next},${old}` })
      expect(await call(second)).toMatchObject({ isError: false })
      expect(await rotate(second)).toMatchObject({ code: 0 })
      await second.end('SIGTERM')
      await expect(start({ MASTER_KEY: old })).rejects.toThrow(/sealed with another master key/)
      expect(await call(await start({ MASTER_KEY: next }))).toMatchObject({ isError: false })
    })

    test.runIf(kind === 'postgres')(
      'two gateways with one folder both seal and open meanwhile, whichever is asked',
      async () => {
        const one = await filled()
        const other = await start()
        const end = calling([one, other])
        const [first, second] = await Promise.all([rotate(one), rotate(other)])
        expect([first!.code, second!.code]).toEqual([0, 0])
        expect((await end()).filter(({ isError }) => isError)).toEqual([])
        await expect.poll(() => keys().length).toBe(1)
        const values = { name: 'made after', value: 'x', origins: ['https://api.test'] }
        expect((await ask(other, 'POST', '/secrets', values)).status).toBe(201)
        await one.end('SIGTERM')
        await other.end('SIGTERM')
        expect(await call(await start())).toMatchObject({ isError: false })
      },
    )
  })

  describe('one gateway that runs throughout', () => {
    let gateway: GatewayProcess
    beforeAll(async () => {
      home = await newHome(kind)
      gateway = await start({ INSTALLATION_KEY })
    })
    afterAll(stopAll)

    test('the new key that one has left behind at its end is not made the next one', async () => {
      const [old] = keys()
      writeFileSync(`${keyFile()}.next`, `${old}\n`)
      expect(await rotate(gateway)).toMatchObject({ code: 0 })
      expect(keys()).toEqual([expect.not.stringContaining(old!)])
      expect(existsSync(`${keyFile()}.next`)).toBe(false)
    })

    test.runIf(kind === 'postgres')('the old key stays until changes that began under it are done', async () => {
      const client = new pg.Client(home.env.DATABASE_URL)
      await client.connect()
      await client.query('begin')
      await client.query('select from workspaces for no key update')
      const rotating = rotate(gateway)
      try {
        await expect.poll(() => keys().length, { timeout: 20_000 }).toBe(2)
        const waiting = () =>
          client.query('select from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))')
        await expect.poll(async () => (await waiting()).rowCount, { timeout: 20_000 }).toBeGreaterThan(0)
        expect(keys()).toHaveLength(2)
        await client.query('commit')
      } finally {
        await client.end()
      }
      expect(await rotating).toMatchObject({ code: 0 })
      expect(keys()).toHaveLength(1)
    })

    test('a tenant’s owner may not', async () => {
      const installation = { url: gateway.url, adminKey: INSTALLATION_KEY }
      const { body } = await ask(installation, 'POST', '/workspaces', { name: 'Tenant' })
      const tenant = { url: gateway.url, adminKey: body.adminKey?.key ?? body.adminKey }
      expect((await ask(tenant, 'GET', '/me')).status).toBe(200)
      expect((await ask(tenant, 'POST', '/key-rotations')).status).toBe(403)
      expect(keys()).toHaveLength(1)
    })
  })
})
