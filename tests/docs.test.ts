import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandsOf } from './support/commands-of.ts'
import { freePort } from './support/free-port.ts'
import { connectV2 } from './support/mcp-clients.ts'
import { cleanEnv, ROOT, run, spawned } from './support/spawned.ts'

// Frozen here, so that a command that is added to a page is added to a test.
const IMPORT = './sluice import my-api.yaml --server shop --yes'
const CALL = `./sluice call shop list_orders --args '{"limit": 3}'`
const CURL =
  'curl -H "authorization: Bearer $(cat data/admin.key)" -F file=@my-api.yaml "http://127.0.0.1:8080/api/v1/imports?commit=true&server=shop"'

test('the README shows these commands and no others', () => {
  expect(commandsOf('README.md')).toEqual([
    'npm run demo',
    'npm start -- serve my-api.yaml',
    'npm start',
    IMPORT,
    CALL,
    CURL,
    'docker compose up',
  ])
  expect(readFileSync(join(ROOT, 'README.md'), 'utf8').split('\n').length).toBeLessThanOrEqual(120)
})

const KEEP = './sluice tools edit list_orders --cache 10m'
const LOGS = './sluice logs --tool list_orders --limit 2'
const KEEP_NO_MORE = './sluice tools edit list_orders --cache off'

const TRY_AND_KEEP = `./sluice tools try list_orders --args '{"limit": 3}' --keep a-page`
const FILTER = `./sluice tools edit list_orders --response-filter 'orders[:2]'`
const TRY_KEPT = './sluice tools try list_orders --sample a-page'
const OFFER = './sluice tools edit list_orders --projection always'

const OFFERS_PAGE = 'docs/how-to/offer-resources-and-prompts.md'
const READ_AS = './sluice tools edit list_orders --resource'
const READ_BY = `./sluice tools edit list_orders --resource 'shop://orders?limit={limit}'`
const READ_NO_MORE = './sluice tools edit list_orders --resource off'
const STORE = './sluice resources set shop returns returns.md --uri shop://policies/returns'
const STORED = './sluice resources list shop'
const STORE_PROMPT = './sluice prompts set shop answer answer.json'
const SHOW_PROMPT = './sluice prompts show shop answer'
const VERSIONS = './sluice prompts versions shop answer'
const USE = './sluice prompts use shop answer 1'
const REMOVE_BOTH = ['./sluice prompts remove shop answer', './sluice resources remove shop returns']

test('how to offer resources and prompts shows these commands and no others', () => {
  const offered = [READ_AS, READ_BY, READ_NO_MORE, STORE, STORED, STORE_PROMPT, SHOW_PROMPT, VERSIONS, USE]
  expect(commandsOf(OFFERS_PAGE)).toEqual([...offered, ...REMOVE_BOTH])
})

test('how to shorten answers shows these commands and no others', () => {
  expect(commandsOf('docs/how-to/shorten-answers.md')).toEqual([TRY_AND_KEEP, FILTER, TRY_KEPT, OFFER])
})

test('how to keep answers shows these commands and no others', () => {
  expect(commandsOf('docs/how-to/keep-answers.md')).toEqual([KEEP, CALL, CALL, LOGS, KEEP_NO_MORE])
})

const ISSUER =
  './sluice issuer add https://login.example.com/realms/shop --server shop --name "Company login" --rule "scope=orders:read read-only" --rule scope=orders:write'
const CHALLENGE = 'curl -i -X POST http://127.0.0.1:8080/mcp/shop'
const METADATA = 'curl http://127.0.0.1:8080/.well-known/oauth-protected-resource/mcp/shop'
const SHOW_ISSUER = './sluice issuer show "Company login"'
const EDIT_ISSUER = './sluice issuer edit "Company login" --rule scope=orders:write --audience api://orders'
const REMOVE_ISSUER = './sluice issuer remove "Company login"'

test('how to accept access tokens shows these commands and no others', () => {
  expect(commandsOf('docs/how-to/accept-access-tokens.md')).toEqual([
    ISSUER,
    CHALLENGE,
    METADATA,
    SHOW_ISSUER,
    EDIT_ISSUER,
    REMOVE_ISSUER,
  ])
})

