import { eq, sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { workspaces } from './schema.ts'
import { onEachDatabase } from './testing/databases.ts'

onEachDatabase((store) => {
  const insert = (db: ReturnType<typeof store>['db'], id: string) =>
    db.insert(workspaces).values({ id, name: 'canary' })
  const count = (id: string) => store().db.$count(workspaces, eq(workspaces.id, id))

  test('S39: the error of a query is the database’s own and holds no parameters', async () => {
    await insert(store().db, 'ws_twice')
    const error = await insert(store().db, 'ws_twice').catch((error: unknown) => error)
    expect(error).toMatchObject({ code: '23505', constraint: 'workspaces_pkey' })
    expect(String(error)).not.toContain('canary')
    expect(JSON.stringify(error)).not.toContain('canary')
  })

  test('a transaction that throws leaves nothing and throws the same', async () => {
    const failure = new Error('changed my mind')
    const transaction = store().db.transaction(async (tx) => {
      await insert(tx, 'ws_undone')
      throw failure
    })
    await expect(transaction).rejects.toBe(failure)
    expect(await count('ws_undone')).toBe(0)
  })

  test('a query that fails in a transaction undoes it, and the connection serves on', async () => {
    for (let round = 0; round < 12; round++) {
      const transaction = store().db.transaction(async (tx) => {
        await insert(tx, 'ws_failed')
        await tx.execute(sql`select nonsense`)
      })
      await expect(transaction).rejects.toMatchObject({ code: '42703' })
    }
    expect(await count('ws_failed')).toBe(0)
  })

  test('a transaction inside another undoes its own part only', async () => {
    await store().db.transaction(async (tx) => {
      await insert(tx, 'ws_outer')
      const inner = tx.transaction(async (nested) => {
        await insert(nested, 'ws_inner')
        throw new Error('undo')
      })
      await expect(inner).rejects.toThrow('undo')
    })
    expect([await count('ws_outer'), await count('ws_inner')]).toEqual([1, 0])
  })

  test('numbers, times, JSON and arrays come out of both databases alike', async () => {
    const { rows } = await store().db.execute(
      sql`select 9007199254740993::int8 as big, 1.50::numeric as exact, '{"a":[1]}'::jsonb as json,
        array['x', null] as list, timestamptz '2026-01-02 03:04:05.678+02' as at, true as yes, null as nothing`,
    )
    expect(rows).toEqual([
      {
        big: '9007199254740993',
        exact: '1.50',
        json: { a: [1] },
        list: ['x', null],
        at: '2026-01-02 01:04:05.678+00',
        yes: true,
        nothing: null,
      },
    ])
  })

  test('a workspace’s row cannot refer to another’s, whatever a query forgets', async () => {
    await insert(store().db, 'ws_mine')
    await insert(store().db, 'ws_theirs')
    const up = (workspaceId: string, id: string) =>
      sql`insert into upstreams (workspace_id, id, slug, name, base_url, security_schemes, allow)
        values (${workspaceId}, ${id}, 'x', 'x', 'x', '{}', '[]')`
    await store().db.execute(up('ws_theirs', 'up_theirs'))
    const crossing = store().db.execute(
      sql`insert into operations (workspace_id, id, upstream_id, method, path, origin)
        values ('ws_mine', 'op_1', 'up_theirs', 'GET', '/', 'spec')`,
    )
    await expect(crossing).rejects.toMatchObject({ code: '23503', constraint: 'operations_upstream' })
  })
})
