import { type SQL, sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import type { Store } from './open-store.ts'
import { droppedCalls, recordedCalls } from './schema-records.ts'

/** How much of the record is kept. 0: no limit. */
export interface CallRetention {
  readonly maxAgeDays: number
  /** Of all workspaces together. */
  readonly maxRows: number
  /** Of what was sent and answered, of all workspaces together, as the database holds it. */
  readonly maxContentBytes: number
}

/** Rows at a time: a statement must not hold the one connection of the embedded database for long. */
const MOST_AT_ONCE = 5_000

/**
 * Deletes what is too old or too much, and says how many calls it deleted or took the content of. Of what is too much the workspace
 * that has most pays, with its oldest: none pushes out what others recorded (promise 6). Of several gateways one does it, the others
 * leave it to that one.
 */
export async function sweepCalls(store: Store, retention: CallRetention): Promise<number> {
  let swept = 0
  for (;;) {
    const done = await store.db.transaction(async (tx) => {
      if (!(await isAlone(tx))) return 0
      const { maxAgeDays, maxRows, maxContentBytes } = retention
      return (
        (await sweepOld(tx, maxAgeDays)) ||
        (await sweepExcess(tx, maxRows)) ||
        (await sweepContent(tx, maxContentBytes))
      )
    })
    swept += done
    if (done === 0) return swept
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
  return changed(
    tx,
    sql`delete from ${recordedCalls} where ctid in (
      select ctid from ${recordedCalls} where ${recordedCalls.writtenAt} < ${oldest}
      order by ${recordedCalls.writtenAt} limit ${MOST_AT_ONCE})`,
  )
}

async function sweepExcess(tx: Database, maxRows: number): Promise<number> {
  const { workspaceId, writtenAt } = recordedCalls
  const excess = await largest(tx, maxRows, sql`count(*)`, sql`true`)
  if (!excess) return 0
  return changed(
    tx,
    sql`delete from ${recordedCalls} where ctid in (
      select ctid from ${recordedCalls} where ${workspaceId} = ${excess.workspaceId}
      order by ${writtenAt} limit ${Math.min(excess.amount, MOST_AT_ONCE)})`,
  )
}

/** The calls stay, without what was sent and answered in them. */
async function sweepContent(tx: Database, maxBytes: number): Promise<number> {
  const { workspaceId, writtenAt } = recordedCalls
  const excess = await largest(tx, maxBytes, sql`sum(${CONTENT_BYTES})`, HAS_CONTENT)
  if (!excess) return 0
  return changed(
    tx,
    sql`update ${recordedCalls} set arguments = null, answer = null, answer_type = null,
      is_cut = false, is_redacted = false where ctid in (
      select ctid from (
        select ctid, sum(${CONTENT_BYTES}) over (order by ${writtenAt}, ctid) - ${CONTENT_BYTES} as before
        from ${recordedCalls} where ${workspaceId} = ${excess.workspaceId} and (${HAS_CONTENT})
        order by ${writtenAt}, ctid limit ${MOST_AT_ONCE}) as oldest
      where before < ${excess.amount})`,
  )
}

const HAS_CONTENT = sql`${recordedCalls.arguments} is not null or ${recordedCalls.answer} is not null`
/** As they are stored: nothing is unpacked for it. */
const CONTENT_BYTES = sql`(coalesce(pg_column_size(${recordedCalls.arguments}), 0) + coalesce(pg_column_size(${recordedCalls.answer}), 0))`

interface Excess {
  readonly workspaceId: string
  /** What it has to give: no more than is over the limit, nor so much that it had less than its share of what may be kept. */
  readonly amount: number
}

/** The workspace that has most of something, where all have more of it than may be; nothing where they have not. */
async function largest(tx: Database, most: number, amount: SQL, where: SQL): Promise<Excess | undefined> {
  if (most === 0) return undefined
  const { rows } = await tx.execute<{ workspace_id: string; amount: string }>(sql`
    select ${recordedCalls.workspaceId} as workspace_id, ${amount} as amount
    from ${recordedCalls} where ${where} group by 1 order by 2 desc, 1`)
  const total = rows.reduce((sum, row) => sum + Number(row.amount), 0)
  if (total <= most) return undefined
  const { workspace_id: workspaceId, amount: own } = rows[0]!
  return { workspaceId, amount: Math.min(total - most, Math.ceil(Number(own) - most / rows.length)) }
}

async function changed(tx: Database, statement: SQL): Promise<number> {
  return (await tx.execute(statement)).rowCount ?? 0
}
