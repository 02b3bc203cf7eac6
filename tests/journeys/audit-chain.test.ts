import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore } from '../../packages/store/src/open-store.ts'
import { MIGRATIONS } from '../../packages/store/src/testing/databases.ts'
import { ask } from '../support/admin.ts'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { type Finished, ROOT, sluice } from '../support/spawned.ts'

// What is done to the audit trail in the database, past Sluice, is told by the route, by the command and by the doctor.

describe.each(DATABASES)('S69: the audit trail, on the %s database', (kind) => {
  let home: GatewayHome
  let gateway: GatewayProcess
  let kept: string
  beforeAll(async () => {
    home = await newHome(kind)
    gateway = await startGateway(home)
  })
  afterAll(async () => {
    await gateway.end('SIGTERM')
    await home.remove()
  })

  const verified = async (query = '', key = gateway.adminKey) => {
    const { status, body } = await ask({ url: gateway.url, adminKey: key }, 'GET', `/audit-events/verification${query}`)
    expect(status).toBe(200)
    return body
  }
  const on = (...args: string[]): Promise<Finished> =>
    sluice(args, { env: { SLUICE_URL: gateway.url, SLUICE_ADMIN_KEY: gateway.adminKey } })
  const aSecret = (name: string) => ({ name, value: 'v', origins: ['https://api.example.com'] })

  /** Changes the database while no gateway runs, as somebody with its password or its folder can. */
  async function tamper(change: string): Promise<void> {
    await gateway.end('SIGTERM')
    const databaseUrl = home.env.DATABASE_URL
    const place = databaseUrl ? { databaseUrl } : { dataFolder: home.dataDir, snapshot: undefined }
    const store = await openStore({ ...place, migrationsFolder: MIGRATIONS } as Parameters<typeof openStore>[0])
    await store.db.execute(change)
    await store.close()
    gateway = await startGateway(home)
  }

  test('is whole after changes of every kind at once, for a viewer too, and for who kept its end', async () => {
    const viewer = (await ask(gateway, 'POST', '/admin-keys', { name: 'auditor', role: 'viewer' })).body.key
    await Promise.all(Array.from({ length: 8 }, (_, n) => ask(gateway, 'POST', '/secrets', aSecret(`s${n}`))))
    const { end, ...rest } = await verified('', viewer)
    // The key of the first start, the viewer's and the secrets.
    expect(rest).toEqual({ intact: true, events: 10, earlier: 0, fault: null })
    await ask(gateway, 'POST', '/secrets', aSecret('later'))
    expect(await verified(`?kept=${end}`)).toMatchObject({ intact: true, events: 11 })
    kept = end
    expect((await ask(gateway, 'GET', '/audit-events/verification?kept=11')).status).toBe(400)
    const told = await on('audit', 'verify', '--kept', end)
    expect(told).toMatchObject({ code: 0, stderr: '' })
    expect(told.stdout).toMatch(
      /^The audit trail is whole: 11 events\.\nIts end, to keep elsewhere: 11:[0-9a-f]{64}\n$/,
    )
    expect((await on('audit', '--limit', '1')).stdout).toContain('secret.create')
    expect((await on('doctor')).stdout).toContain('✓ The audit trail is as it was written: 11 events')
  })

  test('with an end that was set back refuses every change, until the page’s command takes the newest event as the end', async () => {
    await tamper(
      `update audit_heads set (sequence, hash) = (select sequence, hash from audit_events where sequence = 8)`,
    )
    const { fault } = await verified()
    expect(fault).toMatchObject({ kind: 'added', sequence: 9 })
    expect((await on('audit', 'verify')).stdout).toContain(fault.detail)
    expect((await ask(gateway, 'POST', '/secrets', aSecret('refused'))).status).toBe(503)

    const page = readFileSync(join(ROOT, 'docs/how-to/back-up-and-restore.md'), 'utf8')
    const [, command] = /^```sql\n([\s\S]*?)^```/m.exec(page)!
    await tamper(command!.replace(`'WORKSPACE'`, '(select id from workspaces)'))
    expect(await verified(`?kept=${kept}`)).toMatchObject({ intact: true, events: 11 })
    expect((await ask(gateway, 'POST', '/secrets', aSecret('taken'))).status).toBe(201)
    expect(await verified()).toMatchObject({ intact: true, events: 12 })
  })

  test('is broken where an event was edited', async () => {
    await tamper(`update audit_events set actor = 'ak_else' where sequence = 5`)
    const { fault, ...rest } = await verified()
    expect({ ...rest, fault }).toMatchObject({ intact: false, end: null, fault: { kind: 'edited', sequence: 5 } })
    const told = await on('audit', 'verify')
    expect(told).toMatchObject({ code: 1, stderr: '' })
    expect(told.stdout).toBe(`The audit trail is broken. ${fault.detail}\nWhat stands there: ${fault.event}\n`)
    const asJson = await on('audit', 'verify', '--json')
    expect([asJson.code, JSON.parse(asJson.stdout).fault]).toEqual([1, fault])
    const doctor = await on('doctor')
    expect(doctor.code).toBe(1)
    expect(doctor.stdout).toContain('✗ The audit trail is broken. Event 5 is not what was written there')
  })

  test('says of one with a new end that it is whole, unless an end was kept', async () => {
    await tamper(`delete from audit_events`)
    expect((await verified()).fault).toMatchObject({ kind: 'cut-off', sequence: 1 })
    await tamper(`delete from audit_heads`)
    expect(await verified()).toMatchObject({ intact: true, events: 0 })
    expect((await verified(`?kept=${kept}`)).fault).toMatchObject({ kind: 'cut-off', sequence: 1 })
    expect((await ask(gateway, 'POST', '/secrets', aSecret('goes-on'))).status).toBe(201)
  })
})
