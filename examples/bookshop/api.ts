import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type Book, createBooks, fatten, type NewBook } from './books.ts'

/** A running bookshop. */
export interface BookshopApi {
  /** As the base URL of its document: `http://127.0.0.1:<port>/v1`. */
  readonly url: string
  readonly key: string
  close(): Promise<void>
}

export interface BookshopOptions {
  readonly key?: string
  readonly host?: string
  /** 0 takes a free one. */
  readonly port?: number
}

/** Starts the bookshop, by default on a free port of loopback: a small real HTTP API, described by specs/samples/bookshop.yaml. */
export async function startBookshop(options: BookshopOptions = {}): Promise<BookshopApi> {
  const { key = 'bookshop-demo-key', host = '127.0.0.1', port: wanted = 0 } = options
  const books = createBooks()
  const server = createServer((request, response) => {
    answer(request, response, books, key).catch(() => reply(response, 500, { title: 'Internal error' }))
  })
  await new Promise<void>((resolve) => server.listen(wanted, host, resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${host}:${port}/v1`,
    key,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  books: Map<number, Book>,
  key: string,
): Promise<void> {
  if (request.headers['x-api-key'] !== key)
    return reply(response, 401, { title: 'Unauthorized', detail: 'Send your key in X-API-Key.' })
  const url = new URL(request.url ?? '/', 'http://bookshop')
  if (url.pathname === '/v1/books') {
    if (request.method === 'GET') return reply(response, 200, search(books, url.searchParams))
    if (request.method === 'POST') return save(request, response, books, Math.max(0, ...books.keys()) + 1, 201)
  }
  const id = Number(/^\/v1\/books\/(\d+)$/.exec(url.pathname)?.[1])
  const book = books.get(id)
  if (!book) return reply(response, 404, { title: 'Not found', detail: `There is no book at ${url.pathname}.` })
  if (request.method === 'GET') return reply(response, 200, book)
  if (request.method === 'PUT') return save(request, response, books, id, 200)
  if (request.method !== 'DELETE') return reply(response, 405, { title: 'Method not allowed' })
  books.delete(id)
  response.writeHead(204).end()
}

async function save(
  request: IncomingMessage,
  response: ServerResponse,
  books: Map<number, Book>,
  id: number,
  status: number,
): Promise<void> {
  const given = JSON.parse(await text(request)) as Partial<NewBook>
  const { title, author, price } = given
  if (!title || !author || typeof price !== 'number') {
    return reply(response, 422, { title: 'Unprocessable', detail: 'A book needs a title, an author and a price.' })
  }
  const book = fatten({ ...given, title, author, price }, id)
  books.set(id, book)
  reply(response, status, book)
}

function search(books: Map<number, Book>, query: URLSearchParams) {
  const words = (query.get('q') ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const genres = query.get('genre')?.split(',')
  const most = Number(query.get('max_price') ?? Number.POSITIVE_INFINITY)
  const found = [...books.values()].filter(
    (book) =>
      words.every((word) => `${book.title} ${book.author}`.toLowerCase().includes(word)) &&
      (!query.get('author') || book.author === query.get('author')) &&
      (!genres || genres.includes(book.genre)) &&
      book.price <= most &&
      (query.get('in_stock') !== 'true' || book.stock > 0),
  )
  const page = Number(query.get('page') ?? 1)
  const size = Number(query.get('page_size') ?? 10)
  return { items: found.slice((page - 1) * size, page * size), page, page_size: size, total: found.length }
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  const type = status >= 400 ? 'application/problem+json' : 'application/json'
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body, null, 2))
}
