import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { importBookshop } from '../support/admin.ts'
import { type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { connectV2, type Endpoint } from '../support/mcp-clients.ts'

// Who opens connections and says little on them.

const IDLE = 200
const SLOW = 20

let shop: BookshopApi
let home: GatewayHome
let gateway: GatewayProcess
let endpoint: Endpoint
const sockets: Socket[] = []
beforeAll(async () => {
  shop = await startBookshop()
  home = await newHome('embedded')
  gateway = await startGateway(home)
  endpoint = (await importBookshop(gateway, shop)) as Endpoint
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await gateway.end('SIGTERM')
  await home.remove()
  await shop.close()
})

/** Connections to the gateway on which no more than this was sent. */
async function opened(count: number, sent = ''): Promise<Socket[]> {
  const { hostname, port } = new URL(gateway.url)
  const those = Array.from({ length: count }, () => connect(Number(port), hostname))
  sockets.push(...those)
  await Promise.all(those.map((socket) => once(socket, 'connect')))
  if (sent) for (const socket of those) socket.write(sent)
  return those
}

const isOpen = (socket: Socket) => !socket.destroyed && socket.readyState === 'open'

test('S71 connections on which nothing is asked, and requests that never end, keep nobody else from an answer', async () => {
  const head = `POST /mcp/bookshop HTTP/1.1\r\nhost: ${new URL(gateway.url).host}\r\n`
  const idle = await opened(IDLE)
  const inHeaders = await opened(SLOW, `${head}x-slow: `)
  const bearer = `authorization: Bearer ${endpoint.accessKey}\r\ncontent-type: application/json\r\n`
  const inBody = await opened(SLOW, `${head}${bearer}accept: application/json\r\ncontent-length: 1000\r\n\r\n{"json`)

  const agent = await connectV2(endpoint, { pin: '2026-07-28' })
  for (let n = 1; n <= 5; n++) {
    for (const socket of [...inHeaders, ...inBody]) socket.write('x')
    expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200)
    expect(await agent.callTool('get_book', { book_id: n })).toMatchObject({ isError: false })
  }
  await agent.close()
  // All of them were there the whole time.
  expect([...idle, ...inHeaders, ...inBody].filter(isOpen)).toHaveLength(IDLE + 2 * SLOW)
})

test('S71 headers past 16 kB are refused, and the connection with them', async () => {
  const [flood] = await opened(1, `GET /health/live HTTP/1.1\r\nx-large: ${'x'.repeat(20_000)}\r\n\r\n`)
  const [answer] = await once(flood!, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1\.1 431 /)
  await once(flood!, 'close')
})
