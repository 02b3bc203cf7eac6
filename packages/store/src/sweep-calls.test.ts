import { randomBytes } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { findCallContent, listRecordedCalls, recordCalls } from './recorded-calls.ts'
import { sweepCalls } from './sweep-calls.ts'
import { onEachDatabase } from './testing/databases.ts'
import { finished, newWorkspace } from './testing/examples.ts'

const ANY = { maxAgeDays: 0, maxRows: 0, maxContentBytes: 0 }

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
    expect(await sweepCalls(store(), { ...ANY, maxAgeDays: 30 })).toBe(2)
    expect([await kept(one), await kept(other)]).toEqual([[calls[1]!.callId], []])
    expect(await sweepCalls(store(), ANY)).toBe(0)
  })

  test('of too many the oldest go', async () => {
    await store().db.execute(sql`delete from recorded_calls`)
    const workspaceId = await newWorkspace(store())
    const calls = Array.from({ length: 5 }, () => finished(workspaceId))
    await recordCalls(store(), calls)
    for (const [index, { callId }] of calls.entries()) await age(callId, 5 - index)
    expect(await sweepCalls(store(), { ...ANY, maxAgeDays: 30, maxRows: 3 })).toBe(2)
    expect(await kept(workspaceId)).toEqual(calls.slice(2).map(({ callId }) => callId))
  })

  test('more than goes at a time goes all the same', async () => {
    const workspaceId = await newWorkspace(store())
    await recordCalls(
      store(),
      Array.from({ length: 5_003 }, () => finished(workspaceId)),
    )
    await store().db.execute(sql`update recorded_calls set written_at = now() - interval '2 days'`)
    expect(await sweepCalls(store(), { ...ANY, maxAgeDays: 1 })).toBeGreaterThanOrEqual(5_003)
    expect(await kept(workspaceId)).toEqual([])
  })

  const clear = () => store().db.execute(sql`delete from recorded_calls`)
  /** As many calls, the oldest first, each with so much content. */
  const record = async (workspaceId: string, count: number, answer?: string) => {
    const content =
      answer === undefined
        ? {}
        : { content: { arguments: '{}', answer, answerType: null, isCut: false, isRedacted: false } }
    const calls = Array.from({ length: count }, () => ({ ...finished(workspaceId), ...content }))
    await recordCalls(store(), calls)
    for (const [index, { callId }] of calls.entries()) await age(callId, count - index)
    return calls.map(({ callId }) => callId)
  }

  test('promise 6: a workspace that records much pushes out its own calls, and none of another', async () => {
    await clear()
    const [loud, quiet] = [await newWorkspace(store()), await newWorkspace(store())]
    const [many, few] = [await record(loud, 9), await record(quiet, 2)]
    expect(await sweepCalls(store(), { ...ANY, maxRows: 6 })).toBe(5)
    expect([await kept(loud), await kept(quiet)]).toEqual([many.slice(5), few])
    expect(await sweepCalls(store(), { ...ANY, maxRows: 2 })).toBe(4)
    expect([await kept(loud), await kept(quiet)]).toEqual([many.slice(8), few.slice(1)])
  })

  test('of too much content the oldest goes, of whoever has most, and the calls stay', async () => {
    await clear()
    const [loud, quiet] = [await newWorkspace(store()), await newWorkspace(store())]
    // What no database makes smaller.
    const answer = randomBytes(3_000).toString('base64')
    const [many, few] = [await record(loud, 6, answer), await record(quiet, 1, answer)]
    expect(await sweepCalls(store(), { ...ANY, maxContentBytes: 3 * 4_200 })).toBe(4)
    const contents = await Promise.all(
      [...many, ...few].map((id, index) => findCallContent(store(), index < many.length ? loud : quiet, id)),
    )
    expect(contents.map((content) => content!.answer !== null)).toEqual([
      ...[false, false, false, false, true, true],
      true,
    ])
    expect(contents[0]).toMatchObject({ arguments: null, answer: null })
    expect(await sweepCalls(store(), { ...ANY, maxContentBytes: 3 * 4_200 })).toBe(0)
  })
})
