import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { ImportReport, Tool } from '@sluice/contract'
import { adminKeyFile, createObserve, loadConfig, type Running, start, stopped } from '@sluice/gateway'
import { countTokens } from '@sluice/tokenizer'
import { showManyTools } from '../many-tools/show-many-tools.ts'
import { startBookshop } from './api.ts'

/** The demo: a real API, a real gateway, a real MCP client. `--once` ends when it has shown everything. */
const { values } = parseArgs({ options: { once: { type: 'boolean' } } })
const FILTER = '{items: items[].{id: id, title: title, author: author, price: price, stock: stock}, total: total}'

const bookshop = await startBookshop()
const dataDir = mkdtempSync(join(tmpdir(), 'sluice-demo-'))
const gateway = await startGateway()
try {
  const report = await importBookshop()
  say(
    `${report.title} (OpenAPI ${report.declaredVersion}): ${report.tools.length} tools, their list costs ${report.listTokens} tokens`,
  )
  for (const { name, method, path } of report.tools) say(`  ${name.padEnd(13)} ${method} ${path}`)

  const client = await connect(report)
  const { tools } = await client.listTools()
  assert.equal(tools.length, report.tools.length)

  const search = { q: 'tower', page_size: 5 }
  const before = await call(client, 'search_books', search)
  const found = JSON.parse(before) as { total: number; items: Table }
  const first = firstOf(found.items) as { id: number; title: string; author: string }
  show('search_books', search, `${found.total} books, the first: ${first.title} by ${first.author}`)
  const book = JSON.parse(await call(client, 'get_book', { book_id: first.id })) as { title: string; price: number }
  show('get_book', { book_id: first.id }, `${book.title}, ${book.price} euros`)
  const wanted = { title: 'Solaris', author: 'Stanisław Lem', price: 12.5, genre: 'science-fiction' }
  const created = JSON.parse(await call(client, 'create_book', wanted)) as { id: number }
  show('create_book', wanted, `stored as book ${created.id}`)

  await setFilter('search_books', FILTER)
  const after = await call(client, 'search_books', search)
  showSaving(countTokens(before), countTokens(after))
  await client.close()

  await showManyTools({ admin, connect: connectAgent, say })

  showClients(report)
  if (!values.once) {
    say('Serving until Ctrl-C.')
    await stopped(gateway)
  }
} finally {
  await gateway.stop('the demo is over')
  await bookshop.close()
  rmSync(dataDir, { recursive: true, force: true })
}
process.exit()

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** On the usual port, or on a free one where that is taken. */
async function startGateway(): Promise<Running> {
  const config = { ...loadConfig({}), dataDir }
  const observe = createObserve('silent', () => {})
  return start(config, observe).catch(() => start({ ...config, port: 0 }, observe))
}

async function admin<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${gateway.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${readFileSync(adminKeyFile(dataDir), 'utf8').trim()}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  assert.ok(response.ok, `${method} ${path} answered ${response.status}: ${await response.clone().text()}`)
  return (await response.json()) as T
}

function importBookshop(): Promise<ImportReport> {
  return admin('POST', '/imports?commit=true&server=bookshop', {
    text: readFileSync(join(import.meta.dirname, '..', '..', 'specs', 'samples', 'bookshop.yaml'), 'utf8'),
    baseUrl: bookshop.url,
    allow: [new URL(bookshop.url).host],
    credential: { value: bookshop.key },
  })
}

async function connect({ url, accessKey }: Pick<ImportReport, 'url' | 'accessKey'>): Promise<Client> {
  const client = new Client({ name: 'demo', version: '1.0.0' })
  const headers = { Authorization: `Bearer ${accessKey}` }
  await client.connect(new StreamableHTTPClientTransport(new URL(url!), { requestInit: { headers } }))
  return client
}

/** As an agent without a model uses a client. */
async function connectAgent(report: Pick<ImportReport, 'url' | 'accessKey'>) {
  const client = await connect(report)
  return {
    listTools: async () => (await client.listTools()).tools,
    callTool: async (name: string, args: Record<string, unknown>) => {
      const { content, isError = false } = await client.callTool({ name, arguments: args })
      return { text: content.map((block) => (block.type === 'text' ? block.text : '')).join('\n'), isError }
    },
    close: () => client.close(),
  }
}

async function call(client: Client, name: string, args: Record<string, unknown>): Promise<string> {
  const result = await client.callTool({ name, arguments: args })
  const [block] = result.content
  assert.ok(!result.isError && block?.type === 'text', JSON.stringify(result))
  return block.text
}

async function setFilter(name: string, responseFilter: string): Promise<void> {
  const { items } = await admin<{ items: Tool[] }>('GET', '/servers/bookshop/tools')
  await admin('PATCH', `/tools/${items.find((tool) => tool.name === name)!.id}`, { responseFilter })
}

function show(name: string, args: unknown, answer: string): void {
  say(`> ${name} ${JSON.stringify(args)}\n  ${answer}`)
}

function showSaving(before: number, after: number): void {
  assert.ok(after < before)
  say(`With the response filter ${FILTER}`)
  say(`  the same search costs ${after} tokens instead of ${before}: ${Math.round((1 - after / before) * 100)} % less`)
}

function showClients({ url, accessKey, clients }: ImportReport): void {
  say(`MCP URL ${url}   access key ${accessKey}`)
  const shown = ['claude-code', 'cursor', 'vscode']
  for (const { client, title, how, text } of clients)
    if (shown.includes(client)) say(`${title}: ${how}\n${text.replaceAll(/\s*\n\s*/g, ' ')}`)
}

/** A list of like objects, as a large answer shows it to a model: each name once. */
interface Table {
  readonly columns: readonly string[]
  readonly rows: ReadonlyArray<readonly unknown[]>
}

function firstOf({ columns, rows }: Table): unknown {
  return Object.fromEntries(columns.map((name, at) => [name, rows[0]![at]]))
}
