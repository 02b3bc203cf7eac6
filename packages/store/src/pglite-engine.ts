import { existsSync, mkdirSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { type Engine, REVISION_CHANNEL } from './engine.ts'
import { lockFolder } from './lock-folder.ts'
import { type PgliteThread, startPglite } from './start-pglite.ts'
import { unpackSnapshot } from './unpack-snapshot.ts'

/** PostgreSQL frees what was deleted by itself; PGlite, one process alone, does not: its files would grow with all that ever was. */
const VACUUM_EVERY_MS = 10 * 60_000

/**
 * PGlite in a thread of its own, reached through `pg` like any server. It has one session, so the pool has one
 * connection: a query waits for the transaction under way.
 */
export async function pgliteEngine(options: {
  dataFolder: string | null
  snapshot?: string
  vacuumEveryMs?: number
}): Promise<Engine> {
  const { dataFolder, vacuumEveryMs = VACUUM_EVERY_MS } = options
  const snapshot = options.snapshot && existsSync(options.snapshot) ? options.snapshot : undefined
  if (dataFolder === null) return engineOf(await startPglite({ folder: null, snapshot }), vacuumEveryMs)

  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const unlock = lockFolder(dataFolder)
  try {
    const folder = join(dataFolder, 'database')
    if (!existsSync(folder)) await createDatabase(folder, snapshot)
    const thread = await startPglite({ folder })
    thread.onEnd(unlock)
    return engineOf(thread, vacuumEveryMs)
  } catch (error) {
    unlock()
    throw error
  }
}

/** A client for a PGlite thread. */
export function pgliteClient(thread: PgliteThread): pg.Client {
  return new pg.Client(connectionTo(thread))
}

/** The folder appears when it is whole: a start that was interrupted here begins again. */
async function createDatabase(folder: string, snapshot: string | undefined): Promise<void> {
  const unfinished = `${folder}.new`
  await rm(unfinished, { recursive: true, force: true })
  if (snapshot) await unpackSnapshot(snapshot, unfinished)
  else await (await startPglite({ folder: unfinished })).close()
  await rename(unfinished, folder)
}

function engineOf(thread: PgliteThread, vacuumEveryMs: number): Engine {
  const pool = new pg.Pool({
    ...connectionTo(thread),
    max: 1,
    idleTimeoutMillis: 0,
    onConnect: (client) => client.query(`listen ${REVISION_CHANNEL}`),
  })
  // In its turn, and so outside of any transaction. What fails is done the next time.
  const vacuum = setInterval(() => void pool.query('vacuum').catch(() => {}), vacuumEveryMs).unref()
  return {
    kind: 'pglite',
    pool,
    newClient: () => pgliteClient(thread),
    listen: async (onChange) => {
      pool.on('connect', (client) => client.on('notification', onChange))
    },
    dump: async () => {
      // While the one connection is ours no transaction is open.
      const client = await pool.connect()
      try {
        await client.query('checkpoint')
        return await thread.dump()
      } finally {
        client.release()
      }
    },
    close: async () => {
      clearInterval(vacuum)
      await pool.end()
      await thread.close()
    },
  }
}

function connectionTo(thread: PgliteThread): pg.ClientConfig {
  // All of it said, so that PGHOST and its like in the environment say nothing.
  return { host: 'pglite', user: 'postgres', password: '', database: 'postgres', ssl: false, stream: thread.connect }
}
