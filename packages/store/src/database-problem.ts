import { Problem } from '@sluice/contract'
import { DrizzleError, DrizzleQueryError } from 'drizzle-orm'
import pg from 'pg'

/**
 * What a failed query is thrown as: a `Problem` where the database could not do its work, else the database's own error.
 * Drizzle's wrapper never gets out: its message holds all parameters of the query, which belong in no log (S39).
 */
export function databaseProblem(error: unknown): unknown {
  const cause = error instanceof DrizzleQueryError ? error.cause : error
  if (cause instanceof Problem || !isUnavailable(cause)) return cause
  return new Problem('database-unavailable', { detail: 'The database cannot be used at the moment.', cause })
}

function isUnavailable(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return UNAVAILABLE_STATES.test(error.code ?? '')
  // What else the driver throws is about its connection (refused, reset, timed out, ended), but for plain bugs.
  return error instanceof Error && !BUGS.some((bug) => error instanceof bug)
}

/**
 * SQLSTATE by class (PostgreSQL, appendix A): 08 connection, 28 refused log-in, 53 out of disk, memory or connections,
 * 57 stopped by the operator or by a timeout, 58 input and output; 3D000 no such database, 25006 only reads are served,
 * 55000 the database takes no connections.
 */
const UNAVAILABLE_STATES = /^(08|28|53|57|58|3D000|25006|55000)/

const BUGS = [TypeError, RangeError, ReferenceError, SyntaxError, DrizzleError]
