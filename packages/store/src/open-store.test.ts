import { readdir } from 'node:fs/promises'
import { sql } from 'drizzle-orm'
import { expect, test, vi } from 'vitest'
import { createAccessKey } from './access-keys.ts'
import { openStore } from './open-store.ts'
import { MIGRATIONS, withEachDatabase } from './testing/databases.ts'
import { importExample, newWorkspace, operation } from './testing/examples.ts'

withEachDatabase((newDatabase) => {
  test('opened again, it holds what was written, and no migration runs twice', async () => {
    const { options } = await newDatabase()
    const store = await openStore(options)
    const workspaceId = await newWorkspace(store)
    await store.close()

    const again = await openStore(options)
    expect((await again.db.execute(sql`select id from workspaces`)).rows).toEqual([{ id: workspaceId }])
    const { rows } = await again.db.execute(sql`select count(*)::int as count from drizzle.__drizzle_migrations`)
    const files = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql'))
    expect(rows).toEqual([{ count: files.length }])
    await again.close()
  })

  test('tells listeners of a change, until they have heard enough', async () => {
    const { options } = await newDatabase()
    const store = await openStore(options)
    const workspaceId = await newWorkspace(store)
    await importExample(store, workspaceId, { slug: 'heard', operations: [operation('a')] })
    const change = () => createAccessKey(store, { workspaceId, actor: 'ak', name: 'k', servers: ['heard'] })
    const [staying, leaving] = [vi.fn(), vi.fn()]
    store.onChange(staying)
    const leave = store.onChange(leaving)
    await change()
    await vi.waitFor(() => expect(leaving).toHaveBeenCalled())
    leave()
    const before = leaving.mock.calls.length
    staying.mockClear()
    await change()
    await vi.waitFor(() => expect(staying).toHaveBeenCalled())
    expect(leaving).toHaveBeenCalledTimes(before)
    await store.close()
  })
})
