import { sql } from 'drizzle-orm'
import type { Store } from './open-store.ts'

/** The version of PostgreSQL (`17.5`), and what time it is by the clock of the database. */
export async function readDatabaseState({ db }: Store): Promise<{ readonly version: string; readonly time: Date }> {
  const { rows } = await db.execute<{ version: string; time: string }>(
    sql`select current_setting('server_version') as version, clock_timestamp()::text as time`,
  )
  const [{ version, time }] = rows as [{ version: string; time: string }]
  // Distributions add their own to it: "15.8 (Debian 15.8-1)".
  return { version: version.split(' ')[0]!, time: new Date(time) }
}
