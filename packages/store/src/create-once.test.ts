import { and, eq, sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { createOnce, findCreated, type Once } from './create-once.ts'
import { idempotencyKeys } from './schema-records.ts'
import { onEachDatabase } from './testing/databases.ts'
import { newWorkspace, sealer } from './testing/examples.ts'

const DAY_MS = 24 * 60 * 60 * 1000

onEachDatabase((store) => {
  const once = (request: string, key = 'k', actor = 'ak_ada'): Once => ({ key, actor, request, sealer })

  /** Creates in a workspace of its own; the answer counts how often something was created. */
  async function creating() {
    const workspaceId = await newWorkspace(store())
    let count = 0
    const create = (wanted: Once | undefined, inWorkspace = workspaceId) =>
      createOnce(store(), inWorkspace, wanted, async () => ({ created: ++count, key: 'slk_shown-once' }))
    return { workspaceId, create }
  }

  test('a repeated request gets the first answer, and creates nothing', async () => {
    const { workspaceId, create } = await creating()
    expect(await findCreated(store(), workspaceId, once('a'))).toBeUndefined()
    const first = await create(once('a'))
    expect(first.created).toBe(1)
    expect(await create(once('a'))).toEqual(first)
    expect(await findCreated(store(), workspaceId, once('a'))).toEqual({ answer: first })
    expect((await create(once('a', 'another key'))).created).toBe(2)
  })

  test('without a key each request creates', async () => {
    const { create } = await creating()
    expect([(await create(undefined)).created, (await create(undefined)).created]).toEqual([1, 2])
  })

  test('the same key for another request is refused', async () => {
    const { create } = await creating()
    await create(once('a'))
    await expect(create(once('b'))).rejects.toMatchObject({
      code: 'idempotency-key-reused',
      detail: expect.stringContaining('"k"'),
    })
  })

  test('requests at once create once', async () => {
    const workspaceId = await newWorkspace(store())
    let count = 0
    const create = () =>
      createOnce(store(), workspaceId, once('a'), async (tx) => {
        // Long enough for the others to look for an answer meanwhile.
        await tx.execute(sql`select pg_sleep(0.1)`)
        return ++count
      })
    expect(await Promise.all([create(), create(), create()])).toEqual([1, 1, 1])
  })

  test('the same key of another admin or workspace is another key', async () => {
    const { create } = await creating()
    await create(once('a'))
    expect((await create(once('b', 'k', 'ak_eve'))).created).toBe(2)
    expect((await create(once('b'), await newWorkspace(store()))).created).toBe(3)
    expect((await create(once('a'))).created).toBe(1)
  })

  test('a create that fails keeps no answer', async () => {
    const { workspaceId, create } = await creating()
    const failing = createOnce(store(), workspaceId, once('a'), () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    expect((await create(once('a'))).created).toBe(1)
  })

  test('S39: the answer is sealed at rest, for its row alone', async () => {
    const { workspaceId, create } = await creating()
    await create(once('a'))
    await create(once('a', 'other'))
    const mine = eq(idempotencyKeys.workspaceId, workspaceId)
    const rows = await store().db.select().from(idempotencyKeys).where(mine)
    expect(JSON.stringify(rows)).not.toContain('shown-once')
    const [one, two] = rows
    await store()
      .db.update(idempotencyKeys)
      .set({ sealed: one!.sealed })
      .where(and(mine, eq(idempotencyKeys.key, two!.key)))
    await expect(create(once('a', two!.key.split(' ')[1]))).rejects.toThrow()
  })

  test('after 24 hours a key is as new, and what was kept of it is gone', async () => {
    const { workspaceId, create } = await creating()
    await create(once('a'))
    const age = (ms: number) =>
      store()
        .db.update(idempotencyKeys)
        .set({ createdAt: new Date(Date.now() - ms) })
        .where(eq(idempotencyKeys.workspaceId, workspaceId))
    await age(DAY_MS - 60_000)
    expect((await create(once('a'))).created).toBe(1)
    await age(DAY_MS + 60_000)
    expect((await create(once('b'))).created).toBe(2)
    const kept = await store().db.$count(idempotencyKeys, eq(idempotencyKeys.workspaceId, workspaceId))
    expect(kept).toBe(1)
  })
})
