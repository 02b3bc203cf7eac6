import { type Column, getTableColumns, type InferInsertModel, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Database } from './database.ts'

/**
 * Inserts a batch of rows, all with the columns of the first, as one parameter: several times faster than a parameter
 * for each value, of which an import has a hundred thousand. With `keepExisting`, rows that clash with stored ones are
 * left out.
 */
export async function insertRows<T extends PgTable>(
  tx: Database,
  table: T,
  rows: ReadonlyArray<InferInsertModel<T>>,
  options: { keepExisting?: boolean } = {},
): Promise<void> {
  const [first] = rows
  if (!first) return
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => key in first)
  const encoded = (rows as ReadonlyArray<Record<string, unknown>>).map((row) =>
    Object.fromEntries(
      columns.map(([key, column]) => [
        column.name,
        row[key] === null ? null : asText(column.mapToDriverValue(row[key])),
      ]),
    ),
  )
  const each = (part: (column: Column) => SQL) =>
    sql.join(
      columns.map(([, column]) => part(column)),
      sql`, `,
    )
  await tx.execute(sql`
    insert into ${table} (${each((column) => sql`${sql.identifier(column.name)}`)})
    select ${each((column) => sql`${sql.identifier(column.name)}::${sql.raw(column.getSQLType())}`)}
    from json_to_recordset(${JSON.stringify(encoded)}) as row (${each((column) => sql`${sql.identifier(column.name)} text`)})
    ${options.keepExisting ? sql`on conflict do nothing` : sql``}`)
}

/** Bytes as PostgreSQL writes them. */
function asText(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value
  return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`
}

/** Small enough for the event loop to turn between two, by number and by the characters or bytes that each row brings. */
export function* batchesOf<T>(rows: readonly T[], sizeOf: (row: T) => number = () => 0): Generator<readonly T[]> {
  let batch: T[] = []
  let size = 0
  for (const row of rows) {
    batch.push(row)
    size += sizeOf(row)
    if (batch.length < BATCH_ROWS && size < BATCH_SIZE) continue
    yield batch
    batch = []
    size = 0
  }
  if (batch.length > 0) yield batch
}

const BATCH_ROWS = 500
const BATCH_SIZE = 80_000
