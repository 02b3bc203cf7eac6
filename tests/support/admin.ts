import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ImportReport } from '@sluice/contract'
import type { BookshopApi } from '../../examples/bookshop/api.ts'
import { ROOT } from './spawned.ts'

export const BOOKSHOP_SPEC = join(ROOT, 'specs', 'samples', 'bookshop.yaml')

/** An answer of the admin API. */
export interface Answer {
  readonly status: number
  readonly type: string
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for
  readonly body: any
}

/** Asks the admin API; `body` is sent as JSON unless it is text or a form. */
export async function ask(
  gateway: { url: string; adminKey: string },
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const isForm = body instanceof FormData
  const isRaw = isForm || typeof body === 'string'
  const response = await fetch(`${gateway.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${gateway.adminKey}`,
      ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const type = response.headers.get('content-type') ?? ''
  const { status, headers: got } = response
  return { status, type, headers: got, body: /\bjson\b/.test(type) ? JSON.parse(text) : text }
}

/** All items of a list, page by page. */
// biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for
export async function listAll(gateway: { url: string; adminKey: string }, path: string): Promise<any[]> {
  const items: unknown[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = cursor && `&cursor=${encodeURIComponent(cursor)}`
    const { body } = await ask(gateway, 'GET', `${path}${path.includes('?') ? '&' : '?'}limit=100${query}`)
    items.push(...body.items)
    cursor = body.nextCursor
  }
  return items
}

/** Imports the bookshop's document for a running bookshop, and enables all its tools. */
export async function importBookshop(
  gateway: { url: string; adminKey: string },
  shop: BookshopApi,
  server = 'bookshop',
): Promise<ImportReport> {
  const answer = await ask(gateway, 'POST', `/imports?commit=true&server=${server}`, {
    text: readFileSync(BOOKSHOP_SPEC, 'utf8'),
    baseUrl: shop.url,
    allow: [new URL(shop.url).host],
    credential: { value: shop.key },
  })
  if (answer.status !== 200) throw new Error(`the import answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  return answer.body
}
