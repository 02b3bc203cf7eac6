import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import type pg from 'pg'
import { databaseProblem } from './database-problem.ts'

/**
 * Runs the migrations that are missing, all in one transaction, while every other process that would do the same waits.
 * Opens the client and closes it, which also gives the lock back.
 */
export async function migrateDatabase(client: pg.Client, migrationsFolder: string): Promise<void> {
  client.on('error', () => {}) // The query under way fails as well.
  try {
    await client.connect()
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    await migrate(drizzle(client), { migrationsFolder })
  } catch (error) {
    throw databaseProblem(error)
  } finally {
    await client.end()
  }
}

/** Any number will do that nobody else uses: "sluice" in ASCII. */
const MIGRATION_LOCK = 0x736c75696365
