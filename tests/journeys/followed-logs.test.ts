import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, listAll } from '../support/admin.ts'
import { callOnce } from '../support/call-once.ts'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { type OnLoopback, onLoopback } from '../support/on-loopback.ts'
import { passOn } from '../support/pass-on.ts'
import { type Site, startSite } from '../support/site.ts'
import { spawned } from '../support/spawned.ts'

// `sluice logs --follow` through a network that breaks.

const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer' } }
const documentOf = (url: string) => ({
  openapi: '3.1.0',
  info: { title: 'Orders', version: '1' },
  servers: [{ url }],
  paths: { '/orders/{id}': { get: { operationId: 'get_order', parameters: [id], responses: {} } } },
})

describe.each(DATABASES)('a followed record, on the %s database', (kind) => {
  let [api, home, gateway] = [] as unknown as [Site, GatewayHome, GatewayProcess]
  let door: OnLoopback & { isOpen: boolean; cut: () => void; asked: string[] }
  let accessKey: string
  let release: () => void
  beforeAll(async () => {
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    api = await startSite(async ({ url }) => {
      if (url === '/orders/1') await released
      return { headers: { 'content-type': 'application/json' }, body: '{}' }
    })
    home = await newHome(kind)
    gateway = await startGateway(home)
    const document = { text: JSON.stringify(documentOf(api.url)), allow: [new URL(api.url).host] }
    const answer = await ask(gateway, 'POST', '/imports?commit=true&server=orders&upstream=orders', document)
    accessKey = answer.body.accessKey
    const { host } = new URL(gateway.url)
    const server = createServer((request, response) => {
      door.asked.push(request.url!)
      if (door.isOpen) passOn(request, response, new URL(request.url!, gateway.url), { ...request.headers, host })
      else request.destroy()
    })
    const cut = () => {
      door.isOpen = false
      server.closeAllConnections()
    }
    door = Object.assign(await onLoopback(server), { isOpen: true, cut, asked: [] })
  })
  afterAll(async () => {
    await door.close()
    await gateway.end('SIGTERM')
    await home.remove()
    await api.close()
  })

  const call = (order: number) => callOnce(`${gateway.url}/mcp/orders`, accessKey, 'get_order', { id: order })

  test('tells each call once, those too that ended while nobody listened and those that had begun long before', async () => {
    const following = spawned(['logs', '--follow', '--json'], {
      SLUICE_URL: door.url,
      SLUICE_ADMIN_KEY: gateway.adminKey,
    })
    const told = () =>
      following.output.stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).id as string)
    await expect.poll(() => door.asked.some((path) => path.includes('/tail')), POLL).toBe(true)
    const slow = call(1)
    await call(2)
    await call(3)
    await expect.poll(() => told().length, POLL).toBe(2)
    door.cut()
    release()
    await slow
    for (const order of [4, 5]) await call(order)
    await expect.poll(async () => (await listAll(gateway, '/calls')).length, POLL).toBe(5)
    door.asked.length = 0
    door.isOpen = true
    await expect.poll(() => told().length, POLL).toBe(5)
    await call(6)
    await expect.poll(() => told().length, POLL).toBe(6)
    const recorded = (await listAll(gateway, '/calls')).map((one) => one.id)
    expect(told().toSorted()).toEqual(recorded.toSorted())
    expect(door.asked.find((path) => path.includes('/tail'))).toContain(`after=${told()[1]}`)
    await following.end('SIGINT')
  })
})

const POLL = { timeout: 20_000, interval: 100 }
