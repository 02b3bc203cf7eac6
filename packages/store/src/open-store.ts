import { sql } from 'drizzle-orm'
import { type Database, databaseOf } from './database.ts'
import type { Engine } from './engine.ts'
import { migrateDatabase } from './migrate-database.ts'
import { pgliteEngine } from './pglite-engine.ts'
import { postgresEngine } from './postgres-engine.ts'

export interface Store {
  readonly kind: 'postgres' | 'pglite'
  readonly db: Database
  /** @throws Problem `database-unavailable` when the database does not answer. */
  ping(): Promise<void>
  /**
   * Calls `listener` soon after a revision was bumped, by this process or another; the returned function ends that. It
   * only saves waiting: a call can get lost with the connection, so whoever must know polls `readRevisions` as well.
   */
  onChange(listener: () => void): () => void
  /** A copy of the embedded database, for `restoreDatabase`; undefined for PostgreSQL, which has its own ways. */
  readonly dump: (() => Promise<Uint8Array>) | undefined
  /** Waits for what is under way. */
  close(): Promise<void>
}

export type StoreOptions = {
  /** The folder that holds the migrations and `meta/_journal.json`. */
  readonly migrationsFolder: string
} & (
  | { readonly databaseUrl: string }
  | {
      /** Where PGlite keeps its files. Null: in memory, for tests. */
      readonly dataFolder: string | null
      /** A file made by `makeSnapshot`, from which a new database is made in a fifth of the time. May be missing. */
      readonly snapshot?: string
    }
)

/**
 * Opens the database and brings it up to date; several processes may do so at once.
 *
 * PGlite runs with fsync off: what was acknowledged survives the death of the process at any point, but not a power cut.
 *
 * @throws Problem `database-unavailable` when PostgreSQL cannot be reached.
 * @throws DataFolderInUse when another process has the data folder.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const engine = 'databaseUrl' in options ? postgresEngine(options.databaseUrl) : await pgliteEngine(options)
  try {
    await migrateDatabase(engine.newClient(), options.migrationsFolder)
    return await serve(engine)
  } catch (error) {
    await engine.close()
    throw error
  }
}

async function serve(engine: Engine): Promise<Store> {
  const listeners = new Set<() => void>()
  const db = databaseOf(engine.pool)
  await engine.listen(() => {
    for (const listener of listeners) listener()
  })
  return {
    kind: engine.kind,
    db,
    ping: async () => void (await db.execute(sql`select 1`)),
    onChange: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    dump: engine.dump?.bind(engine),
    close: () => engine.close(),
  }
}
