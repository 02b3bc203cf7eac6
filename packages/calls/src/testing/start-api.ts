import { createServer, type IncomingMessage, request as sendOver } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HeaderList, HttpResponse, Send } from '@sluice/contract'

export interface ApiAnswer {
  readonly status?: number
  readonly headers?: Record<string, string | string[]>
  readonly body?: string
}

export interface Api {
  readonly url: string
  readonly asked: IncomingMessage[]
  /** Over a real connection, without the door's guards. */
  readonly send: Send
  close(): Promise<void>
}

/** An API on loopback that answers as it is told to, by default JSON with the number of the request. */
export async function startApi(answer: (request: IncomingMessage) => ApiAnswer | undefined): Promise<Api> {
  const asked: IncomingMessage[] = []
  const server = createServer((request, response) => {
    asked.push(request)
    const { status = 200, headers = {}, body = JSON.stringify({ n: asked.length }) } = answer(request) ?? {}
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    send,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const send: Send = ({ method, url, headers, body }) =>
  new Promise((resolve, reject) => {
    const sending = sendOver(
      url,
      { method, headers: ['host', new URL(url).host, ...headers.flat()] },
      async (response) => {
        const parts: Buffer[] = []
        for await (const part of response) parts.push(part)
        const answer: HttpResponse = {
          status: response.statusCode!,
          headers: pairsOf(response.rawHeaders),
          body: Buffer.concat(parts),
        }
        resolve(answer)
      },
    )
    sending.on('error', reject).end(body)
  })

function pairsOf(raw: readonly string[]): HeaderList {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1]!] as const] : []))
}
