import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { type Database, databaseOf } from './database.ts'
import { migrateDatabase } from './migrate-database.ts'
import { pgliteEngine } from './pglite-engine.ts'
import { postgresEngine } from './postgres-engine.ts'
import { withEachDatabase } from './testing/databases.ts'
import { earlierMigrations } from './testing/earlier-migrations.ts'
import { firstRows, LATER_ROWS } from './testing/rows-of-migrations.ts'

type Row = Readonly<Record<string, unknown>>

withEachDatabase((newDatabase) => {
  test('promise 7: what could be stored with each migration is as it was after the newest', async () => {
    const { options } = await newDatabase()
    const engine =
      'databaseUrl' in options ? postgresEngine(options.databaseUrl) : await pgliteEngine({ dataFolder: null })
    const db = databaseOf(engine.pool)
    const stored: Record<string, Row[]>[] = []
    for (const [earlier, rows] of [firstRows(), ...LATER_ROWS].entries()) {
      const folder = await earlierMigrations(earlier + 1)
      await migrateDatabase(engine.newClient(), folder)
      await rm(folder, { recursive: true })
      for (const row of rows) await db.execute(row)
      stored.push(await readAll(db))
    }
    await migrateDatabase(engine.newClient(), options.migrationsFolder)
    const newest = await readAll(db)
    await engine.close()

    // Each migration has its rows, and each table has some, or the rest says less than it seems to.
    expect(await countMigrations(options.migrationsFolder)).toBe(stored.length)
    expect(Object.keys(newest).filter((table) => newest[table]!.length === 0)).toEqual([])
    for (const [migration, tables] of stored.entries())
      for (const [table, rows] of Object.entries(tables))
        expect([migration, table, newest[table]]).toEqual([migration, table, containing(rows)])
  })
})

/** Each row of each table. */
async function readAll(db: Database): Promise<Record<string, Row[]>> {
  const { rows: tables } = await db.execute<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  )
  const all: Record<string, Row[]> = {}
  for (const { name } of tables) {
    const { rows } = await db.execute<{ row: Row }>(
      sql`select to_jsonb(one) as row from ${sql.identifier(name)} as one`,
    )
    all[name] = rows.map(({ row }) => asBytes(row))
  }
  return all
}

/** A document was text in the first migration, a definition for longer; both are bytes now. */
function asBytes(row: Row): Row {
  const texts = ['received', 'definition'].filter((name) => typeof row[name] === 'string')
  return { ...row, ...Object.fromEntries(texts.map((name) => [name, hexOf(row[name] as string)])) }
}

function hexOf(text: string): string {
  return text.startsWith('\\x') ? text : `\\x${Buffer.from(text).toString('hex')}`
}

function containing(rows: readonly Row[]): unknown {
  return expect.arrayContaining(rows.map((row) => expect.objectContaining(row)))
}

async function countMigrations(folder: string): Promise<number> {
  return JSON.parse(await readFile(join(folder, 'meta', '_journal.json'), 'utf8')).entries.length
}
