import { afterEach, expect, test, vi } from 'vitest'
import type { Repeats } from './repeats.ts'
import { sendAgain } from './send-again.ts'
import { testLimits } from './test-upstream.ts'

afterEach(() => vi.restoreAllMocks())

/** Of the answer after which nothing is sent again. */
const UNUSED = 0

/** Sends a request that fails each time, and gives the pauses before its two repeats. */
async function pausesOf(headers: readonly [string, string][] = []): Promise<number[]> {
  let left = 2
  const repeats: Repeats = { take: () => left-- > 0 }
  const answer = { status: 503, headers, body: Buffer.alloc(0) }
  const pauses: number[] = []
  // None is waited for.
  const wait = async (ms: number) => void pauses.push(ms)
  await sendAgain(testLimits({ repeatable: true }), repeats, async () => answer, wait)
  return pauses
}

test('promise 9: how long is waited before a repeat is chance, and twice as long at most before the next', async () => {
  const random = vi.spyOn(Math, 'random')
  for (const chance of [0.25, 0.75, UNUSED, 0.5, 0, UNUSED]) random.mockReturnValueOnce(chance)
  expect(await pausesOf()).toEqual([100, 600])
  expect(await pausesOf()).toEqual([200, 0])
})

test('promise 9: those who were told to come back at one time do not all come then', async () => {
  const random = vi.spyOn(Math, 'random')
  for (const chance of [0.25, 0.75]) random.mockReturnValueOnce(chance)
  expect(await pausesOf([['retry-after', '2']])).toEqual([2_100, 2_600])
})
