import { expect, test } from 'vitest'
import { takingTurns } from './taking-turns.ts'

/** A clock that steps on by so much each time that the work looks at it. */
function steps(ms: number): () => number {
  let now = 0
  return () => {
    now += ms
    return now
  }
}

test('long work lets others have their turn', async () => {
  let turns = 0
  let others = setImmediate(function tick() {
    turns++
    others = setImmediate(tick)
  })
  const turn = takingTurns(steps(4))
  for (let step = 0; step < 100; step++) await turn()
  clearImmediate(others)
  expect(turns).toBeGreaterThan(10)
})

test('short work waits for nobody', async () => {
  let turned = false
  const other = setImmediate(() => {
    turned = true
  })
  const turn = takingTurns(steps(0.5))
  for (let step = 0; step < 10; step++) await turn()
  expect(turned).toBe(false)
  clearImmediate(other)
})
