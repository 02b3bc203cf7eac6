import { sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import type { Store } from './open-store.ts'
import { droppedCalls, recordedCalls } from './schema-records.ts'

/** How much of the record is kept. 0: no limit. */
export interface CallRetention {
  readonly maxAgeDays: number
  /** Of all workspaces together. */
  readonly maxRows: number
}

/** Deleted at a time: a statement must not hold the one connection of the embedded database for long. */
const MOST_AT_ONCE = 5_000

/** Deletes what is too old or too much, the oldest first, and says how many calls. Of several gateways one does, the others leave it to that one. */
export async function sweepCalls(store: Store, { maxAgeDays, maxRows }: CallRetention): Promise<number> {
  let swept = 0
  for (;;) {
    const deleted = await store.db.transaction(async (tx) => {
      if (!(await isAlone(tx))) return 0
      return (await sweepOld(tx, maxAgeDays)) || (await sweepExcess(tx, maxRows))
    })
    swept += deleted
    if (deleted < MOST_AT_ONCE) return swept
  }
}

/** Until the transaction ends nobody else is. */
async function isAlone(tx: Database): Promise<boolean> {
  const { rows } = await tx.execute<{ free: boolean }>(sql`select pg_try_advisory_xact_lock(${LOCK}) as free`)
  return rows[0]!.free
}

const LOCK = 7_230_014

async function sweepOld(tx: Database, maxAgeDays: number): Promise<number> {
  if (maxAgeDays === 0) return 0
  const oldest = sql`now() - make_interval(days => ${maxAgeDays})`
  await tx.execute(sql`delete from ${droppedCalls} where ${droppedCalls.at} < ${oldest}`)
  return deleteOldest(tx, MOST_AT_ONCE, sql`where ${recordedCalls.writtenAt} < ${oldest}`)
}

async function sweepExcess(tx: Database, maxRows: number): Promise<number> {
  if (maxRows === 0) return 0
  const excess = (await tx.$count(recordedCalls)) - maxRows
  return excess > 0 ? deleteOldest(tx, Math.min(excess, MOST_AT_ONCE)) : 0
}

async function deleteOldest(tx: Database, most: number, where = sql``): Promise<number> {
  const { rowCount } = await tx.execute(sql`
    delete from ${recordedCalls} where ctid in (
      select ctid from ${recordedCalls} ${where} order by ${recordedCalls.writtenAt} limit ${most})`)
  return rowCount ?? 0
}
