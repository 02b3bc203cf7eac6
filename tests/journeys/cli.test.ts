import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { BOOKSHOP_SPEC } from '../support/admin.ts'
import { type GatewayHome, newHome, startGateway } from '../support/gateway-process.ts'
import { connectV2 } from '../support/mcp-clients.ts'
import { ROOT, run, sluice, spawned } from '../support/spawned.ts'

let shop: BookshopApi
let folder: string
beforeAll(async () => {
  shop = await startBookshop()
  folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'))
  writeFileSync(join(folder, 'key.txt'), `${shop.key}\n`)
})
afterAll(async () => {
  await shop.close()
  rmSync(folder, { recursive: true })
})

describe('check', () => {
  test('says what an import would make of a document', async () => {
    const { code, stdout } = await sluice(['check', BOOKSHOP_SPEC])
    expect(code).toBe(0)
    expect(stdout).toContain('search_books  GET /books')
    expect(stdout).toMatch(/5 of 5 operations become tools .* costs \d+ tokens\./)
  })

  test('reads standard input, and answers programs', async () => {
    const { code, stdout } = await sluice(['check', '-', '--json'], { input: readFileSync(BOOKSHOP_SPEC, 'utf8') })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      title: 'Bookshop',
      coverage: { operations: 5, imported: 5, skipped: 0 },
      listTokens: expect.any(Number),
    })
  })

  test('ends with 1 when an operation is left out, and shows where', async () => {
    const { code, stdout } = await sluice(['check', '-'], {
      input: 'openapi: 3.1.0\npaths:\n  /a:\n    get: {}\n  /b:\n    get: 5\n',
    })
    expect(code).toBe(1)
    expect(stdout).toContain('operation-skipped at 6:5')
  })

  test.each([
    ['a document that is none', ['check', '-'], 1, /empty/],
    ['a file that is not there', ['check', 'nope.yaml'], 2, /nope\.yaml cannot be read/],
    ['no document', ['check'], 2, /Name one document/],
    ['an unknown option', ['check', 'x', '--fast'], 2, /--fast/],
    ['an unknown command', ['chekc'], 2, /no command "chekc"/],
  ])('%s', async (_name, args, code, message) => {
    const finished = await sluice(args)
    expect(finished.code).toBe(code)
    expect(finished.stderr).toMatch(message)
    expect(finished.stderr).not.toContain('    at ')
  })
})

