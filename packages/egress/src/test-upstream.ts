import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import type { HttpRequest, HttpResponse, SendLimits } from '@sluice/contract'
import { onTestFinished } from 'vitest'
import { createEgress, type Egress, type EgressOptions } from './create-egress.ts'

/** A real server on loopback that lives as long as the test that asked for it. */
export interface TestUpstream {
  readonly url: string
  readonly port: number
  readonly requests: IncomingMessage[]
  /** TCP connections accepted so far. */
  connections(): number
}

export async function testUpstream(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  { host = '127.0.0.1', port = 0 } = {},
): Promise<TestUpstream> {
  const requests: IncomingMessage[] = []
  const listener: RequestListener = (request, response) => {
    requests.push(request)
    answer(request, response)
  }
  return { ...(await serve(createServer({ keepAliveTimeout: 60_000 }, listener), host, port)), requests }
}

/** A server that speaks whatever `onConnection` writes. */
export async function testSocket(onConnection: (socket: Socket) => void): Promise<Omit<TestUpstream, 'requests'>> {
  return await serve(
    createTcpServer((socket) => {
      socket.on('error', () => {})
      onConnection(socket)
    }),
    '127.0.0.1',
    0,
  )
}

/** A server of any kind, closed with its connections when the test ends. */
export async function serve(server: Server, host: string, port: number): Promise<Omit<TestUpstream, 'requests'>> {
  const sockets = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket: Socket) => {
    connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  })
  const bound = (server.address() as AddressInfo).port
  return { url: `http://${host}:${bound}`, port: bound, connections: () => connections }
}

/** An egress that is closed when the test ends. `allow` defaults to loopback, so that tests reach their upstreams. */
export function testEgress(options: Partial<EgressOptions> = {}): Egress {
  const egress = createEgress({ allow: ['127.0.0.1'], allowSetting: 'EGRESS_ALLOW', ...options })
  onTestFinished(() => egress.close())
  return egress
}

/** Generous limits: a test that hangs is ended by them. */
export function testLimits(limits: Partial<SendLimits> = {}): SendLimits {
  return { allow: [], deadline: Date.now() + 20_000, maxBytes: 1_000_000, ...limits }
}

export function get(url: string, headers: HttpRequest['headers'] = []): HttpRequest {
  return { method: 'GET', url, headers }
}

export function text(response: HttpResponse): string {
  return Buffer.from(response.body).toString()
}
