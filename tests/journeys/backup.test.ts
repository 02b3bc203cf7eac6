import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../support/admin.ts'
import { type AnsweredCall, callOnce } from '../support/call-once.ts'
import { fillWorkspace, SECRETS } from '../support/full-workspace.ts'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { postMessage } from '../support/mcp-clients.ts'
import { type Site, startSite } from '../support/site.ts'
import { cleanEnv, ROOT, run, sluice } from '../support/spawned.ts'

// What is copied while it is used serves the same elsewhere, and only with its own master key.

const lists = async (gateway: GatewayProcess, accessKey: string) => {
  const all: string[] = []
  for (const method of ['tools/list', 'resources/list', 'prompts/list']) {
    const endpoint = { url: `${gateway.url}/mcp/depot`, accessKey }
    const headers = { 'mcp-protocol-version': '2025-11-25' }
    all.push(await (await postMessage(endpoint, { jsonrpc: '2.0', id: 1, method, params: {} }, { headers })).text())
  }
  return all
}
const call = ({ url }: GatewayProcess, accessKey: string): Promise<AnsweredCall> =>
  callOnce(`${url}/mcp/depot`, accessKey, 'get_parcel', { id: 1 })

describe.each(DATABASES)('a backup, on the %s database', (kind) => {
  let api: Site
  let home: GatewayHome
  let gateway: GatewayProcess
  let accessKey: string
  let folder: string
  beforeAll(async () => {
    // It answers with what it was asked, so that a secret that opens is seen to arrive, masked.
    api = await startSite((request) => ({
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url: request.url, extra: request.headers['x-extra'] }),
    }))
    folder = mkdtempSync(join(tmpdir(), 'sluice-backup-'))
    home = await newHome(kind)
    gateway = await startGateway(home, { SAME_CALLS_PER_MINUTE: '100000' })
    await fillWorkspace(gateway, api)
    accessKey = (await ask(gateway, 'POST', '/access-keys', { name: 'agent', servers: ['depot'] })).body.key
  })
  afterAll(async () => {
    await gateway.end('SIGTERM')
    await home.remove()
    await api.close()
    rmSync(folder, { recursive: true })
  })

  const file = () => join(folder, 'sluice.backup')
  const backup = (to: string) =>
    sluice(['backup', to], { env: { SLUICE_URL: gateway.url, SLUICE_ADMIN_KEY: gateway.adminKey } })
  const restore = (dataDir: string, from = file()) => sluice(['restore', from], { env: { DATA_DIR: dataDir } })
  const emptyFolder = () => mkdtempSync(join(folder, 'data-'))
  const started = (dataDir: string) => startGateway({ dataDir, env: { DATA_DIR: dataDir }, remove: async () => {} })

  describe.runIf(kind === 'embedded')('with `sluice backup` and `sluice restore`', () => {
    test('S39 it is made under load, no call fails, and no secret and no key is in it', async () => {
      const made: AnsweredCall[] = []
      let isOver = false
      const calling = (async () => {
        while (!isOver) made.push(await call(gateway, accessKey))
      })()
      const changing = (async () => {
        for (let n = 0; !isOver; n++)
          await ask(gateway, 'POST', '/secrets', { name: `s${n}`, value: `v${n}`, origins: [api.url] })
      })()
      const done = await backup(file())
      isOver = true
      await Promise.all([calling, changing])
      expect(done).toMatchObject({ code: 0, stderr: '' })
      const { items } = (await ask(gateway, 'GET', '/audit-events?action=database.copy')).body
      const [own] = (await ask(gateway, 'GET', '/admin-keys')).body.items
      expect(items).toEqual([
        expect.objectContaining({ actor: own.id, target: 'database', after: { bytes: statSync(file()).size } }),
      ])
      expect(made.length).toBeGreaterThan(3)
      expect(made.filter(({ isError }) => isError)).toEqual([])
      expect(statSync(file()).mode & 0o777).toBe(0o600)
      const bytes = gunzipSync(readFileSync(file()))
      const masterKey = readFileSync(join(home.dataDir, 'master.key'), 'utf8').trim()
      for (const secret of [...SECRETS, masterKey, Buffer.from(masterKey, 'base64'), gateway.adminKey, accessKey])
        expect(bytes.includes(secret)).toBe(false)
      // What is not secret is there.
      expect(bytes.includes('open_parcels')).toBe(true)
    })

    test('restored into an empty folder, it lists and calls the same with its own master key', async () => {
      const dataDir = emptyFolder()
      expect(await restore(dataDir)).toMatchObject({ code: 0, stderr: '' })
      copyFileSync(join(home.dataDir, 'master.key'), join(dataDir, 'master.key'))
      copyFileSync(join(home.dataDir, 'admin.key'), join(dataDir, 'admin.key'))
      const again = await started(dataDir)
      try {
        expect(await lists(again, accessKey)).toEqual(await lists(gateway, accessKey))
        // Of a moment between two changes: no event without its place (S69).
        expect((await ask(again, 'GET', '/audit-events/verification')).body).toMatchObject({
          intact: true,
          fault: null,
        })
        api.asked.length = 0
        expect(await call(again, accessKey)).toMatchObject({ isError: false })
        expect([api.asked[0]!.url, api.asked[0]!.headers['x-extra']]).toEqual([
          `/parcels/1?tenant=${SECRETS[1]}`,
          SECRETS[2],
        ])
      } finally {
        await again.end('SIGTERM')
      }
      const refused = await restore(dataDir)
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('has a database already') })
    })

    test('with another master key the gateway does not start, and says what is missing', async () => {
      const dataDir = emptyFolder()
      await restore(dataDir)
      writeFileSync(join(dataDir, 'admin.key'), 'sla_x')
      await expect(started(dataDir)).rejects.toThrow(/sealed with another master key/)
    })

    test('what is cut short, or is none, is refused and leaves nothing', async () => {
      const [cut, other] = [join(folder, 'cut.backup'), join(folder, 'other.backup')]
      copyFileSync(file(), cut)
      truncateSync(cut, Math.floor(statSync(cut).size / 2))
      const archive = join(folder, 'archive.backup')
      writeFileSync(other, 'no backup')
      writeFileSync(archive, gzipSync(Buffer.alloc(2048)))
      for (const from of [cut, other, archive]) {
        const dataDir = emptyFolder()
        expect(await restore(dataDir, from)).toMatchObject({
          code: 1,
          stderr: expect.stringContaining('no backup of Sluice'),
        })
        expect(readdirSync(dataDir).filter((name) => name.startsWith('database') && !/lock|pid/.test(name))).toEqual([])
      }
    })

    test.skipIf(!canMount())('a disk that is too small is told, and not that the backup is none', async () => {
      const dataDir = emptyFolder()
      const script = 'mount -t tmpfs -o size=4m none "$1" && "$2" "$3" restore "$4"; ls "$1"'
      const words = ['sh', dataDir, process.execPath, join(ROOT, 'sluice'), file()]
      const { stdout, stderr } = await run('unshare', ['-rm', 'sh', '-c', script, ...words], {
        env: cleanEnv({ DATA_DIR: dataDir }),
      })
      expect(stderr).toMatch(new RegExp(`DATA_DIR: the folder ${dataDir} cannot be used: ENOSPC`))
      expect(stdout).toBe('database.lock\n')
    })

    test('nothing is written over, and not while the folder is in use', async () => {
      expect(await backup(file())).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already') })
      expect(await restore(home.dataDir)).toMatchObject({ code: 1, stderr: expect.stringContaining('in use by') })
    })
  })

  describe.runIf(kind === 'postgres')('with the programs of PostgreSQL', () => {
    test('`sluice backup` and `sluice restore` name them', async () => {
      expect(await backup(file())).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('pg_dump --format=custom'),
      })
      expect(existsSync(file())).toBe(false)
      writeFileSync(file(), 'x')
      const { DATABASE_URL } = home.env
      expect(await sluice(['restore', file()], { env: { DATABASE_URL: DATABASE_URL! } })).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('pg_restore --clean'),
      })
    })

    test('what they copy serves the same', async () => {
      const dump = join(folder, 'sluice.dump')
      const other = await newHome('postgres')
      execFileSync(program('pg_dump'), ['--format=custom', '--compress=0', `--file=${dump}`, home.env.DATABASE_URL!])
      execFileSync(program('pg_restore'), [
        '--clean',
        '--if-exists',
        '--no-owner',
        `--dbname=${other.env.DATABASE_URL}`,
        dump,
      ])
      const bytes = readFileSync(dump)
      for (const secret of SECRETS) expect(bytes.includes(secret)).toBe(false)
      expect(bytes.includes('open_parcels')).toBe(true)
      for (const name of ['master.key', 'admin.key']) copyFileSync(join(home.dataDir, name), join(other.dataDir, name))
      const again = await startGateway(other)
      try {
        expect(await lists(again, accessKey)).toEqual(await lists(gateway, accessKey))
        expect(await call(again, accessKey)).toMatchObject({ isError: false })
      } finally {
        await again.end('SIGTERM')
        await other.remove()
      }
    })
  })

  test('only owners may', async () => {
    const key = (await ask(gateway, 'POST', '/admin-keys', { name: 'editor', role: 'editor' })).body.key
    expect((await ask({ url: gateway.url, adminKey: key }, 'GET', '/backup')).status).toBe(403)
  })
})

/** Of the newest PostgreSQL that is installed. */
function program(name: string): string {
  const base = '/usr/lib/postgresql'
  const [newest] = existsSync(base) ? readdirSync(base).toSorted((a, b) => Number(b) - Number(a)) : []
  return newest ? join(base, newest, 'bin', name) : name
}

/** Whether a file system of one's own can be had, as on most Linux. */
function canMount(): boolean {
  return spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', tmpdir()]).status === 0
}
