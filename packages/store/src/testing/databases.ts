import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, inject } from 'vitest'
import { makeSnapshot } from '../make-snapshot.ts'
import { openStore, type Store, type StoreOptions } from '../open-store.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL server whose user may create databases; undefined: the tests run on PGlite only. */
    postgresUrl: string | undefined
  }
}

export const MIGRATIONS = fileURLToPath(new URL('../../../../migrations', import.meta.url))
const CACHE = fileURLToPath(new URL('../../../../node_modules/.cache/sluice', import.meta.url))

/** A database that outlives its store: PGlite in a folder, or one made on the PostgreSQL server. */
export interface TestDatabase {
  readonly kind: Store['kind']
  readonly options: StoreOptions
  drop(): Promise<void>
}

/** Runs the tests of `suite` on an empty store of each kind. */
export function onEachDatabase(suite: (store: () => Store) => void): void {
  describe.each(KINDS)('on %s', (kind) => {
    let database: TestDatabase
    let store: Store
    beforeAll(async () => {
      database = kind === 'pglite' ? await inMemory() : await onPostgres()
      store = await openStore(database.options)
    })
    afterAll(async () => {
      await store?.close()
      await database?.drop()
    })
    suite(() => store)
  })
}

/** Runs the tests of `suite` for each kind (or those named), with a way to make databases, dropped when all is done. */
export function withEachDatabase(suite: (newDatabase: () => Promise<TestDatabase>) => void, kinds = KINDS): void {
  describe.each(kinds.filter((kind) => KINDS.includes(kind)))('on %s', (kind) => {
    const made: TestDatabase[] = []
    afterAll(async () => {
      for (const database of made) await database.drop()
    })
    suite(async () => {
      const database = kind === 'pglite' ? await inFolder() : await onPostgres()
      made.push(database)
      return database
    })
  })
}

/** Ends all connections to a database on the PostgreSQL server, as its restart would. */
export function breakConnections({ options }: TestDatabase): Promise<void> {
  const name = new URL((options as { databaseUrl: string }).databaseUrl).pathname.slice(1)
  return onServer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`)
}

/** A snapshot of the migrations as they are, made once and kept where the installed packages keep such things. */
export async function testSnapshot(): Promise<string> {
  const hash = createHash('sha256').update(pgliteVersion())
  hash.update(readFileSync(new URL('../make-snapshot.ts', import.meta.url)))
  for (const file of readdirSync(MIGRATIONS).filter((name) => name.endsWith('.sql'))) {
    hash.update(readFileSync(join(MIGRATIONS, file)))
  }
  const file = join(CACHE, `test-${hash.digest('hex').slice(0, 16)}.tar.gz`)
  if (!existsSync(file)) await makeSnapshot(file, MIGRATIONS)
  return file
}

const KINDS: ReadonlyArray<Store['kind']> = inject('postgresUrl') ? ['pglite', 'postgres'] : ['pglite']

async function inMemory(): Promise<TestDatabase> {
  const snapshot = await testSnapshot()
  return {
    kind: 'pglite',
    options: { dataFolder: null, snapshot, migrationsFolder: MIGRATIONS },
    drop: async () => {},
  }
}

async function inFolder(): Promise<TestDatabase> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'sluice-store-'))
  const snapshot = await testSnapshot()
  return {
    kind: 'pglite',
    options: { dataFolder, snapshot, migrationsFolder: MIGRATIONS },
    drop: () => rm(dataFolder, { recursive: true, force: true }),
  }
}

async function onPostgres(): Promise<TestDatabase> {
  const name = `sluice_test_${randomUUID().replaceAll('-', '')}`
  // Sorted as English is, which is common and unlike PGlite.
  await onServer(`create database ${name} template template0 encoding 'UTF8' locale_provider icu icu_locale 'en-US'`)
  const url = new URL(inject('postgresUrl')!)
  url.pathname = name
  return {
    kind: 'postgres',
    options: { databaseUrl: url.href, migrationsFolder: MIGRATIONS },
    drop: () => onServer(`drop database ${name} with (force)`),
  }
}

function pgliteVersion(): string {
  const require = createRequire(import.meta.url)
  const entry = require.resolve('@electric-sql/pglite')
  return JSON.parse(readFileSync(join(entry, '../../package.json'), 'utf8')).version
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client(inject('postgresUrl'))
  await client.connect()
  await client.query(sql)
  await client.end()
}
