import { plainName } from '@sluice/contract'
import { type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'

/** Whether a tool's name is the same to clients that know no capitals, or have `_` for `-` (B36). */
export function isSameName(column: PgColumn | SQL, name: string): SQL {
  return sql`replace(lower(${column}), '-', '_') = ${plainName(name)}`
}
