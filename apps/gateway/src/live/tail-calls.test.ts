import { expect, test } from 'vitest'
import { createCallTails } from './tail-calls.ts'

test('a place is free again where the client went away before anything was read', () => {
  const { open } = createCallTails()
  const tail = (signal: AbortSignal) =>
    open({ owner: 'key', stillHolds: async () => true, read: async () => ({ now: new Date(), calls: [] }), signal })
  for (let n = 0; n < 20; n++) {
    const gone = new AbortController()
    tail(gone.signal)
    gone.abort()
  }
  const here = new AbortController()
  for (let n = 0; n < 5; n++) tail(here.signal)
  expect(() => tail(here.signal)).toThrow(/at most 5 streams/)
  here.abort()
  tail(new AbortController().signal)
})
