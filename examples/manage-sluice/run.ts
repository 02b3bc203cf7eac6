import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { ImportReport } from '@sluice/contract'
import { adminKeyFile, createObserve, loadConfig, start } from '@sluice/gateway'
import { startBookshop } from '../bookshop/api.ts'

/** Sluice managed by an agent: its own document is imported into it, and the tools that come of that do the rest. */
const SPECS = join(import.meta.dirname, '..', '..', 'specs')
const bookshop = await startBookshop()
const dataDir = mkdtempSync(join(tmpdir(), 'sluice-managed-'))
const gateway = await start(
  { ...loadConfig({}), dataDir, port: 0 },
  createObserve('silent', () => {}),
)
try {
  const own = await importOwnDocument()
  say(`${own.title}: ${own.tools.filter((tool) => tool.enabled).length} of ${own.tools.length} tools enabled`)

  // From here on an agent does everything, with MCP tools alone.
  const agent = await connect(own)
  const imported = await call<ImportReport>(agent, 'import_document', {
    commit: true,
    server: 'bookshop',
    text: readFileSync(join(SPECS, 'samples', 'bookshop.yaml'), 'utf8'),
    baseUrl: bookshop.url,
    allow: [new URL(bookshop.url).host],
  })
  say(`import_document: ${imported.plan.added} operations, ${imported.diagnostics.map(({ code }) => code).join(', ')}`)

  const credential = await call<{ kind: string }>(agent, 'set_credential', {
    upstream: 'bookshop',
    scheme: 'apiKey',
    body: { value: bookshop.key },
  })
  const tested = await call<{ ok: boolean; status: number }>(agent, 'test_credential', {
    upstream: 'bookshop',
    scheme: 'apiKey',
  })
  assert.ok(tested.ok)
  say(`set_credential: ${credential.kind}, and it works: ${tested.status}`)

  const listed = await call<{ items: Array<{ id: string; name: string }> }>(agent, 'list_tools', {
    method: 'DELETE',
    q: 'delete_book',
  })
  for (const { id, name } of listed.items.filter((tool) => tool.name === 'delete_book')) {
    await call(agent, 'update_tool', { id, body: { enabled: false } })
    say(`update_tool: ${name} is not served`)
  }

  const key = await call<{ key: string }>(agent, 'create_access_key', {
    name: 'for readers',
    servers: ['bookshop'],
    readOnly: true,
  })
  await agent.close()

  // Whoever is given that key works with the server that the agent made.
  const reader = await connect({ url: imported.url, accessKey: key.key })
  const names = (await reader.listTools()).tools.map(({ name }) => name)
  assert.deepEqual(names.toSorted(), ['get_book', 'search_books'])
  const book = await call<{ title: string }>(reader, 'get_book', { book_id: 1 })
  say(`The new server shows a reader ${names.join(', ')}; get_book answers "${book.title}"`)
  await reader.close()
} finally {
  await gateway.stop('the example is over')
  await bookshop.close()
  rmSync(dataDir, { recursive: true, force: true })
}
process.exit()

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** What a person does once: the document, the key it works with, and what an agent may do with it. */
async function importOwnDocument(): Promise<ImportReport> {
  const adminKey = readFileSync(adminKeyFile(dataDir), 'utf8').trim()
  const response = await fetch(`${gateway.url}/api/v1/imports?commit=true&server=sluice&upstream=sluice`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      text: readFileSync(join(SPECS, 'admin.openapi.json'), 'utf8'),
      baseUrl: `${gateway.url}/api/v1`,
      allow: [new URL(gateway.url).host],
      credential: { scheme: 'adminKey', value: adminKey },
      enable: { tags: ['Imports', 'Upstreams', 'Credentials', 'Tools', 'Servers', 'Access keys'] },
    }),
  })
  const text = await response.text()
  assert.ok(response.ok, text)
  return JSON.parse(text) as ImportReport
}

async function connect({ url, accessKey }: Pick<ImportReport, 'url' | 'accessKey'>): Promise<Client> {
  const client = new Client({ name: 'manage-sluice', version: '1.0.0' })
  const headers = { Authorization: `Bearer ${accessKey}` }
  await client.connect(new StreamableHTTPClientTransport(new URL(url!), { requestInit: { headers } }))
  return client
}

async function call<T>(client: Client, name: string, args: Record<string, unknown>): Promise<T> {
  const result = await client.callTool({ name, arguments: args })
  const [block] = result.content
  assert.ok(!result.isError && block?.type === 'text', `${name}: ${JSON.stringify(result.content)}`)
  return JSON.parse(block.text) as T
}
