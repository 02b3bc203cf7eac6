import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client as ClientV2 } from '@modelcontextprotocol/client'
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js'
import type { ClientSnippet } from '@sluice/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { ask, BOOKSHOP_SPEC, importBookshop } from '../support/admin.ts'
import { type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { run, sluice } from '../support/spawned.ts'

// What `sluice connect` prints, used as it is printed.

let shop: BookshopApi
let home: GatewayHome
let gateway: GatewayProcess
let snippets: ClientSnippet[]
let accessKey: string
beforeAll(async () => {
  shop = await startBookshop()
  home = await newHome('embedded')
  gateway = await startGateway(home)
  await importBookshop(gateway, shop)
  const env = { ...home.env, SLUICE_URL: gateway.url }
  const connected = await sluice(['connect', 'bookshop', '--create-key', 'Ada', '--json'], { env })
  ;({ items: snippets, accessKey } = JSON.parse(connected.stdout))
})
afterAll(async () => {
  await gateway.end('SIGTERM')
  await home.remove()
  await shop.close()
})

const textFor = (client: string) => snippets.find((snippet) => snippet.client === client)!.text

/** A program as a client starts it: with nothing of its own environment. */
interface Program {
  readonly command: string
  readonly args: string[]
  readonly env: Record<string, string>
}

/** Claude Desktop hands on next to nothing, and lies at the root. */
const bare = ({ command, args, env }: Program) => ({ command, args, env: { ...env, PATH: '' }, cwd: '/' })

test('the same clients stand in the API, with placeholders for what it does not know', async () => {
  const { items } = (await ask(gateway, 'GET', '/servers/bookshop/clients')).body
  expect(items.map(({ client }: ClientSnippet) => client)).toEqual(snippets.map(({ client }) => client))
  expect(items[0].text).toContain('<your access key>')
  expect(snippets.map(({ text }) => text).join()).not.toMatch(/<your|<path/)
})

test('only what is run here or by npm run clients is called tested; ChatGPT’s says what it needs', () => {
  const tested = snippets.filter((snippet) => snippet.tested).map(({ client }) => client)
  expect(tested).toEqual(['claude-code', 'codex', 'gemini-cli', 'generic-http', 'generic-stdio'])
  expect(snippets.find(({ client }) => client === 'chatgpt')!.note).toMatch(/HTTPS.*OAuth/)
})

test('generic-http: the command lists the tools', async () => {
  const { code, stdout } = await run('bash', ['-c', `${textFor('generic-http')} -s`])
  expect([code, stdout]).toEqual([0, expect.stringContaining('"search_books"')])
})

describe('over standard input and output', () => {
  const programs: Array<[string, () => Program]> = [
    ['generic-stdio', () => JSON.parse(textFor('generic-stdio'))],
    ['claude-desktop', () => JSON.parse(textFor('claude-desktop')).mcpServers.bookshop],
  ]

  test.each(programs)('%s: the v1 client calls a tool, with an empty PATH', async (_name, program) => {
    const client = new ClientV1({ name: 'stdio-v1', version: '1.0.0' })
    await client.connect(new StdioV1(bare(program())) as unknown as Parameters<ClientV1['connect']>[0])
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('get_book')
    const { content } = await client.callTool({ name: 'get_book', arguments: { book_id: 2 } })
    expect(JSON.parse((content as Array<{ text: string }>)[0]!.text).id).toBe(2)
    await client.close()
  })

  test.each(['legacy', { pin: '2026-07-28' }] as const)('the v2 client, %j', async (mode) => {
    const client = new ClientV2({ name: 'stdio-v2', version: '2.0.0' }, { versionNegotiation: { mode } })
    await client.connect(new StdioV2(bare(JSON.parse(textFor('generic-stdio')))))
    const results = await Promise.all(
      [1, 2, 3].map((id) => client.callTool({ name: 'get_book', arguments: { book_id: id } })),
    )
    const ids = results.map(({ content }) => JSON.parse((content[0] as { text: string }).text).id)
    expect(ids).toEqual([1, 2, 3])
    await expect(client.callTool({ name: 'no_such_tool' })).rejects.toThrow(/no_such_tool/)
    await client.close()
  })

  test('a document is served from memory, without a gateway and beside one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-stdio-'))
    writeFileSync(join(folder, 'key.txt'), shop.key)
    const { command, args } = JSON.parse(textFor('generic-stdio')) as Program
    const given = [
      args[0]!,
      'stdio',
      BOOKSHOP_SPEC,
      '--base-url',
      shop.url,
      '--credential-file',
      join(folder, 'key.txt'),
    ]
    const client = new ClientV2({ name: 'stdio-v2', version: '2.0.0' }, { versionNegotiation: { mode: 'legacy' } })
    const env = { PORT: new URL(gateway.url).port, PUBLIC_URL: 'https://tools.example.com' }
    await client.connect(new StdioV2(bare({ command, args: given, env })))
    expect((await client.listTools()).tools).toHaveLength(5)
    await client.close()
    rmSync(folder, { recursive: true })
  })

  test('what cannot be is told as a JSON-RPC error, and on standard error', async () => {
    const env = { ...home.env, SLUICE_URL: gateway.url }
    const list = '{"jsonrpc":"2.0","id":7,"method":"tools/list"}\n'
    const wrong = await sluice(['stdio', 'bookshop'], { env: { ...env, SLUICE_ACCESS_KEY: 'slk_wrong' }, input: list })
    expect(JSON.parse(wrong.stdout)).toMatchObject({ id: 7, error: { message: expect.stringContaining('access key') } })
    const nobody = { ...env, SLUICE_URL: 'http://127.0.0.1:1', SLUICE_ACCESS_KEY: accessKey }
    const gone = await sluice(['stdio', 'bookshop'], { env: nobody, input: list })
    expect(JSON.parse(gone.stdout)).toMatchObject({ id: 7, error: { message: expect.stringContaining('reached') } })
    const garbled = await sluice(['stdio', 'bookshop'], {
      env: { ...env, SLUICE_ACCESS_KEY: accessKey },
      input: '{oops\n',
    })
    expect(JSON.parse(garbled.stdout)).toMatchObject({ id: null, error: { code: -32700 } })
    const keyless = await sluice(['stdio', 'bookshop'], { env, input: list })
    expect(keyless).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('SLUICE_ACCESS_KEY') })
  })
})
