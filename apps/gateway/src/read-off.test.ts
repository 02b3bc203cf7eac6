import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { readOff } from './read-off.ts'

describe('a body that is refused', () => {
  const open: Array<{ close: () => void }> = []
  afterEach(() => {
    for (const one of open.splice(0)) one.close()
  })

  /** A request whose head announces `length` bytes, and its client. */
  async function begun(length: number): Promise<{ request: IncomingMessage; client: Socket }> {
    const server = createServer()
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
    open.push({ close: () => server.close() }, { close: () => client.destroy() })
    client.on('error', () => {})
    client.write(`POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${length}\r\n\r\n`)
    const [request] = (await once(server, 'request')) as [IncomingMessage]
    return { request, client }
  }

  test('is read to its end before the client is answered', async () => {
    const { request, client } = await begun(1_000_000)
    const read = readOff(request)
    client.write(Buffer.alloc(1_000_000))
    await read
    expect(request.complete).toBe(true)
    await readOff(request)
  })

  test('is read on while it comes, however slowly', async () => {
    const { request, client } = await begun(100)
    const read = readOff(request, { mostIdleMs: 300 })
    const drops = setInterval(() => client.write('x'.repeat(10)), 50)
    await read
    clearInterval(drops)
    expect(request.complete).toBe(true)
  })

  test('is left where there is more of it than is read off', async () => {
    const { request, client } = await begun(10_000_000)
    const read = readOff(request, { mostBytes: 100_000 })
    client.write(Buffer.alloc(400_000))
    await read
    expect(request.complete).toBe(false)
  })

  test('is not waited for when its client writes no more, or is gone', async () => {
    const slow = await begun(1_000)
    await readOff(slow.request, { mostIdleMs: 20, mostMs: 1_000_000 })
    expect(slow.request.complete).toBe(false)
    const dripping = await begun(1_000)
    const drops = setInterval(() => dripping.client.write('x'), 5)
    await readOff(dripping.request, { mostMs: 50, mostIdleMs: 1_000_000 })
    clearInterval(drops)
    expect(dripping.request.complete).toBe(false)
    const gone = await begun(1_000)
    const read = readOff(gone.request)
    gone.client.destroy()
    await read
  })
})
