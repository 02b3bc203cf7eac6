import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { openStore, type Store } from './open-store.ts'
import { gatherStatistics } from './save-operations.ts'
import { onEachDatabase, withEachDatabase } from './testing/databases.ts'
import { importExample, newWorkspace, operation, toolsOf } from './testing/examples.ts'

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

// The embedded database has one transaction at a time.
withEachDatabase(
  (newDatabase) => {
    test('an import of another workspace does not wait for a large one that has gathered statistics', async () => {
      const store = await openStore((await newDatabase()).options)
      const workspaceId = await newWorkspace(store)
      await store.db.transaction(async (tx) => {
        await gatherStatistics(tx)
        await importExample(store, workspaceId, { slug: 'other', operations: [operation('one')] })
      })
      expect(await toolsOf(store, workspaceId, 'other')).toHaveLength(1)
      await store.close()
    }, 60_000)
  },
  ['postgres'],
)

/** Operations that were inserted, and rows that were read without an index of tables that others refer to. */
async function rowsRead({ db }: Store): Promise<{ inserted: number; read: number }> {
  // What a session did it tells a moment later, all at once.
  const { rows } = await db.execute(sql`
    select sum(n_tup_ins) filter (where relname = 'operations') as inserted, sum(seq_tup_read) as read
    from pg_stat_user_tables where relname in ('operations', 'operation_versions', 'tools')`)
  return { inserted: Number(rows[0]!.inserted), read: Number(rows[0]!.read) }
}
