import type { CallFigures, CallFilter, CallGroup, CallStats } from '@sluice/contract'
import { and, eq, gte, lt, type SQL, sql } from 'drizzle-orm'
import type { Store } from './open-store.ts'
import { ofCalls } from './recorded-calls.ts'
import { droppedCalls, recordedCalls } from './schema-records.ts'
import { readSnapshot } from './transact.ts'

/** What is reckoned of recorded calls, but for money. */
export interface CountedCalls {
  readonly total: Counts
  readonly groups: ReadonlyArray<Counts & Pick<CallStats['groups'][number], 'key' | 'name'>>
  readonly dropped: number
}

type Counts = Omit<CallFigures, 'savedMoney'>

/** Counts the calls that are meant, in all and by what they have in common. */
export function countCalls(
  store: Store,
  workspaceId: string,
  { by, most, ...filter }: CallFilter & { readonly by: CallGroup; readonly most: number },
): Promise<CountedCalls> {
  const where = ofCalls(workspaceId, filter)
  const { key, name } = GROUPS[by]
  const order = by === 'hour' ? sql`key desc` : sql`calls desc, key`
  return readSnapshot(store, async (tx) => {
    const total = await tx.execute<Row>(sql`select ${FIGURES} from ${recordedCalls} where ${where}`)
    const groups = await tx.execute<Row & { key: string; name: string }>(sql`
      select ${key} as key, max(${name}) as name, ${FIGURES} from ${recordedCalls} where ${where}
      group by 1 order by ${order} limit ${most}`)
    const [dropped] = await tx
      .select({ calls: sql`coalesce(sum(${droppedCalls.calls}), 0)`.mapWith(Number) })
      .from(droppedCalls)
      .where(isDropped(workspaceId, filter))
    return {
      total: toCounts(total.rows[0]!),
      // The last hours, the first of them first.
      groups: (by === 'hour' ? groups.rows.toReversed() : groups.rows).map((row) => ({
        key: row.key,
        name: row.name,
        ...toCounts(row),
      })),
      dropped: dropped!.calls,
    }
  })
}

function isDropped(workspaceId: string, { since, until }: CallFilter): SQL | undefined {
  const { at } = droppedCalls
  return and(
    eq(droppedCalls.workspaceId, workspaceId),
    since === undefined ? undefined : gte(at, new Date(since)),
    until === undefined ? undefined : lt(at, new Date(until)),
  )
}

const { server, tool, callerId, caller, client, road, outcome, at } = recordedCalls
const plain = (column: SQL | typeof server) => ({ key: sql`${column}`, name: sql`${column}` })

const GROUPS: Readonly<Record<CallGroup, { readonly key: SQL; readonly name: SQL }>> = {
  server: plain(server),
  tool: plain(sql`${server} || '/' || ${tool}`),
  key: { key: sql`${callerId}`, name: sql`${caller}` },
  client: plain(sql`${client}`),
  road: plain(sql`${road}`),
  outcome: plain(sql`${outcome}`),
  hour: plain(sql`to_char(date_trunc('hour', ${at} at time zone 'UTC'), 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`),
}

const FIGURES = sql`
  count(*)::float8 as calls,
  (count(*) filter (where ${outcome} <> 'ok'))::float8 as errors,
  percentile_cont(array[0.5, 0.95, 0.99]) within group (order by ${recordedCalls.ms}) as "percentiles",
  coalesce(sum(${recordedCalls.rawTokens}), 0)::float8 as raw,
  coalesce(sum(${recordedCalls.sentTokens}), 0)::float8 as sent,
  (count(*) filter (where ${recordedCalls.isReckoned}))::float8 as reckoned`

interface Row extends Record<string, unknown> {
  readonly calls: number
  readonly errors: number
  readonly percentiles: readonly number[] | null
  readonly raw: number
  readonly sent: number
  readonly reckoned: number
}

function toCounts({ calls, errors, percentiles, raw, sent, reckoned }: Row): Counts {
  const [p50 = null, p95 = null, p99 = null] = (percentiles ?? []).map((ms) => Math.round(ms * 1000) / 1000)
  return { calls, errors, p50, p95, p99, rawTokens: raw, sentTokens: sent, savedTokens: raw - sent, reckoned }
}
