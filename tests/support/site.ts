import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A site on loopback that serves what `answer` says, and remembers what it was asked. */
export interface Site {
  readonly url: string
  readonly asked: IncomingMessage[]
  close(): Promise<void>
}

export interface SiteAnswer {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: string
}

export async function startSite(answer: (request: IncomingMessage) => SiteAnswer | Promise<SiteAnswer>): Promise<Site> {
  const asked: IncomingMessage[] = []
  const server = createServer(async (request, response) => {
    asked.push(request)
    const { status = 200, headers = {}, body = '' } = await answer(request)
    response.writeHead(status, headers).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
