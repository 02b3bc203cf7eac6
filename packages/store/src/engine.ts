import type pg from 'pg'

/** What is different between PostgreSQL and PGlite. Everything above it speaks to both through `pg`. */
export interface Engine {
  readonly kind: 'postgres' | 'pglite'
  readonly pool: pg.Pool
  /** A connection of its own, not yet open and without time limits: migrations may take long. */
  newClient(): pg.Client
  /** Calls `onChange` for notifications on `REVISION_CHANNEL`, and whenever some may have been missed. */
  listen(onChange: () => void): Promise<void>
  /** The whole database as it is between two transactions, as a gzipped tar. Absent where the server has its own ways. */
  dump?(): Promise<Uint8Array>
  close(): Promise<void>
}

export const REVISION_CHANNEL = 'sluice_revision'
