import { sql } from 'drizzle-orm'
import { expect, inject, test, vi } from 'vitest'
import { createAccessKey } from './access-keys.ts'
import { openStore, type Store } from './open-store.ts'
import { startProcess } from './testing/child.ts'
import { breakConnections, MIGRATIONS, withEachDatabase } from './testing/databases.ts'
import { importExample, newWorkspace, operation } from './testing/examples.ts'

withEachDatabase(
  (newDatabase) => {
    test('several processes migrate an empty database at once', async () => {
      const { options } = await newDatabase()
      const processes = [1, 2, 3].map(() => startProcess('hold-store.ts', options))
      expect(await Promise.all(processes.map((process) => process.next()))).toEqual(['open', 'open', 'open'])
      await Promise.all(processes.map((process) => process.kill()))
    })

    test('tells of what another process changed, also after its connection broke', async () => {
      const database = await newDatabase()
      const [store, other] = [await openStore(database.options), await openStore(database.options)]
      const heard = vi.fn()
      store.onChange(heard)
      const workspaceId = await newWorkspace(other)
      await importExample(other, workspaceId, { slug: 'far', operations: [operation('a')] })
      await vi.waitFor(() => expect(heard).toHaveBeenCalled())

      heard.mockClear()
      await breakConnections(database)
      await vi.waitFor(() => expect(heard, 'since something may have been missed').toHaveBeenCalled(), 10_000)
      heard.mockClear()
      await createAccessKey(other, { workspaceId, actor: 'ak', name: 'k', servers: ['far'] })
      await vi.waitFor(() => expect(heard).toHaveBeenCalled())
      await store.close()
      await other.close()
    })

    test('a query whose connection breaks fails as a Problem, and the next one works', async () => {
      const database = await newDatabase()
      const store = await openStore(database.options)
      const query = store.db.execute(sql`select pg_sleep(20)`)
      const failure = expect(query).rejects.toMatchObject({ code: 'database-unavailable', cause: { code: '57P01' } })
      await vi.waitFor(async () => expect(await countSleepers(store)).toBe(1))
      await breakConnections(database)
      await failure
      await vi.waitFor(() => store.ping())
      await store.close()
    })

    test('idle connections that break are replaced', async () => {
      const database = await newDatabase()
      const store = await openStore(database.options)
      await Promise.all([store.ping(), store.ping(), store.ping()])
      await breakConnections(database)
      await vi.waitFor(() => store.ping())
      await store.close()
    })

    test('transactions whose connections break take none from the pool for good', async () => {
      const database = await newDatabase()
      const store = await openStore(database.options)
      for (let round = 0; round < 12; round++) {
        const transaction = store.db.transaction(async (tx) => {
          await breakConnections(database)
          await tx.execute(sql`select 1`)
        })
        await expect(transaction).rejects.toMatchObject({ code: 'database-unavailable' })
      }
      await store.ping()
      await store.close()
    })

    test('a server that does not answer is a Problem', async () => {
      const url = new URL(inject('postgresUrl')!)
      url.port = '1'
      const opening = openStore({ databaseUrl: url.href, migrationsFolder: MIGRATIONS })
      await expect(opening).rejects.toMatchObject({ code: 'database-unavailable', cause: { code: 'ECONNREFUSED' } })
    })

    test('a database that is not there is a Problem', async () => {
      const url = new URL(inject('postgresUrl')!)
      url.pathname = 'nowhere'
      const opening = openStore({ databaseUrl: url.href, migrationsFolder: MIGRATIONS })
      await expect(opening).rejects.toMatchObject({ code: 'database-unavailable', cause: { code: '3D000' } })
    })
  },
  ['postgres'],
)

async function countSleepers(store: Store): Promise<number> {
  const sleepers = sql`from pg_stat_activity where query like 'select pg_sleep%' and datname = current_database()`
  const { rows } = await store.db.execute<{ count: number }>(sql`select count(*)::int as count ${sleepers}`)
  return rows[0]!.count
}
