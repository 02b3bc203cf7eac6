import pg from 'pg'
import { type Engine, REVISION_CHANNEL } from './engine.ts'

/** A PostgreSQL server, by its URL. Connects when the first query comes. */
export function postgresEngine(databaseUrl: string): Engine {
  const connection = {
    connectionString: databaseUrl,
    application_name: 'sluice',
    keepAlive: true,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
  }
  const pool = new pg.Pool({
    ...connection,
    max: MAX_CONNECTIONS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    // The server's limit does not help where the server is gone and its network says nothing.
    query_timeout: STATEMENT_TIMEOUT_MS + CONNECTION_TIMEOUT_MS,
  })
  const newClient = () => new pg.Client(connection)
  let stopListening = async () => {}
  return {
    kind: 'postgres',
    pool,
    newClient,
    listen: async (onChange) => {
      stopListening = await keepListening(newClient, onChange)
    },
    close: async () => {
      await stopListening()
      await pool.end()
    },
  }
}

const MAX_CONNECTIONS = 10
const CONNECTION_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 30_000
const RECONNECT_AFTER_MS = 1_000

/** Listens on a connection of its own, and on a new one whenever that breaks. Returns how to stop. */
async function keepListening(newClient: () => pg.Client, onChange: () => void): Promise<() => Promise<void>> {
  let stopped = false
  let client: pg.Client
  let retry: NodeJS.Timeout

  async function connect(): Promise<void> {
    client = newClient()
    client.on('notification', onChange)
    client.on('error', () => {}) // `end` follows.
    client.once('end', () => {
      if (!stopped) retry = setTimeout(connect, RECONNECT_AFTER_MS)
    })
    try {
      await client.connect()
      await client.query(`listen ${REVISION_CHANNEL}`)
      onChange() // What was said while nobody listened is lost.
    } catch {
      await client.end()
    }
  }

  await connect()
  return async () => {
    stopped = true
    clearTimeout(retry)
    await client.end()
  }
}
