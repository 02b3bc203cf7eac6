import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { importBookshop } from '../support/admin.ts'
import { freePort } from '../support/free-port.ts'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { installed } from '../support/installed.ts'
import { ROOT } from '../support/spawned.ts'
import { type Started, started } from '../support/started.ts'

// The proxy that compose has, with a certificate that it made itself, before two gateways.

const CADDY = installed('caddy')
const isThere = CADDY !== undefined && DATABASES.includes('postgres')
if (!isThere) console.log('Caddy or PostgreSQL is not installed: the proxy of compose is not tested.')

describe.runIf(isThere)('two gateways behind Caddy', () => {
  let shop: BookshopApi
  let home: GatewayHome
  let folder: string
  let caddy: Started
  let url: string
  let accessKey: string
  const gateways: GatewayProcess[] = []

  beforeAll(async () => {
    shop = await startBookshop()
    home = await newHome('postgres')
    folder = mkdtempSync(join(tmpdir(), 'sluice-caddy-'))
    url = `https://localhost:${await freePort()}`
    const ports = [await freePort(), await freePort()]
    for (const port of ports)
      gateways.push(await startGateway(home, { PUBLIC_URL: url, STOP_DELAY_MS: '2000', PORT: String(port) }))
    // What these tests may not take of the machine: its port 80, its list of authorities, the port of Caddy's own API.
    const ours = `http_port ${await freePort()}\nskip_install_trust\nadmin off`
    const file = join(folder, 'Caddyfile')
    writeFileSync(file, `{\n${ours}\n}\nimport ${join(ROOT, 'scripts', 'Caddyfile')}\n`)
    const settings = {
      SITE: url,
      GATEWAYS: ports.map((port) => `127.0.0.1:${port}`).join(' '),
      XDG_DATA_HOME: folder,
      XDG_CONFIG_HOME: folder,
    }
    const env = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
    const command = ['/usr/bin/env', ...env, CADDY!, 'run', '--config', file, '--adapter', 'caddyfile']
    caddy = await started(
      url,
      () => command,
      async () => (await asked('GET', '/health/ready', '')).status === 200,
    )
    const direct = { url: `http://127.0.0.1:${ports[0]}`, adminKey: gateways[0]!.adminKey }
    accessKey = (await importBookshop(direct, shop)).accessKey!
  }, 60_000)
  afterAll(async () => {
    await caddy.close()
    await Promise.all(gateways.map(({ end }) => end('SIGKILL')))
    await home.remove()
    await shop.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Over TLS, trusting nobody but the authority that Caddy made. */
  function asked(method: string, path: string, body: string): Promise<{ status: number; text: string }> {
    const ca = readFileSync(join(folder, 'caddy/pki/authorities/local/root.crt'))
    const headers = {
      authorization: `Bearer ${accessKey}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'content-length': Buffer.byteLength(body),
    }
    return new Promise((resolve, reject) => {
      const sent = request(`${url}${path}`, { method, headers, ca, agent: false }, async (response) => {
        const text = (await response.setEncoding('utf8').toArray()).join('')
        resolve({ status: response.statusCode!, text })
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }
  const call = () => {
    const params = { name: 'search_books', arguments: {} }
    return asked('POST', '/mcp/bookshop', JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }))
  }

  test('a call over TLS is answered, under the name that clients use', async () => {
    await expect.poll(async () => (await call()).status).toBe(200)
    expect(JSON.parse((await call()).text).result.isError).toBe(false)
  })

  test('while one is told to end, each call is answered by the other', async () => {
    const ended = gateways.shift()!.end('SIGTERM')
    const statuses: number[] = []
    const until = Date.now() + 3_500
    while (Date.now() < until) statuses.push((await call()).status)
    expect(await ended).toBe(0)
    expect(new Set(statuses)).toEqual(new Set([200]))
  })
})
