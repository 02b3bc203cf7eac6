import { parseJson } from '@sluice/schema'
import {
  createTableRelationsHelpers,
  type ExtractTablesWithRelations,
  extractTablesRelationalConfig,
  sql,
} from 'drizzle-orm'
import { type NodePgQueryResultHKT, NodePgSession, NodePgTransaction } from 'drizzle-orm/node-postgres'
import {
  PgDatabase,
  PgDialect,
  type PgPreparedQuery,
  type PgTransactionConfig,
  type PreparedQueryConfig,
} from 'drizzle-orm/pg-core'
import pg from 'pg'
import { databaseProblem } from './database-problem.ts'
import * as schema from './schema.ts'

// The database keeps all digits of a number; what reads it must, too. Drizzle takes types from here and from nowhere else.
pg.types.setTypeParser(pg.types.builtins.JSONB, parseJson)

/** Drizzle's handle: a store's `db`, or the transaction that a function was given. */
export type Database = PgDatabase<NodePgQueryResultHKT, typeof schema>

/** The handle of a pool. Every query that fails throws what `databaseProblem` makes of it. */
export function databaseOf(pool: pg.Pool): Database {
  // Without this, a connection that breaks while it is checked out and idle would end the process.
  pool.on('connect', (client) => client.on('error', ignore))
  pool.on('error', ignore)
  return new PgDatabase(dialect, new StoreSession(pool), relations)
}

type Tables = ExtractTablesWithRelations<typeof schema>
type PrepareQueryArguments = Parameters<NodePgSession<typeof schema, Tables>['prepareQuery']>
type Work<T> = (tx: NodePgTransaction<typeof schema, Tables>) => Promise<T>

const dialect = new PgDialect()
const relational = extractTablesRelationalConfig<Tables>(schema, createTableRelationsHelpers)
const relations = { fullSchema: schema, schema: relational.tables, tableNamesMap: relational.tableNamesMap }

/**
 * Drizzle's session with its failures put right. Drizzle's own wraps errors in a message that holds all parameters, keeps
 * the connection of a transaction that could not begin, and lets a failing rollback hide what went wrong.
 */
class StoreSession extends NodePgSession<typeof schema, Tables> {
  readonly #pool: pg.Pool

  constructor(pool: pg.Pool, connection: pg.Pool | pg.PoolClient = pool) {
    super(connection, dialect, relations)
    this.#pool = pool
  }

  override prepareQuery<T extends PreparedQueryConfig>(...query: PrepareQueryArguments): PgPreparedQuery<T> {
    const prepared = super.prepareQuery<T>(...query)
    const execute = prepared.execute.bind(prepared)
    prepared.execute = (values) => execute(values).catch(throwDatabaseProblem)
    return prepared
  }

  override async transaction<T>(work: Work<T>, config?: PgTransactionConfig): Promise<T> {
    const client = await this.#pool.connect().catch(throwDatabaseProblem)
    const tx = new NodePgTransaction<typeof schema, Tables>(dialect, new StoreSession(this.#pool, client), relations)
    try {
      await tx.execute(sql`begin`)
      if (config) await tx.setTransaction(config)
      const result = await work(tx)
      await tx.execute(sql`commit`)
      client.release()
      return result
    } catch (error) {
      // Closing the connection rolls back, whatever state it is in.
      client.release(true)
      throw error
    }
  }
}

function throwDatabaseProblem(error: unknown): never {
  throw databaseProblem(error)
}

function ignore(): void {}
