import { expect, test } from 'vitest'
import { createSlots } from './slots.ts'

const never = new AbortController().signal

test('no more pieces of work run at once than there are slots, and all of them run in turn', async () => {
  const slots = createSlots(2)
  let running = 0
  let most = 0
  const order: number[] = []
  const work = (index: number) => async () => {
    most = Math.max(most, ++running)
    order.push(index)
    await new Promise(setImmediate)
    running--
    return index
  }
  const results = await Promise.all([0, 1, 2, 3, 4].map((index) => slots.run(never, work(index))))
  expect(results).toEqual([0, 1, 2, 3, 4])
  expect(order).toEqual([0, 1, 2, 3, 4])
  expect(most).toBe(2)
})

test('work that fails gives its slot back', async () => {
  const slots = createSlots(1)
  await expect(slots.run(never, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await slots.run(never, async () => 'next')).toBe('next')
})

test('whoever gives up waiting leaves the queue, and the slot goes to the next', async () => {
  const slots = createSlots(1)
  const first = Promise.withResolvers<string>()
  const holder = slots.run(never, () => first.promise)
  const impatient = new AbortController()
  let started = false
  const given = slots.run(impatient.signal, async () => {
    started = true
  })
  const patient = slots.run(never, async () => 'patient')
  impatient.abort(new Error('gave up'))
  await expect(given).rejects.toThrow('gave up')
  first.resolve('first')
  expect(await holder).toBe('first')
  expect(await patient).toBe('patient')
  expect(started).toBe(false)
})

test('an aborted signal takes no slot', async () => {
  const slots = createSlots(1)
  await expect(slots.run(AbortSignal.abort(new Error('late')), async () => 'ran')).rejects.toThrow('late')
  expect(await slots.run(never, async () => 'ran')).toBe('ran')
})
