import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import type { Store } from './open-store.ts'
import { onEachDatabase } from './testing/databases.ts'
import { importExample, newWorkspace, operation } from './testing/examples.ts'

const LARGE = 2_000

onEachDatabase((store) => {
  test('a large import after a small one finds keys by their index, and does not read whole tables for each', async () => {
    const workspaceId = await newWorkspace(store())
    await importExample(store(), workspaceId, { slug: 'small', operations: [operation('one')] })
    const operations = Array.from({ length: LARGE }, (_, index) => operation(`tool_${index}`, 'x'.repeat(4_000)))
    await importExample(store(), workspaceId, { slug: 'large', operations })
    await expect.poll(async () => (await rowsRead(store())).inserted).toBe(1 + LARGE)
    expect((await rowsRead(store())).read).toBeLessThan(LARGE ** 2 / 4)
  }, 120_000)
})

/** Operations that were inserted, and rows that were read without an index of tables that others refer to. */
async function rowsRead({ db }: Store): Promise<{ inserted: number; read: number }> {
  // What a session did it tells a moment later, all at once.
  const { rows } = await db.execute(sql`
    select sum(n_tup_ins) filter (where relname = 'operations') as inserted, sum(seq_tup_read) as read
    from pg_stat_user_tables where relname in ('operations', 'operation_versions', 'tools')`)
  return { inserted: Number(rows[0]!.inserted), read: Number(rows[0]!.read) }
}
