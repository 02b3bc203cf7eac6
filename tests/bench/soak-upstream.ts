import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { onLoopback } from '../support/on-loopback.ts'

type Answer = (response: ServerResponse, request: IncomingMessage) => void

/** What can go wrong with an answer, and what is right with it; how often of a hundred calls. */
export const FAULTS: Readonly<Record<string, readonly [weight: number, answer: Answer]>> = {
  none: [36, (response) => json(response, ITEMS)],
  large: [3, (response) => json(response, LARGE)],
  empty: [2, (response) => response.writeHead(204).end()],
  hints: [2, (response) => response.writeEarlyHints({ link: '</a.css>; rel=preload' }, () => json(response, ITEMS))],
  slow: [5, (response) => setTimeout(() => json(response, ITEMS), 400)],
  drip: [3, drip],
  hangs: [3, () => {}],
  'hangs in its body': [2, (response) => response.writeHead(200, { ...JSON_TYPE, 'content-length': '500' }).write('{')],
  'drip without end': [1, (response) => dripForEver(response)],
  reset: [4, (response) => response.socket?.resetAndDestroy()],
  'reset in its body': [3, (response) => half(response, () => response.socket?.resetAndDestroy())],
  truncated: [3, (response) => half(response, () => response.socket?.end())],
  'closes after it': [4, (response) => json(response, ITEMS, () => setImmediate(() => response.socket?.destroy()))],
  500: [3, (response) => fails(response, 500)],
  502: [3, (response) => fails(response, 502)],
  503: [3, (response) => fails(response, 503)],
  '503, 1 s': [2, (response) => fails(response, 503, '1')],
  429: [2, (response) => fails(response, 429, '1')],
  '429, absurd': [2, (response) => fails(response, 429, '99999999999')],
  401: [1, (response) => fails(response, 401)],
  'redirect loop': [2, (response, { url }) => response.writeHead(302, { location: url! }).end()],
  huge: [1, (response) => json(response, HUGE)],
  'gzip bomb': [2, (response) => response.writeHead(200, GZIP).end(BOMB)],
  'no gzip': [2, (response) => response.writeHead(200, GZIP).end('this is no gzip')],
  'broken JSON': [3, (response) => response.writeHead(200, JSON_TYPE).end('{"items": [{"id": 1,')],
  'a page': [3, (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Log in</h1>')],
}

/** The real HTTP server that answers as a call asks it to, and counts what arrives. */
export interface FaultyUpstream {
  readonly url: string
  /** An origin that only fails. */
  readonly downUrl: string
  /** How often each call's request came, by its identifier. */
  readonly arrived: ReadonlyMap<string, number>
  /** Called once, when the first request of that call is here. */
  onArrival(id: string, then: () => void): void
  close(): Promise<void>
}

/** `GET` and `POST` of `/things/{id}?fault=…`. */
export async function startFaultyUpstream(): Promise<FaultyUpstream> {
  const arrived = new Map<string, number>()
  const waiting = new Map<string, () => void>()
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://upstream')
    const id = pathname.split('/').at(-1)!
    arrived.set(id, (arrived.get(id) ?? 0) + 1)
    request.resume()
    response.on('error', () => {})
    FAULTS[searchParams.get('fault') ?? 'none']![1](response, request)
    waiting.get(id)?.()
    waiting.delete(id)
  })
  const down = createServer((_request, response) => fails(response, 503))
  const [things, nothing] = await Promise.all([onLoopback(server), onLoopback(down)])
  return {
    url: things.url,
    downUrl: nothing.url,
    arrived,
    onArrival: (id, then) => waiting.set(id, then),
    close: async () => void (await Promise.all([things.close(), nothing.close()])),
  }
}

const JSON_TYPE = { 'content-type': 'application/json' }
const GZIP = { ...JSON_TYPE, 'content-encoding': 'gzip' }
const itemsOf = (count: number) =>
  JSON.stringify({
    items: Array.from({ length: count }, (_, id) => ({ id, name: `name ${id}`, note: 'a text that is left out' })),
  })
const ITEMS = itemsOf(30)
const LARGE = itemsOf(10_000)
/** More than is read of any answer. */
const HUGE = itemsOf(200_000)
const BOMB = gzipSync(Buffer.alloc(64 * 1024 * 1024))

function json(response: ServerResponse, body: string, then?: () => void): void {
  response.writeHead(200, { ...JSON_TYPE, 'content-length': Buffer.byteLength(body) }).end(body, then)
}

function fails(response: ServerResponse, status: number, retryAfter?: string): void {
  response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end('not now')
}

function half(response: ServerResponse, then: () => void): void {
  response.writeHead(200, { ...JSON_TYPE, 'content-length': Buffer.byteLength(ITEMS) })
  response.write(ITEMS.slice(0, 200), then)
}

function drip(response: ServerResponse): void {
  response.writeHead(200, JSON_TYPE)
  const parts = ITEMS.match(/.{1,400}/g)!
  parts.forEach((part, at) => {
    setTimeout(() => (at === parts.length - 1 ? response.end(part) : response.write(part)), at * 40)
  })
}

function dripForEver(response: ServerResponse): void {
  response.writeHead(200, JSON_TYPE)
  const timer = setInterval(() => response.write(' '), 100)
  response.on('close', () => clearInterval(timer))
}