test.each([[[]], [['check']], [['serve']], [['import']], [['call']], [['key']], [['admin-key']], [['start']]])(
  'help of %j teaches by example',
  async (verb) => {
    const { code, stdout } = await sluice([...verb, '--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/\n {2}(\w+=\S+ )*(sluice|curl)/)
  },
)

describe('serve', () => {
  test('goes straight from a document to a served URL, in memory', async () => {
    const serving = spawned(
      ['serve', BOOKSHOP_SPEC, '--base-url', shop.url, '--credential-file', join(folder, 'key.txt'), '--json'],
      { PORT: '0' },
    )
    const served = JSON.parse(await serving.firstLine)
    expect(served.coverage.imported).toBe(5)
    const client = await connectV2(served, { pin: '2026-07-28' })
    expect(JSON.parse((await client.callTool('get_book', { book_id: 2 })).text).id).toBe(2)
    await client.close()
    expect(await serving.end('SIGTERM')).toBe(0)
  })

  test('`npm start -- serve` does the same, and prints what to paste', async () => {
    const serving = spawned([], { PORT: '0' }, [
      'npm',
      'start',
      '-s',
      '--',
      'serve',
      BOOKSHOP_SPEC,
      '--base-url',
      shop.url,
    ])
    await expect.poll(() => serving.output.stdout, { timeout: 20_000 }).toContain('Serving until Ctrl-C.')
    const { stdout } = serving.output
    expect(stdout).toContain('Bookshop: 5 of 5 operations are tools')
    expect(stdout).toMatch(
      /claude mcp add --transport http bookshop http:\/\/127\.0\.0\.1:\d+\/mcp\/bookshop --header "Authorization: Bearer slk_/,
    )
    expect(stdout).not.toContain('{"level"')
    await serving.end('SIGINT')
  })

  test('a document without a base URL asks for it', async () => {
    const { code, stderr } = await sluice(['serve', '-'], { input: 'openapi: 3.1.0\npaths: {}', env: { PORT: '0' } })
    expect([code, stderr]).toMatchObject([1, expect.stringContaining('--base-url')])
  })
})

describe('with a gateway', () => {
  let home: GatewayHome
  beforeAll(async () => {
    home = await newHome('embedded')
  })
  afterAll(() => home.remove())

  test('import, call, key and admin-key work with none running: one is started for each', async () => {
    const env = { ...home.env, PORT: '1' }
    const importing = [
      'import',
      BOOKSHOP_SPEC,
      '--server',
      'shop',
      '--base-url',
      shop.url,
      '--allow',
      new URL(shop.url).host,
      '--credential-file',
      join(folder, 'key.txt'),
    ]
    const imported = await sluice(importing, { env })
    expect(imported).toMatchObject({ code: 0, stderr: '' })
    expect(imported.stdout).toMatch(/5 added, 0 changed.*5 of 5 tools enabled.*Access key {2}slk_/s)
    expect((await sluice([...importing, '--dry-run'], { env })).stdout).toMatch(/5 unchanged.*Nothing was stored/s)

    const called = await sluice(['call', 'shop', 'get_book', '--args', '{"book_id": 3}'], { env })
    expect([called.code, JSON.parse(called.stdout).id]).toEqual([0, 3])
    expect(await sluice(['call', 'shop', 'get_book', '--args', '{"book_id": 9999}'], { env })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('404'),
    })
    expect(await sluice(['call', 'shop', 'get_bok'], { env })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('get_bok'),
    })
    expect(await sluice(['call', 'shop', 'get_book', '--args', '{'], { env })).toMatchObject({ code: 2 })

    const created = JSON.parse(
      (await sluice(['key', 'create', '--server', 'shop', '--name', 'Ada', '--json'], { env })).stdout,
    )
    expect(created.key).toMatch(/^slk_/)
    expect((await sluice(['key', 'list'], { env })).stdout).toMatch(new RegExp(`${created.id} .*Ada .*shop .*valid`))
    expect(await sluice(['key', 'revoke', created.id], { env })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(created.id),
    })
    expect((await sluice(['key', 'list'], { env })).stdout).toMatch(new RegExp(`${created.id} .*revoked`))

    const admin = await sluice(['admin-key', 'create', '--role', 'viewer', '--json'], { env })
    expect(JSON.parse(admin.stdout)).toMatchObject({ role: 'viewer', key: expect.stringMatching(/^sla_/) })
    const viewer = { ...env, SLUICE_ADMIN_KEY: JSON.parse(admin.stdout).key }
    expect((await sluice(['key', 'list'], { env: viewer })).code).toBe(0)
    expect(await sluice(['key', 'create', '--server', 'shop'], { env: viewer })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('viewer'),
    })
  }, 180_000)

  test('a running gateway is used, and its folder is not opened a second time', async () => {
    const gateway = await startGateway(home)
    const env = { ...home.env, PORT: new URL(gateway.url).port }
    expect(JSON.parse((await sluice(['key', 'list', '--json'], { env })).stdout).items).not.toHaveLength(0)
    expect((await sluice(['key', 'list'], { env: { ...env, SLUICE_URL: gateway.url } })).code).toBe(0)
    expect(await sluice(['admin-key', 'create'], { env })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('in use'),
    })
    await gateway.end('SIGTERM')
    expect(await sluice(['key', 'list'], { env: { ...env, SLUICE_URL: gateway.url } })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(gateway.url),
    })
  }, 60_000)
})

test('the packed command line runs where nothing else of Sluice is', async () => {
  const packed = await run('npm', ['pack', '-w', 'apps/cli', '--pack-destination', folder, '--silent'], { cwd: ROOT })
  expect(packed.code, packed.stderr).toBe(0)
  const tarball = join(folder, packed.stdout.trim().split('\n').at(-1)!)
  writeFileSync(join(folder, 'package.json'), '{"private": true}')
  const installed = await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', tarball], {
    cwd: folder,
  })
  expect(installed.code, installed.stderr).toBe(0)

  const bin = join(folder, 'node_modules', '.bin', 'sluice')
  const checked = await run(process.execPath, [bin, 'check', BOOKSHOP_SPEC, '--json'], { cwd: folder })
  expect([checked.code, checked.stderr]).toEqual([0, ''])
  expect(JSON.parse(checked.stdout).coverage.imported).toBe(5)

  const serving = spawned([], { PORT: '0' }, [
    process.execPath,
    bin,
    'serve',
    BOOKSHOP_SPEC,
    '--base-url',
    shop.url,
    '--credential-file',
    join(folder, 'key.txt'),
    '--json',
  ])
  const client = await connectV2(JSON.parse(await serving.firstLine), 'legacy')
  expect((await client.callTool('get_book', { book_id: 2 })).isError).toBe(false)
  await client.close()
  expect(await serving.end('SIGTERM')).toBe(0)

  const { code, stdout } = await run(process.execPath, [bin, 'import', BOOKSHOP_SPEC, '--dry-run'], { cwd: folder })
  expect([code, stdout]).toMatchObject([0, expect.stringContaining('5 added')])
}, 240_000)