const LARGE_PAGE = 'docs/how-to/serve-large-apis.md'
const SEARCH = './sluice servers edit shop --mode search'
const PIN = './sluice servers edit-tool shop list_orders --pinned'
const CODE = './sluice servers edit shop --mode code'
const CODE_CALLS = './sluice servers edit shop --code-calls all'
const KEEP_COMPOSITE = './sluice composites set shop last_order last-order.json'
const TEST_COMPOSITE = './sluice composites test shop last_order'
const CALL_COMPOSITE = `./sluice call shop last_order --args '{"among": 5}'`
const REMOVE_COMPOSITE = './sluice composites remove shop last_order'
const AUTO = './sluice servers edit shop --mode auto --code-calls read-only'

test('how to serve large APIs shows these commands and no others', () => {
  const modes = [SEARCH, PIN, CODE, CODE_CALLS]
  const composites = [KEEP_COMPOSITE, TEST_COMPOSITE, CALL_COMPOSITE, REMOVE_COMPOSITE]
  expect(commandsOf(LARGE_PAGE)).toEqual([...modes, ...composites, AUTO])
})

test('CONTRIBUTING shows these commands and no others', () => {
  expect(commandsOf('CONTRIBUTING.md')).toEqual(['npm test', 'npm run check', 'npm run bench', 'npm run dev'])
})

const EXAMPLE = 'npm run example -- examples/manage-sluice/run.ts'

test('each example shows a command that a test here runs', () => {
  expect(commandsOf('examples/bookshop/README.md')).toEqual(['npm run demo -- --once'])
  expect(commandsOf('examples/many-tools/README.md')).toEqual(['npm run demo -- --once'])
  expect(commandsOf('examples/manage-sluice/README.md')).toEqual([EXAMPLE])
})

test('`docker compose up`, with replicas too, is what scripts/test-docker.sh runs', () => {
  const script = readFileSync(join(ROOT, 'scripts/test-docker.sh'), 'utf8')
  for (const command of ['compose up -d --build', 'compose --profile replicas up -d']) expect(script).toContain(command)
})

