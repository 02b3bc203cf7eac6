import type { Observation } from '@sluice/contract'
import type { CatalogOutline, DirectoryIssuer } from '@sluice/store'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createCatalogs } from './catalogs.ts'

/** A database of one server, in memory, that counts its readers and can be away. */
function database() {
  const state = {
    revision: 1,
    name: 'one',
    away: false,
    broken: false,
    slow: false,
    reads: 0,
    keys: ['k1'],
    readOnly: false,
    issuers: [] as DirectoryIssuer[],
  }
  const read = <T>(value: () => T) => {
    state.reads++
    return state.away ? Promise.reject(new Error('away')) : Promise.resolve(value())
  }
  let listener = () => {}
  const rows = (): CatalogOutline => ({
    server: {
      id: 's',
      workspaceId: 'w',
      slug: 'shop',
      name: state.name,
      mode: 'direct',
      codeCalls: 'read-only',
      instructions: '',
      limits: null,
      revision: state.revision,
    },
    upstreams: [],
    composites: [],
    resources: [],
    prompts: [],
    tools: [],
    secrets: new Map(),
  })
  return {
    state,
    hurry: () => listener(),
    source: {
      readRevisions: () => read(() => [{ id: 's', revision: state.revision }]),
      readDirectory: () =>
        read(() => ({
          servers: [{ id: 's', workspaceId: 'w', slug: 'shop', revision: state.revision }],
          keys: state.keys.map((keyHash) => ({
            id: keyHash,
            workspaceId: 'w',
            name: keyHash,
            keyHash,
            expiresAt: null,
            serverIds: ['s'],
            toolIds: null,
            tags: null,
            readOnly: state.readOnly,
            limits: null,
          })),
          issuers: state.issuers,
        })),
      readOutline: () => {
        if (state.broken) return Promise.reject(new Error('broken'))
        return state.slow ? new Promise<never>(() => {}) : read(rows)
      },
      readDefinitions: async () => new Map<string, Uint8Array>(),
      onChange: (wanted: () => void) => {
        listener = wanted
        return () => {}
      },
    },
  }
}

const observations: Observation[] = []
const open = async (db: ReturnType<typeof database>, maxStaleMs = 60_000) =>
  createCatalogs(db.source, { maxStaleMs, observe: (observation) => void observations.push(observation) })

