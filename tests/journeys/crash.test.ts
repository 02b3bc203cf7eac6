import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { ask, listAll } from '../support/admin.ts'
import { DATABASES, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'

const KILLS = 20
const LONGEST_MS = 1_200
const TOOLS = 25

/** What the gateway acknowledged before it was killed. */
interface Acknowledged {
  /** Revision of the document last imported, by server. */
  readonly imports: Map<string, number>
  readonly keys: Map<string, string>
  readonly revoked: Set<string>
}

test.each(DATABASES)(
  'promise 5: killed at %s: 20 random moments of imports and writes lose nothing acknowledged and leave nothing half done',
  async (kind) => {
    const home = await newHome(kind)
    const known: Acknowledged = { imports: new Map(), keys: new Map(), revoked: new Set() }
    let writes = 0
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        const gateway = await startGateway(home)
        await expectWhole(gateway, known)
        // The first import of a process is slow, and a kill before the first write would prove nothing.
        await importOnce(gateway, known, `s-${kill}-0`)
        const before = count(known)
        const working = Promise.allSettled([importForEver(gateway, known, kill), writeKeysForEver(gateway, known)])
        await sleep(Math.random() * LONGEST_MS)
        await gateway.end('SIGKILL')
        expect((await working).map(reasonOf)).toEqual(['fetch failed', 'fetch failed'])
        writes += count(known) - before
      }
      const gateway = await startGateway(home)
      await expectWhole(gateway, known)
      await gateway.end('SIGTERM')
      // A test whose kills all came before the first write would prove nothing.
      expect(writes).toBeGreaterThan(KILLS)
    } finally {
      await home.remove()
    }
  },
  400_000,
)

function count({ imports, keys, revoked }: Acknowledged): number {
  return imports.size + keys.size + revoked.size
}

/** Only the end of the gateway may end the work. */
function reasonOf(result: PromiseSettledResult<void>): string {
  return result.status === 'rejected' && /fetch failed|terminated/.test(String(result.reason))
    ? 'fetch failed'
    : JSON.stringify(result)
}

/** Imports new servers and new revisions of one, until the gateway is gone. */
async function importForEver(gateway: GatewayProcess, known: Acknowledged, round: number): Promise<void> {
  for (let n = 1; ; n++) await importOnce(gateway, known, n % 2 === 0 ? 'again' : `s-${round}-${n}`)
}

async function importOnce(gateway: GatewayProcess, known: Acknowledged, server: string): Promise<void> {
  const revision = (known.imports.get('again') ?? 0) + 1
  const body = { text: documentOf(server, revision), enable: 'all', accept: true }
  const answer = await ask(gateway, 'POST', `/imports?commit=true&server=${server}&upstream=${server}`, body)
  expect(answer.status).toBe(200)
  known.imports.set(server, revision)
}

/** Every operation says its revision: half of an import would show as two. */
function documentOf(title: string, revision: number): string {
  const paths = Object.fromEntries(
    Array.from({ length: TOOLS }, (_, n) => [
      `/t${n}`,
      { get: { operationId: `t${n}`, summary: `revision ${revision}` } },
    ]),
  )
  return JSON.stringify({ openapi: '3.1.0', info: { title }, servers: [{ url: 'https://api.test' }], paths })
}

async function writeKeysForEver(gateway: GatewayProcess, known: Acknowledged): Promise<void> {
  for (;;) {
    const [server] = known.imports.keys()
    if (server === undefined) {
      await sleep(20)
      await ask(gateway, 'GET', '/servers')
      continue
    }
    const created = await ask(gateway, 'POST', '/access-keys', { name: 'crash', servers: [server] })
    expect(created.status).toBe(201)
    known.keys.set(created.body.id, created.body.key)
    if (known.keys.size % 2 === 0) {
      expect((await ask(gateway, 'DELETE', `/access-keys/${created.body.id}`)).status).toBe(200)
      known.revoked.add(created.body.id)
    }
  }
}

async function expectWhole(gateway: GatewayProcess, known: Acknowledged): Promise<void> {
  const servers: Array<{ slug: string; tools: { enabled: number } }> = await listAll(gateway, '/servers')
  for (const slug of known.imports.keys()) expect(servers.map((server) => server.slug)).toContain(slug)
  expect(servers.filter(({ tools }) => tools.enabled !== TOOLS)).toEqual([])
  if (known.imports.has('again')) {
    const { items } = (await ask(gateway, 'GET', '/servers/again/tools')).body
    const revisions = new Set<string>(items.map(({ title }: { title: string }) => title))
    expect(revisions.size).toBe(1)
    expect(Number([...revisions][0]!.slice('revision '.length))).toBeGreaterThanOrEqual(known.imports.get('again')!)
  }
  const keys = new Map<string, { revokedAt: string | null }>(
    (await listAll(gateway, '/access-keys')).map((key: { id: string; revokedAt: string | null }) => [key.id, key]),
  )
  for (const id of known.keys.keys()) expect(keys.has(id)).toBe(true)
  for (const id of known.revoked) expect(keys.get(id)!.revokedAt).not.toBe(null)
}
