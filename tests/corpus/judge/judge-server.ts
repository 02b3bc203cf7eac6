import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HttpRequest } from '@sluice/contract'
import type { Judge, JudgedRequest, Violation } from './judge.ts'

/** What came over the wire. */
export interface Received {
  readonly method: string
  /** Path and query as sent, without the prefix of the base URL. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** How a request was judged. */
export interface Verdict {
  readonly violations: readonly Violation[]
  readonly received: Received
}

/** A real HTTP server that lets a judge look at what it receives. */
export interface JudgeServer {
  readonly baseUrl: string
  /** Sends a request to the server and says what the judge had against it. */
  readonly ask: (request: HttpRequest, judge: Judge) => Promise<Verdict>
  readonly close: () => Promise<void>
}

export async function startJudgeServer(): Promise<JudgeServer> {
  let judge: Judge = () => []
  let verdict: Verdict | undefined
  const server = createServer({ maxHeaderSize: 256 * 1024 }, async (request, reply) => {
    const received = await receive(request)
    verdict = { received, violations: await judgeSafely(judge, received) }
    reply.writeHead(verdict.violations.length > 0 ? 422 : 200).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    baseUrl: `http://127.0.0.1:${port}${PREFIX}`,
    ask: async (request, one) => {
      judge = one
      verdict = undefined
      const status = await exchange(request, agent).catch((error: unknown) => {
        // A server may close a connection just when the next request starts on it: RFC 9112 9.3.1.
        if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error
        return exchange(request, agent)
      })
      if (!verdict) throw new Error(`The request did not get through HTTP: ${status}`)
      return verdict
    },
    close: async () => {
      agent.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The base URL has a path, as most have: it must stay before the operation's. */
const PREFIX = '/base'

/** Writes the request as it is: a client that corrects URLs would hide what was wrong with them. */
async function exchange({ method, url, headers, body }: HttpRequest, agent: Agent): Promise<number> {
  const [, origin, target] = /^(http:\/\/[^/]+)(.*)$/.exec(url)!
  const { hostname, port } = new URL(origin!)
  const sent = send({
    agent,
    method,
    hostname,
    port,
    path: target!,
    headers: [
      ...headers.flat(),
      ...(body ? ['content-length', String(Buffer.byteLength(body))] : []),
      'host',
      `${hostname}:${port}`,
    ],
  })
  sent.end(body)
  const [reply] = (await once(sent, 'response')) as [IncomingMessage]
  reply.resume()
  await once(reply, 'end')
  return reply.statusCode!
}

async function receive(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)])
  return {
    method: request.method!,
    target: request.url!.slice(PREFIX.length),
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks),
  }
}

/** What throws has no verdict: it is told apart from a refusal. */
async function judgeSafely(judge: Judge, received: Received): Promise<readonly Violation[]> {
  try {
    return await judge(asPrismReads(received))
  } catch (error) {
    return [{ code: 'judge-threw', message: error instanceof Error ? error.message : String(error) }]
  }
}

/** The same reading as in Prism's own server: JSON by its media type, all else as text. */
function asPrismReads({ method, target, headers, body }: Received): JudgedRequest {
  const { pathname, searchParams } = new URL(target, 'http://example.com')
  const names = [...new Set(searchParams.keys())]
  const query = names.map((name) => {
    const values = searchParams.getAll(name)
    return [name, values.length === 1 ? values[0]! : values] as const
  })
  const isJson = /^application\/([^;]*\+)?json\b/i.test(headers['content-type'] ?? '')
  const text = body.toString('utf8')
  return {
    method: method.toLowerCase(),
    url: { path: pathname, query: Object.fromEntries(query) },
    headers,
    body: body.length === 0 ? null : isJson ? JSON.parse(text) : text,
    bytes: body,
  }
}
