import { sql } from 'drizzle-orm'
import type { Store } from './open-store.ts'
import { rateWindows } from './schema-records.ts'

/** A part of what may be done in one window of time. */
export interface Lease {
  /** How many of those that were wanted. */
  readonly granted: number
  /** How many are left for all. */
  readonly left: number
}

export interface WantedLease {
  readonly workspaceId: string
  /** What is counted together: an access key, or a server. */
  readonly scope: string
  /** Number of the window, since 1970. */
  readonly window: number
  readonly wanted: number
  readonly limit: number
}

/** Takes some of what is left in a window for one gateway: all gateways together never take more than the limit. */
export async function leaseCalls(
  { db }: Store,
  { workspaceId, scope, window, wanted, limit }: WantedLease,
): Promise<Lease> {
  const { rows } = await db.execute<{ taken: string }>(sql`
    insert into ${rateWindows} (workspace_id, scope, window_number, taken) values (${workspaceId}, ${scope}, ${window}, ${wanted})
    on conflict (workspace_id, scope) do update set
      taken = case when ${rateWindows.window} >= excluded.window_number then ${rateWindows.taken} else 0 end + excluded.taken,
      window_number = greatest(${rateWindows.window}, excluded.window_number)
    returning taken`)
  const taken = Number(rows[0]!.taken)
  const before = taken - wanted
  return { granted: Math.min(wanted, Math.max(0, limit - before)), left: Math.max(0, limit - taken) }
}
