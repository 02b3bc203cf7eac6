import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../support/admin.ts'
import { type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { connectV2, type McpClient } from '../support/mcp-clients.ts'
import { ROOT } from '../support/spawned.ts'
import type { Started } from '../support/started.ts'
import { ACCOUNT, type Alertmanager, hasAlertmanager, startAlertmanager } from '../upstreams/alertmanager.ts'
import { hasPowerDns, startPowerDns } from '../upstreams/powerdns.ts'

// APIs that others wrote and that do something: a name server, and an Alertmanager behind TLS and a password. Each is called
// by a small document of our own, and by its whole one where the corpus lies beside this clone.

const CORPUS = join(ROOT, '..', 'shared', 'corpus', 'upstreams')
const documentsOf = (own: string, whole: string) =>
  [
    ['a small document', join(ROOT, 'tests', 'upstreams', own)],
    ['its whole document', join(CORPUS, whole)],
  ].filter(([, file]) => existsSync(file!)) as Array<[string, string]>

const POWERDNS_KEY = 'the-key-of-power-dns'
if (!hasPowerDns) console.log('PowerDNS is not installed (pdns-server, pdns-backend-sqlite3): nothing of it is proven.')
if (!hasAlertmanager) console.log('Alertmanager is not installed (prometheus-alertmanager): nothing of it is proven.')

let powerDns: Started | undefined
let alertmanager: Alertmanager | undefined
let home: GatewayHome
let gateway: GatewayProcess
beforeAll(async () => {
  powerDns = hasPowerDns ? await startPowerDns(POWERDNS_KEY) : undefined
  alertmanager = hasAlertmanager ? await startAlertmanager() : undefined
  home = await newHome('embedded')
  const trusted = join(home.dataDir, 'trusted.pem')
  writeFileSync(trusted, alertmanager?.certificate ?? '')
  gateway = await startGateway(home, alertmanager ? { NODE_EXTRA_CA_CERTS: trusted } : {})
})
afterAll(async () => {
  await gateway?.end('SIGTERM')
  await home?.remove()
  await powerDns?.close()
  await alertmanager?.close()
})

let count = 0
/** An upstream of its own by a document; its credential follows. */
async function importFor(of: GatewayProcess, file: string, baseUrl: string): Promise<Imported> {
  const upstream = `real-${++count}`
  const { status, body } = await ask(of, 'POST', `/imports?commit=true&server=${upstream}&upstream=${upstream}`, {
    text: readFileSync(file, 'utf8'),
    baseUrl,
    allow: [new URL(baseUrl).host],
    enable: 'all',
  })
  if (status !== 200) throw new Error(`the import answered ${status}: ${JSON.stringify(body)}`)
  const agent = await connectV2({ url: body.url, accessKey: body.accessKey }, { pin: '2026-07-28' })
  const set = async (scheme: string, credential: object) => {
    const path = `/upstreams/${upstream}/credentials/${scheme}`
    expect((await ask(of, 'PUT', path, credential)).body).toMatchObject({ scheme })
  }
  return { agent, set }
}

interface Imported {
  readonly agent: McpClient
  set(scheme: string, credential: object): Promise<void>
}

/** What a call answered, which must be well. */
async function answered(agent: McpClient, tool: string, args: Record<string, unknown>) {
  const { text, isError } = await agent.callTool(tool, args)
  expect([isError, text]).toEqual([false, expect.any(String)])
  return text
}

describe.skipIf(!hasPowerDns).each(documentsOf('powerdns.yaml', 'powerdns-4.7.3-served.yaml'))(
  'PowerDNS by %s',
  (_name, file) => {
    let dns: Imported
    beforeAll(async () => {
      dns = await importFor(gateway, file, powerDns!.url)
    })
    afterAll(() => dns?.agent.close())

    test('B152 without its key nothing is sent, and with a wrong one the call says who must do what', async () => {
      const first = await dns.agent.callTool('list_zones', { server_id: 'localhost' })
      expect(first).toEqual({ isError: true, text: expect.stringMatching(/X-API-Key.*sluice credential set/) })
      await dns.set('APIKeyHeader', { value: 'wrong' })
      const second = await dns.agent.callTool('list_zones', { server_id: 'localhost' })
      expect(second).toEqual({
        isError: true,
        text: expect.stringMatching(
          /answered 401\. The credential "APIKeyHeader" of upstream "real-\d+" .* set it again/,
        ),
      })
    })

    test('a zone is made, found, read and deleted', async () => {
      await dns.set('APIKeyHeader', { value: POWERDNS_KEY })
      const at = { server_id: 'localhost' }
      expect(JSON.parse(await answered(dns.agent, 'list_zones', at))).toEqual([])
      const zone = { name: 'books.test.', kind: 'Native', nameservers: ['ns1.books.test.'] }
      const made = await dns.agent.callTool('create_zone', { ...at, ...zone })
      expect([made.isError, JSON.parse(made.text)]).toMatchObject([false, { id: 'books.test.', kind: 'Native' }])
      expect(JSON.parse(await answered(dns.agent, 'list_zones', at))).toMatchObject([{ name: 'books.test.' }])
      const read = JSON.parse(await answered(dns.agent, 'list_zone', { ...at, zone_id: 'books.test.' }))
      expect(JSON.stringify(read.rrsets)).toContain('ns1.books.test.')
      expect(await answered(dns.agent, 'delete_zone', { ...at, zone_id: 'books.test.' })).toContain('204')
      expect(await dns.agent.callTool('list_zone', { ...at, zone_id: 'books.test.' })).toMatchObject({ isError: true })
    })
  },
)

describe.skipIf(!hasAlertmanager).each(documentsOf('alertmanager.yaml', 'alertmanager-0.25.0.yaml'))(
  'Alertmanager by %s',
  (_name, file) => {
    const basic = { placement: { type: 'http', scheme: 'basic' } }
    let alerts: Imported
    beforeAll(async () => {
      alerts = await importFor(gateway, file, alertmanager!.url)
    })
    afterAll(() => alerts?.agent.close())

    test('B152 with a wrong password the call says who must do what', async () => {
      await alerts.set('account', { ...ACCOUNT, password: 'wrong', ...basic })
      const { text, isError } = await alerts.agent.callTool('get_alerts', {})
      expect([isError, text]).toEqual([true, expect.stringMatching(/answered 401\. The credential .* set it again/)])
    })

    test('an alert is reported, found, silenced, and the silence ended', async () => {
      await alerts.set('account', { ...ACCOUNT, ...basic })
      const labels = { alertname: `Full${count}`, disk: 'sda' }
      expect(await alerts.agent.callTool('post_alerts', { body: [{ labels }] })).toMatchObject({ isError: false })
      const filter = [`alertname=${labels.alertname}`]
      expect(JSON.parse(await answered(alerts.agent, 'get_alerts', { filter }))).toMatchObject([{ labels }])
      const hour = (from: number) => new Date(Date.now() + from * 3_600_000).toISOString()
      const silence = {
        matchers: [{ name: 'alertname', value: labels.alertname, isRegex: false }],
        ...{ startsAt: hour(0), endsAt: hour(1), createdBy: 'an agent', comment: 'known' },
      }
      const { silenceID } = JSON.parse(await answered(alerts.agent, 'post_silences', silence))
      const shown = await answered(alerts.agent, 'get_silence', { silenceID })
      expect(JSON.parse(shown)).toMatchObject({ id: silenceID, comment: 'known' })
      expect(JSON.parse(await answered(alerts.agent, 'get_alerts', { filter, silenced: false }))).toEqual([])
      await answered(alerts.agent, 'delete_silence', { silenceID })
      const ended = JSON.parse(await answered(alerts.agent, 'get_silence', { silenceID }))
      expect(ended.status).toEqual({ state: 'expired' })
    })
  },
)

test.skipIf(!hasAlertmanager)(
  'B140 a certificate that nobody vouches for is refused, with what the operator can do',
  async () => {
    const other = await newHome('embedded')
    const strict = await startGateway(other)
    const [[, file]] = documentsOf('alertmanager.yaml', '') as [[string, string]]
    const { agent } = await importFor(strict, file, alertmanager!.url)
    expect(await agent.callTool('get_alerts', {})).toEqual({
      isError: true,
      text: expect.stringMatching(/self-signed\..*NODE_EXTRA_CA_CERTS/),
    })
    await agent.close()
    await strict.end('SIGTERM')
    await other.remove()
  },
)
