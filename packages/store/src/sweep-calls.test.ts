import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { listRecordedCalls, recordCalls } from './recorded-calls.ts'
import { sweepCalls } from './sweep-calls.ts'
import { onEachDatabase } from './testing/databases.ts'
import { finished, newWorkspace } from './testing/examples.ts'

onEachDatabase((store) => {
  const age = (id: string, days: number) =>
    store().db.execute(
      sql`update recorded_calls set written_at = now() - make_interval(days => ${days}) where id = ${id}`,
    )
  const kept = async (workspaceId: string) =>
    (await listRecordedCalls(store(), workspaceId, { sort: 'at', limit: 200 })).items.map(({ id }) => id)

  test('calls that are too old go, those of all workspaces, and no other', async () => {
    const [one, other] = [await newWorkspace(store()), await newWorkspace(store())]
    const calls = [finished(one), finished(one), finished(other)]
    await recordCalls(store(), calls)
    await age(calls[0]!.callId, 31)
    await age(calls[1]!.callId, 29)
    await age(calls[2]!.callId, 400)
    expect(await sweepCalls(store(), { maxAgeDays: 30, maxRows: 0 })).toBe(2)
    expect([await kept(one), await kept(other)]).toEqual([[calls[1]!.callId], []])
    expect(await sweepCalls(store(), { maxAgeDays: 0, maxRows: 0 })).toBe(0)
  })

  test('of too many the oldest go', async () => {
    await store().db.execute(sql`delete from recorded_calls`)
    const workspaceId = await newWorkspace(store())
    const calls = Array.from({ length: 5 }, () => finished(workspaceId))
    await recordCalls(store(), calls)
    for (const [index, { callId }] of calls.entries()) await age(callId, 5 - index)
    expect(await sweepCalls(store(), { maxAgeDays: 30, maxRows: 3 })).toBe(2)
    expect(await kept(workspaceId)).toEqual(calls.slice(2).map(({ callId }) => callId))
  })

  test('more than goes at a time goes all the same', async () => {
    const workspaceId = await newWorkspace(store())
    await recordCalls(
      store(),
      Array.from({ length: 5_003 }, () => finished(workspaceId)),
    )
    await store().db.execute(sql`update recorded_calls set written_at = now() - interval '2 days'`)
    expect(await sweepCalls(store(), { maxAgeDays: 1, maxRows: 0 })).toBeGreaterThanOrEqual(5_003)
    expect(await kept(workspaceId)).toEqual([])
  })
})
