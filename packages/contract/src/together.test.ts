import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { together } from './together.ts'

test('what comes within a turn is handled at its end, in its order, each step for all before the next step', async () => {
  const steps: string[] = []
  const add = together(async (name: string) => {
    steps.push(`${name} begins`)
    await undefined
    steps.push(`${name} ends`)
  })
  add('a')
  add('b')
  expect(steps).toEqual([])
  await turn()
  expect(steps).toEqual(['a begins', 'b begins', 'a ends', 'b ends'])
})

test('what comes while others are handled has the next turn', async () => {
  const handled: number[] = []
  const add = together((n: number) => {
    handled.push(n)
    if (n < 3) add(n + 1)
  })
  add(1)
  await turn()
  expect(handled).toEqual([1])
  await expect.poll(() => handled).toEqual([1, 2, 3])
})
