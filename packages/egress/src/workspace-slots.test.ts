import { expect, test } from 'vitest'
import { createWorkspaceSlots, type WorkspaceSlots } from './workspace-slots.ts'

const never = new AbortController().signal
const soon = () => new Promise(setImmediate)

/** Work that goes on until it is told to end. */
function holding(slots: WorkspaceSlots) {
  const running: string[] = []
  const ends = new Map<string, Array<() => void>>()
  const hold = (workspace: string, signal = never) =>
    slots.run(workspace, signal, () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      running.push(workspace)
      ends.set(workspace, [...(ends.get(workspace) ?? []), resolve])
      return promise.finally(() => running.splice(running.indexOf(workspace), 1))
    })
  const holdMany = async (workspace: string, count: number) => {
    for (let n = 0; n < count; n++) void hold(workspace)
    await soon()
  }
  const end = async (workspace: string) => {
    ends.get(workspace)!.shift()!()
    await soon()
  }
  return { hold, holdMany, end, of: (workspace: string) => running.filter((one) => one === workspace).length }
}

test('S72, promise 6: a workspace that wants all has three quarters, and another finds a slot at once', async () => {
  const { holdMany, of } = holding(createWorkspaceSlots(512))
  await holdMany('greedy', 1000)
  expect(of('greedy')).toBe(384)
  await holdMany('modest', 1)
  expect(of('modest')).toBe(1)
})

test('S72 where many of them have taken all, who has none is next', async () => {
  const { holdMany, end, of } = holding(createWorkspaceSlots(512))
  for (let n = 0; n < 5; n++) await holdMany(`greedy ${n}`, 1000)
  await holdMany('modest', 1)
  expect(of('modest')).toBe(0)
  await end('greedy 0')
  expect(of('modest')).toBe(1)
})

test('S72 what is given back goes to the workspace that has the fewest, and nothing stays free that somebody may have', async () => {
  const { holdMany, end, of } = holding(createWorkspaceSlots(4))
  await holdMany('greedy', 9)
  expect(of('greedy')).toBe(3)
  await holdMany('modest', 2)
  expect(of('modest')).toBe(1)
  await end('greedy')
  expect([of('greedy'), of('modest')]).toEqual([2, 2])
  for (let n = 0; n < 2; n++) await end('modest')
  expect([of('greedy'), of('modest')]).toEqual([3, 0])
})

test('whoever gives up waiting leaves the queue, and what fails gives its slot back', async () => {
  const slots = createWorkspaceSlots(1)
  const { hold, end } = holding(slots)
  const held = hold('one')
  const leaving = new AbortController()
  const given = slots.run('two', leaving.signal, async () => 'ran')
  const patient = slots.run('two', never, () => Promise.reject(new Error('broken')))
  leaving.abort(new Error('gave up'))
  await expect(given).rejects.toThrow('gave up')
  const failed = expect(patient).rejects.toThrow('broken')
  await end('one')
  await held
  await failed
  await expect(slots.run('one', AbortSignal.abort(new Error('late')), async () => 'ran')).rejects.toThrow('late')
  expect(await slots.run(undefined, never, async () => 'ran')).toBe('ran')
})
