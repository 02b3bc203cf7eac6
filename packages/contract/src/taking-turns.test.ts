import { expect, test } from 'vitest'
import { takingTurns } from './taking-turns.ts'

/** Keeps the processor busy. */
function work(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

test('long work lets others have their turn', async () => {
  let turns = 0
  const others = setInterval(() => turns++, 1)
  const turn = takingTurns()
  for (let step = 0; step < 100; step++) {
    work(2)
    await turn()
  }
  clearInterval(others)
  expect(turns).toBeGreaterThan(10)
})

test('short work waits for nobody', async () => {
  let turned = false
  const other = setImmediate(() => {
    turned = true
  })
  const turn = takingTurns()
  for (let step = 0; step < 10; step++) await turn()
  expect(turned).toBe(false)
  clearImmediate(other)
})
