import { type FinishedCall, type Observation, Problem } from '@sluice/contract'
import type { Drop } from '@sluice/store'
import { expect, test } from 'vitest'
import { createCallRecorder } from './record-calls.ts'

const call = (callId: string, workspaceId = 'ws') => ({ kind: 'call.finished', callId, workspaceId }) as FinishedCall
const away = () => new Problem('database-unavailable', { detail: 'away' })

/** A recorder whose timer never fires, and what it wrote. */
function recording(fail: () => unknown = () => undefined, mostWaiting = 1_000) {
  const written: string[] = []
  const drops: Drop[] = []
  const said: Observation[] = []
  const write = async (calls: readonly FinishedCall[], dropped: readonly Drop[]) => {
    const fault = fail()
    if (fault) throw fault
    written.push(...calls.map(({ callId }) => callId))
    drops.push(...dropped)
  }
  const recorder = createCallRecorder(write, (one) => said.push(one), { mostWaiting, everyMs: 1_000_000 })
  return { recorder, written, drops, said }
}

test('what ended before a flush is written by it, in its order, each call once', async () => {
  const { recorder, written } = recording()
  const ids = Array.from({ length: 700 }, (_, n) => `c${n}`)
  for (const id of ids) recorder.record(call(id))
  await Promise.all([recorder.flush(), recorder.flush()])
  expect(written).toEqual(ids)
  expect(recorder.counts()).toEqual({ recorded: 700, dropped: 0, waiting: 0 })
  await recorder.close()
})

test('a full queue drops calls and counts them; how many is written with the next, once', async () => {
  let isAway = true
  const { recorder, written, drops } = recording(() => isAway && away(), 3)
  for (const id of ['a', 'b', 'c', 'd']) recorder.record(call(id))
  recorder.record(call('e', 'other'))
  await recorder.flush()
  expect(recorder.counts()).toEqual({ recorded: 0, dropped: 2, waiting: 3 })
  isAway = false
  await recorder.flush()
  await recorder.flush()
  expect(written).toEqual(['a', 'b', 'c'])
  expect(drops.map(({ workspaceId, calls }) => [workspaceId, calls])).toEqual([
    ['ws', 1],
    ['other', 1],
  ])
  await recorder.close()
})

test('what was sent in calls that wait has its room, and a call is recorded without when it is full', async () => {
  const kept: boolean[] = []
  const write = async (calls: readonly FinishedCall[]) =>
    void kept.push(...calls.map(({ content }) => content !== undefined))
  const recorder = createCallRecorder(write, () => {}, { everyMs: 1_000_000 })
  const content = {
    arguments: null,
    answer: 'x'.repeat(15 * 1024 * 1024),
    answerType: 'text/plain',
    isCut: false,
    isRedacted: false,
  }
  for (const id of ['a', 'b', 'c', 'd']) recorder.record({ ...call(id), ...(id === 'c' ? {} : { content }) })
  await recorder.flush()
  recorder.record({ ...call('e'), content })
  await recorder.close()
  expect(kept).toEqual([true, true, false, false, true])
})

test('promise 10: with the database away calls wait, and it is said once', async () => {
  let isAway = true
  const { recorder, written, said } = recording(() => isAway && away())
  recorder.record(call('a'))
  await recorder.flush()
  await recorder.flush()
  expect(said).toMatchObject([{ kind: 'calls.record-failed', waiting: 1 }])
  isAway = false
  await recorder.close()
  expect(written).toEqual(['a'])
})

test('what the database refuses is dropped and counted, and holds up nothing', async () => {
  let faults = 1
  const { recorder, written, drops } = recording(() => faults-- > 0 && new Error('refused'))
  recorder.record(call('a'))
  await recorder.flush()
  recorder.record(call('b'))
  await recorder.close()
  expect(written).toEqual(['b'])
  expect(drops).toMatchObject([{ workspaceId: 'ws', calls: 1 }])
})

test('drops that wait for the database are told of once, however often it was asked', async () => {
  let isAway = true
  const { recorder, drops } = recording(() => (isAway ? away() : undefined), 1)
  for (const id of ['a', 'b', 'c']) {
    recorder.record(call(id))
    await recorder.flush()
  }
  isAway = false
  await recorder.flush()
  await recorder.close()
  expect(drops.reduce((sum, { calls }) => sum + calls, 0)).toBe(2)
  expect(new Set(drops.map(({ id }) => id)).size).toBe(drops.length)
})
