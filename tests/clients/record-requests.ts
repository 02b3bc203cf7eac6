import { createServer, type IncomingMessage } from 'node:http'
import { type OnLoopback, onLoopback } from '../support/on-loopback.ts'
import { passOn } from '../support/pass-on.ts'
import { parsed } from './parsed.ts'

/** A message that went to the gateway, and what came back. */
export interface Exchange {
  readonly message: Message
  /** Empty as long as nothing came. */
  answer: string
}

interface Message {
  readonly method?: string
  readonly params?: {
    readonly name?: string
    readonly arguments?: unknown
    readonly _meta?: Readonly<Record<string, unknown>>
  }
}

/** The MCP URL under another address: what goes over it is passed on as it is, and kept. */
export interface Recorder extends OnLoopback {
  readonly exchanges: readonly Exchange[]
}

export async function recordRequests(url: string): Promise<Recorder> {
  const target = new URL(url)
  const exchanges: Exchange[] = []
  const server = createServer((request, response) => {
    const sent: Buffer[] = []
    request.on('data', (chunk: Buffer) => sent.push(chunk))
    passOn(request, response, new URL(request.url!, target), { ...request.headers, host: target.host }, (answer) => {
      if (request.method === 'POST' && request.url === target.pathname) exchanges.push(keep(sent, answer))
    })
  })
  const { url: own, close } = await onLoopback(server)
  return { url: `${own}${target.pathname}`, close, exchanges }
}

function keep(sent: readonly Buffer[], answer: IncomingMessage): Exchange {
  const message = (parsed(Buffer.concat(sent).toString()) ?? {}) as Message
  const exchange: Exchange = { message, answer: '' }
  const chunks: Buffer[] = []
  answer.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    exchange.answer = Buffer.concat(chunks).toString()
  })
  return exchange
}

/** The revision that calls were made by: the one each names, or before 2026-07-28 the one that the gateway answered `initialize` with. */
export function revisionOf(exchanges: readonly Exchange[]): string | undefined {
  const call = exchanges.findLast(({ message }) => message.method === 'tools/call')
  const named = call?.message.params?._meta?.['io.modelcontextprotocol/protocolVersion']
  if (typeof named === 'string') return named
  const begun = exchanges.findLast(({ message }) => message.method === 'initialize')
  return /"protocolVersion":"([^"]+)"/.exec(begun?.answer ?? '')?.[1]
}