describe('catalogs in memory', () => {
  beforeEach(() => {
    observations.length = 0
    vi.useFakeTimers()
  })
  afterEach(() => vi.useRealTimers())

  test('a warm catalog is served without reading the database', async () => {
    const db = database()
    const catalogs = await open(db)
    await catalogs.catalog('s')
    const before = db.state.reads
    for (let n = 0; n < 100; n++) expect((await catalogs.catalog('s'))?.server.name).toBe('one')
    expect(catalogs.keys().keysByHash.has('k1')).toBe(true)
    expect(db.state.reads).toBe(before)
    catalogs.close()
  })

  test('S48 a change is taken over within a second, or at once when hurried; keys too', async () => {
    const db = database()
    const catalogs = await open(db)
    await catalogs.catalog('s')
    Object.assign(db.state, { revision: 2, name: 'two', keys: [] })
    await vi.advanceTimersByTimeAsync(1_000)
    expect((await catalogs.catalog('s'))?.server.name).toBe('two')
    expect(catalogs.keys().keysByHash.size).toBe(0)
    Object.assign(db.state, { revision: 3, name: 'three' })
    db.hurry()
    await vi.advanceTimersByTimeAsync(0)
    expect((await catalogs.catalog('s'))?.server.name).toBe('three')
    catalogs.close()
  })

  test('S48 a catalog that cannot be loaded keeps no revoked key alive, and is tried again', async () => {
    const db = database()
    const catalogs = await open(db)
    await catalogs.catalog('s')
    Object.assign(db.state, { revision: 2, name: 'two', keys: [], broken: true })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(catalogs.keys().keysByHash.size).toBe(0)
    expect((await catalogs.catalog('s'))?.server.name).toBe('one')
    db.state.broken = false
    await vi.advanceTimersByTimeAsync(1_000)
    expect((await catalogs.catalog('s'))?.server.name).toBe('two')
    catalogs.close()
  })

  test('S48 a catalog that takes long to load keeps no revoked key alive', async () => {
    const db = database()
    const catalogs = await open(db)
    await catalogs.catalog('s')
    Object.assign(db.state, { revision: 2, name: 'two', slow: true })
    await vi.advanceTimersByTimeAsync(1_000)
    Object.assign(db.state, { revision: 3, keys: [] })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(catalogs.keys().keysByHash.size).toBe(0)
    expect((await catalogs.catalog('s'))?.server.name).toBe('one')
    catalogs.close()
  })

  test('B174 who listens is told where lists changed, or the rights of a key; of a key that comes or goes nobody is', async () => {
    const db = database()
    const catalogs = await open(db)
    const held = await catalogs.catalog('s')
    const told: string[] = []
    catalogs.onSwap((serverIds) => void told.push(serverIds.join()))
    for (const [change, times] of [
      [{ keys: ['k1', 'k2'] }, 0],
      [{ keys: ['k1'] }, 0],
      [{ readOnly: true }, 1],
      [{ name: 'two' }, 2],
      [{}, 2],
    ] as const) {
      Object.assign(db.state, { revision: db.state.revision + 1, ...change })
      await catalogs.refresh()
      expect(told).toHaveLength(times)
      if (times < 2) expect(await catalogs.catalog('s')).toBe(held)
    }
    expect(told).toEqual(['s', 's'])
    catalogs.close()
  })

  test('B174 who comes with an access token is told where the rules of its issuer changed', async () => {
    const db = database()
    const catalogs = await open(db)
    await catalogs.catalog('s')
    const told: string[] = []
    catalogs.onSwap((serverIds) => void told.push(serverIds.join()))
    const issuer = (id: string) => ({ id, workspaceId: 'w', serverIds: ['s'], rules: [] }) as unknown as DirectoryIssuer
    for (const issuers of [[issuer('a')], [issuer('a')], [issuer('b')], []]) {
      Object.assign(db.state, { revision: db.state.revision + 1, issuers })
      await catalogs.refresh()
    }
    expect(told).toEqual(['s', 's', 's'])
    catalogs.close()
  })

  test('a catalog that a call holds does not change under it', async () => {
    const db = database()
    const catalogs = await open(db)
    const held = await catalogs.catalog('s')
    Object.assign(db.state, { revision: 2, name: 'two' })
    await catalogs.refresh()
    expect(held?.server.name).toBe('one')
    catalogs.close()
  })

  test('with the database away what is in memory goes on being served, said once, and tried again', async () => {
    const db = database()
    const catalogs = await open(db)
    await catalogs.catalog('s')
    Object.assign(db.state, { away: true, revision: 2, name: 'two' })
    await vi.advanceTimersByTimeAsync(5_000)
    expect((await catalogs.catalog('s'))?.server.name).toBe('one')
    expect(catalogs.staleMs()).toBeGreaterThanOrEqual(5_000)
    expect(observations.map(({ kind }) => kind)).toEqual(['catalogs.refresh-failed'])
    db.state.away = false
    await vi.advanceTimersByTimeAsync(1_000)
    expect((await catalogs.catalog('s'))?.server.name).toBe('two')
    catalogs.close()
  })

  test('after too long nothing stale is served', async () => {
    const db = database()
    const catalogs = await open(db, 3_000)
    await catalogs.catalog('s')
    db.state.away = true
    await vi.advanceTimersByTimeAsync(4_000)
    await expect(catalogs.catalog('s')).rejects.toMatchObject({ code: 'database-unavailable' })
    catalogs.close()
  })

  test('a refresh that was asked for during another sees what was written before it was asked for', async () => {
    const db = database()
    const catalogs = await open(db)
    await catalogs.catalog('s')
    const first = catalogs.refresh()
    Object.assign(db.state, { revision: 2, name: 'two' })
    await Promise.all([first, catalogs.refresh()])
    expect((await catalogs.catalog('s'))?.server.name).toBe('two')
    catalogs.close()
  })
})