/** A reader's folder: the clone's files, and a document and data of their own. */
let folder: string
let api: Server
let port: number
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-reader-'))
  for (const name of [
    'package.json',
    'sluice',
    'scripts',
    'examples',
    'apps',
    'packages',
    'node_modules',
    'migrations',
  ])
    symlinkSync(join(ROOT, name), join(folder, name))
  api = createServer((request, response) => {
    const limit = Number(new URL(request.url!, 'http://api').searchParams.get('limit'))
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ orders: [...Array(limit).keys()] }))
  })
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`
  const parameters = [{ name: 'limit', in: 'query', schema: { type: 'integer' } }]
  writeFileSync(
    join(folder, 'my-api.yaml'),
    JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'Orders' },
      servers: [{ url }],
      paths: { '/orders': { get: { operationId: 'listOrders', parameters } } },
    }),
  )
  port = await freePort()
})
afterAll(() => {
  api.close()
  api.closeAllConnections()
  rmSync(folder, { recursive: true, force: true })
})

/** Runs a line as a shell would; only the port is ours, so that tests can run beside a gateway. */
function shell(line: string) {
  return run('bash', ['-c', line.replaceAll(':8080', `:${port}`)], { cwd: folder, env: readerEnv() })
}

function readerEnv(): Record<string, string> {
  // A private API, as the reader's own may be: the operator allows its host.
  return cleanEnv({ PORT: String(port), EGRESS_ALLOW: '127.0.0.1' })
}

describe('the README, command by command', () => {
  test('npm run demo -- --once shows three real calls, and 500 tools in each mode, in at most 25 lines', async () => {
    const { code, stdout } = await run('npm', ['run', '-s', 'demo', '--', '--once'])
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    expect(lines.length).toBeLessThanOrEqual(25)
    expect(lines.filter((line) => line.startsWith('> '))).toEqual([
      expect.stringContaining('search_books'),
      expect.stringContaining('get_book'),
      expect.stringContaining('create_book'),
    ])
    expect(stdout).toMatch(/costs \d+ tokens instead of \d+: 9\d % less/)
    expect(lines.filter((line) => line.includes(' tools listed: '))).toEqual([
      expect.stringMatching(/^ {2}direct +500 tools listed: +\d\d,\d{3} tokens {3}done after 5 calls: +\d\d,\d{3}$/),
      expect.stringMatching(/^ {2}search +3 tools listed: +\d{3} tokens {3}done after \d calls: +\d,\d{3}$/),
      expect.stringMatching(/^ {2}code +3 tools listed: +\d{3} tokens {3}done after \d calls: +\d,\d{3}$/),
    ])
    for (const client of [
      'Claude Code: Run',
      'Cursor: Put into .cursor/mcp.json',
      'VS Code: Put into .vscode/mcp.json',
    ])
      expect(lines).toContain(client)
    expect(stdout).not.toContain('{"level"')
  }, 60_000)

  test('npm start -- serve my-api.yaml', async () => {
    const serving = spawned(
      [],
      { PORT: String(port) },
      ['bash', '-c', 'exec npm start -s -- serve my-api.yaml'],
      folder,
    )
    await expect.poll(() => serving.output.stdout, { timeout: 30_000 }).toContain('Serving until Ctrl-C.')
    const { stdout } = serving.output
    const endpoint = { url: /MCP URL +(\S+)/.exec(stdout)![1]!, accessKey: /Access key +(\S+)/.exec(stdout)![1]! }
    const client = await connectV2(endpoint, { pin: '2026-07-28' })
    expect((await client.callTool('list_orders', { limit: 2 })).text).toBe('{"orders":[0,1]}')
    await client.close()
    await serving.end('SIGINT')
  }, 60_000)

  test('npm start, import, call, curl, and how to keep and shorten answers, offer more than tools and accept access tokens', async () => {
    const gateway = spawned(
      [],
      { PORT: String(port), EGRESS_ALLOW: '127.0.0.1' },
      ['bash', '-c', 'exec npm start -s'],
      folder,
    )
    await gateway.firstLine
    const imported = await shell(IMPORT)
    expect([imported.code, imported.stderr]).toEqual([0, ''])
    expect(imported.stdout).toContain(`MCP URL     http://127.0.0.1:${port}/mcp/shop`)
    expect(await shell(CALL)).toMatchObject({ code: 0, stdout: '{"orders":[0,1,2]}\n' })
    const curled = await shell(CURL)
    expect(JSON.parse(curled.stdout)).toMatchObject({
      committed: true,
      plan: { unchanged: 1 },
      url: `http://127.0.0.1:${port}/mcp/shop`,
    })
    expect((await shell(KEEP)).stdout).toMatch(/cache +600 s/)
    for (const _ of [1, 2]) expect(await shell(CALL)).toMatchObject({ code: 0, stdout: '{"orders":[0,1,2]}\n' })
    expect((await shell(LOGS)).stdout).toMatch(
      /list_orders HTTP 200, cache miss, .*\n.*list_orders HTTP 200, cache hit, /,
    )
    expect((await shell(KEEP_NO_MORE)).code).toBe(0)
    expect((await shell(TRY_AND_KEEP)).stdout).toContain('kept as a-page')
    expect((await shell(FILTER)).code).toBe(0)
    const tried = (await shell(TRY_KEPT)).stdout
    for (const weight of ['response (18 bytes, 9 tokens)', 'filter (5 bytes, 5 tokens)', 'result (5 bytes, 5 tokens)'])
      expect(tried).toContain(weight)
    expect((await shell(OFFER)).stdout).toMatch(/projection +always/)
    await offerResourcesAndPrompts()
    await serveLarge()
    expect((await shell(ISSUER)).stdout).toContain('shop takes its access tokens now.')
    const resource = `http://127.0.0.1:${port}/mcp/shop`
    const metadata = `http://127.0.0.1:${port}/.well-known/oauth-protected-resource/mcp/shop`
    expect((await shell(CHALLENGE)).stdout).toContain(
      `www-authenticate: Bearer realm="sluice", resource_metadata="${metadata}", scope="orders:read orders:write"`,
    )
    const issuer = 'https://login.example.com/realms/shop'
    expect(JSON.parse((await shell(METADATA)).stdout)).toMatchObject({ resource, authorization_servers: [issuer] })
    expect((await shell(SHOW_ISSUER)).stdout).toMatch(/rights +scope=orders:read read-only; or scope=orders:write/)
    expect((await shell(EDIT_ISSUER)).stdout).toMatch(/rights +scope=orders:write\n(.*\n)*.*api:\/\/orders/)
    expect((await shell(REMOVE_ISSUER)).stdout).toContain('open nothing any more')
    await gateway.end('SIGTERM')
  }, 150_000)
})

