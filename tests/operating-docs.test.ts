import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandsOf } from './support/commands-of.ts'
import { freePort } from './support/free-port.ts'
import { startSite } from './support/site.ts'
import { cleanEnv, ROOT, run, type Spawned, spawned } from './support/spawned.ts'

// The pages on operating a gateway, command by command, in a reader's folder.

const GIT = 'docs/how-to/keep-in-git.md'
const BACKUP = 'docs/how-to/back-up-and-restore.md'
const KEYS = 'docs/how-to/rotate-the-master-key.md'

const EXPORT = './sluice export gateway'
const COMMIT =
  'git init -q gateway && git -C gateway add . && git -C gateway -c user.name=me -c user.email=me@example.com commit -qm "As it is"'
const EDIT = "sed -i 's/enabled: true/enabled: false/' gateway/upstreams/orders/tools.yaml"
const DIFF = './sluice diff gateway'
const APPLY = './sluice apply gateway --trust --yes'
const CHECK = './sluice diff gateway --check'
const COPY = './sluice backup sluice.backup'
const COPY_KEY = 'cp data/master.key master.key.copy'
const RESTORE = 'DATA_DIR=restored ./sluice restore sluice.backup'
const COPY_BOTH = 'cp data/master.key data/admin.key restored/'
const LOCAL_KEY = 'DATA_DIR=restored ./sluice admin-key create --local'
const ROTATE = './sluice keys rotate'

test('the pages show these commands and no others', () => {
  expect(commandsOf(GIT)).toEqual([EXPORT, COMMIT, EDIT, DIFF, APPLY, CHECK])
  expect(commandsOf(BACKUP)).toEqual([COPY, COPY_KEY, RESTORE, COPY_BOTH, LOCAL_KEY])
  expect(commandsOf(KEYS)).toEqual([ROTATE, COPY_KEY])
})

let folder: string
let gateway: Spawned
let port: number
let api: Awaited<ReturnType<typeof startSite>>
const env = () => cleanEnv({ PORT: String(port), EGRESS_ALLOW: '127.0.0.1' })
const shell = (line: string, more: Record<string, string> = {}) =>
  run('bash', ['-c', line], { cwd: folder, env: { ...env(), ...more } })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-operator-'))
  for (const name of ['package.json', 'sluice', 'scripts', 'apps', 'packages', 'node_modules', 'migrations'])
    symlinkSync(join(ROOT, name), join(folder, name))
  api = await startSite(() => ({ headers: { 'content-type': 'application/json' }, body: '{}' }))
  const document = {
    openapi: '3.1.0',
    info: { title: 'Orders' },
    servers: [{ url: api.url }],
    components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
    paths: { '/orders': { get: { operationId: 'listOrders', security: [{ key: [] }] } } },
  }
  writeFileSync(join(folder, 'my-api.json'), JSON.stringify(document))
  writeFileSync(join(folder, 'token.txt'), 'the-token-itself')
  port = await freePort()
  gateway = spawned([], { PORT: String(port), EGRESS_ALLOW: '127.0.0.1' }, ['bash', '-c', 'exec npm start -s'], folder)
  await gateway.firstLine
  const imported = await shell('./sluice import my-api.json --server shop --credential-file token.txt --yes')
  expect([imported.code, imported.stderr]).toEqual([0, ''])
})
afterAll(async () => {
  await gateway.end('SIGTERM')
  await api.close()
  rmSync(folder, { recursive: true, force: true })
})

test('how to keep a workspace in git', async () => {
  expect(await shell(EXPORT)).toMatchObject({ code: 0, stdout: 'Wrote 5 files to gateway.\n' })
  expect(await shell(COMMIT)).toMatchObject({ code: 0 })
  expect(await shell(EDIT)).toMatchObject({ code: 0 })
  expect(await shell(CHECK)).toMatchObject({ code: 1 })
  const told = '  ~ upstreams/orders/tools.yaml /tools/list_orders/enabled: true -> false\n'
  const differs = await shell(DIFF)
  expect([differs.code, differs.stdout]).toEqual([0, `Would change 1 setting:\n${told}`])
  expect(readFileSync(join(ROOT, GIT), 'utf8')).toContain(differs.stdout)
  expect(await shell(APPLY)).toMatchObject({ code: 0, stdout: `Changed 1 setting:\n${told}` })
  expect(await shell(CHECK)).toMatchObject({ code: 0, stdout: 'Nothing to change.\n' })
  expect((await shell('./sluice tools list')).stdout).toMatch(/list_orders.*disabled/)
})

test('how to rotate the master key', async () => {
  const before = readFileSync(join(folder, 'data', 'master.key'), 'utf8')
  expect((await shell(ROTATE)).stdout).toMatch(
    /^Sealed \d+ secrets? anew under the key [0-9a-f]{8}\. Keep a copy of the new master key\.\n$/,
  )
  expect(await shell(COPY_KEY)).toMatchObject({ code: 0 })
  expect(readFileSync(join(folder, 'master.key.copy'), 'utf8')).not.toBe(before)
})

test('how to back up and restore', async () => {
  expect((await shell(COPY)).stdout).toMatch(/^Wrote sluice\.backup, \d+\.\d MB\. The master key is not in it\.\n$/)
  expect(await shell(COPY_KEY)).toMatchObject({ code: 0 })
  expect(await shell(RESTORE)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Restored into \S+\/restored\. /),
  })
  expect(await shell(COPY_BOTH)).toMatchObject({ code: 0 })
  expect((await shell(LOCAL_KEY)).stdout).toMatch(/^sla_/)
  const again = await shell('./sluice servers list', { DATA_DIR: 'restored', PORT: String(await freePort()) })
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('shop')])
  expect(existsSync(join(folder, 'restored', 'database'))).toBe(true)
})
