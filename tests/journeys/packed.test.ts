import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { BOOKSHOP_SPEC } from '../support/admin.ts'
import { connectV2 } from '../support/mcp-clients.ts'
import { cleanEnv, ROOT, run, spawned } from '../support/spawned.ts'

let shop: BookshopApi
let folder: string
beforeAll(async () => {
  shop = await startBookshop()
  folder = mkdtempSync(join(tmpdir(), 'sluice-packed-'))
  writeFileSync(join(folder, 'key.txt'), `${shop.key}\n`)
})
afterAll(async () => {
  await shop.close()
  rmSync(folder, { recursive: true })
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

  // Where no gateway runs, whatever this machine has on the usual port.
  const alone = { cwd: folder, env: cleanEnv({ PORT: '1' }) }
  const { code, stdout } = await run(process.execPath, [bin, 'import', BOOKSHOP_SPEC, '--dry-run'], alone)
  expect([code, stdout]).toMatchObject([0, expect.stringContaining('5 added')])
}, 240_000)