/** What the page shows, on the gateway that is running; its files hold what the page says of them. */
async function serveLarge(): Promise<void> {
  // Another page has set it.
  await shell('./sluice tools edit list_orders --reset response-filter')
  expect((await shell(SEARCH)).stdout).toMatch(/mode +search/)
  expect((await shell(PIN)).stdout).toContain('Changed list_orders.')
  expect((await shell(CODE)).stdout).toMatch(/mode +code[\s\S]*code may call +read-only/)
  expect((await shell(CODE_CALLS)).stdout).toMatch(/code may call +all/)
  const page = readFileSync(join(ROOT, LARGE_PAGE), 'utf8')
  const [, code] = /```js\n([\s\S]*?)```/.exec(page)!
  const args = JSON.stringify({ code }).replaceAll("'", '"')
  const ran = await shell(`./sluice call shop run_code --args '${args}'`)
  expect([ran.stdout, ran.stderr]).toEqual(['[46,47,48,49]\n', ''])
  writeFileSync(join(folder, 'last-order.json'), /```json\n([\s\S]*?)```/.exec(page)![1]!)
  expect((await shell(KEEP_COMPOSITE)).stdout).toContain('last_order is kept; 1 test passed.')
  expect((await shell(TEST_COMPOSITE)).stdout).toBe('ok      of three the third\n1 passed, 0 failed\n')
  expect((await shell(CALL_COMPOSITE)).stdout).toBe('4\n')
  expect((await shell(REMOVE_COMPOSITE)).stdout).toContain('last_order is gone.')
  expect((await shell(AUTO)).stdout).toMatch(/mode +direct \(auto: 1 tools/)
}

async function offerResourcesAndPrompts(): Promise<void> {
  expect((await shell(READ_AS)).stdout).toMatch(/resource +sluice:\/\/orders\/orders$/m)
  expect((await shell(READ_BY)).stdout).toMatch(/resource +shop:\/\/orders\?limit=\{limit\}/)
  expect((await shell(READ_NO_MORE)).stdout).not.toMatch(/^resource/m)
  const page = readFileSync(join(ROOT, OFFERS_PAGE), 'utf8')
  writeFileSync(join(folder, 'answer.json'), /```json\n([\s\S]*?)```/.exec(page)![1]!)
  writeFileSync(join(folder, 'returns.md'), '# Returns\n')
  expect((await shell(STORE)).stdout).toContain('shop://policies/returns is text/markdown of 10 bytes.')
  expect((await shell(STORED)).stdout).toMatch(/returns +shop:\/\/policies\/returns +text\/markdown +10/)
  for (const _ of [1, 2]) expect((await shell(STORE_PROMPT)).stdout).toContain('Version 1 of answer')
  expect((await shell(SHOW_PROMPT)).stdout).toMatch(/order \(required\)[\s\S]*tone \(2 values\)[\s\S]*user: Look up/)
  expect((await shell(VERSIONS)).stdout).toMatch(/^1 +current/m)
  expect((await shell(USE)).stdout).toContain('Version 1 of answer')
  for (const removed of REMOVE_BOTH) expect((await shell(removed)).stdout).toMatch(/(answer|returns) is gone\./)
}

test('an agent manages Sluice through its own document', async () => {
  const { code, stdout, stderr } = await run('bash', ['-c', EXAMPLE])
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/it works: 200[\s\S]*get_book answers "The Lost Tower"/)
}, 60_000)

test('npm run dev listens', async () => {
  const dev = spawned([], { PORT: '0', DATA_DIR: join(folder, 'dev-data'), LOG_FORMAT: 'json' }, [
    'npm',
    'run',
    '-s',
    'dev',
  ])
  expect(await dev.firstLine).toContain('gateway.listening')
  await dev.end('SIGTERM')
}, 60_000)
