import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** What the API keeps of any kind. */
export interface Thing {
  readonly id: number
  readonly name: string
  readonly status: string
  readonly [field: string]: unknown
}

/** A running depot. */
export interface DepotApi {
  readonly url: string
  /** All things of a kind, by the last part of its path. */
  things(many: string): readonly Thing[]
  /** As it was at the start. */
  reset(): void
  close(): Promise<void>
}

type Shelves = Map<string, Map<number, Thing>>

/** Starts a real HTTP API with five operations for each kind of thing, as `makeDocument` describes them; on a free port of loopback. */
export async function startDepot(): Promise<DepotApi> {
  let shelves = filled()
  const server = createServer((request, response) => {
    answer(request, response, shelves).catch(() => reply(response, 500, { title: 'Internal error' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    things: (many) => [...(shelves.get(many)?.values() ?? [])],
    reset: () => {
      shelves = filled()
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const CUSTOMERS = ['Mary Shelley', 'Ada Lovelace', 'Jane Austen']

/** Some customers, and eight orders of each: three of them are open. */
function filled(): Shelves {
  const customers = CUSTOMERS.map((name, at) => ({ id: 4_100 + 7 * at, name, status: 'open' }))
  const orders = Array.from({ length: 8 * customers.length }, (_, at) => ({
    id: 90_210 + 13 * at,
    name: `Order ${at + 1}`,
    status: ['open', 'done', 'done'][Math.floor(at / customers.length) % 3]!,
    customer_id: customers[at % customers.length]!.id,
  }))
  const byId = (things: readonly Thing[]) => new Map(things.map((thing) => [thing.id, thing]))
  return new Map([
    ['customers', byId(customers)],
    ['orders', byId(orders)],
  ])
}

async function answer(request: IncomingMessage, response: ServerResponse, shelves: Shelves): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://depot')
  const [, many = '', id] = url.pathname.split('/')
  const shelf = shelves.get(many) ?? new Map<number, Thing>()
  shelves.set(many, shelf)
  if (id === undefined) {
    if (request.method === 'GET') return reply(response, 200, filter([...shelf.values()], url.searchParams))
    const next = Math.max(0, ...shelf.keys()) + 1
    return keep(response, shelf, { name: '', status: 'open', ...(await sent(request)), id: next })
  }
  const thing = shelf.get(Number(id))
  if (!thing) return reply(response, 404, { title: 'Not found', detail: `There is nothing at ${url.pathname}.` })
  if (request.method === 'GET') return reply(response, 200, thing)
  if (request.method === 'PATCH') return keep(response, shelf, { ...thing, ...(await sent(request)), id: thing.id })
  shelf.delete(thing.id)
  response.writeHead(204).end()
}

async function sent(request: IncomingMessage): Promise<Partial<Thing>> {
  return (await json(request)) as Partial<Thing>
}

function keep(response: ServerResponse, shelf: Map<number, Thing>, thing: Thing): void {
  shelf.set(thing.id, thing)
  reply(response, 200, thing)
}

function filter(things: readonly Thing[], query: URLSearchParams): readonly Thing[] {
  const { limit, ...wanted } = Object.fromEntries(query)
  return things
    .filter((thing) => Object.entries(wanted).every(([field, value]) => String(thing[field]) === value))
    .slice(0, limit === undefined ? 50 : Number(limit))
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
