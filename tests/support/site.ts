import { createServer, type IncomingMessage } from 'node:http'
import { type OnLoopback, onLoopback } from './on-loopback.ts'

/** A site on loopback that serves what `answer` says, and remembers what it was asked. */
export interface Site extends OnLoopback {
  readonly asked: IncomingMessage[]
}

export interface SiteAnswer {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: string | Uint8Array
}

export async function startSite(answer: (request: IncomingMessage) => SiteAnswer | Promise<SiteAnswer>): Promise<Site> {
  const asked: IncomingMessage[] = []
  const server = createServer(async (request, response) => {
    asked.push(request)
    const { status = 200, headers = {}, body = '' } = await answer(request)
    response.writeHead(status, headers).end(body)
  })
  return { ...(await onLoopback(server)), asked }
}
