import type { RecordedCall } from '@sluice/contract'
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

test('a stream goes on where another ended: page by page, each call once, those too that are seen late', async () => {
  const { open } = createCallTails()
  const at = (ms: number) => new Date(1_000_000 + ms)
  const written = (id: string, ms: number) => ({ call: { id } as RecordedCall, writtenAt: at(ms) })
  const behind = [[written('overlap', -1_000), written('last', 0), written('a', 10)], [written('b', 20)], []]
  const places: string[] = []
  const gone = new AbortController()
  const tail = open({
    owner: 'key',
    stillHolds: async () => true,
    resume: {
      last: { writtenAt: at(0), id: 'last' },
      readBehind: async ({ id }) => {
        places.push(id)
        return behind[places.length - 1]!
      },
    },
    // `late` was written before it began, by a transaction that ended after.
    read: async (after) => ({
      now: at(100),
      calls: after ? [written('b', 20), written('late', 90), written('c', 110)] : [],
    }),
    signal: gone.signal,
  })
  const told: string[] = []
  for await (const call of tail) {
    if (call) told.push(call.id)
    if (call?.id === 'c') gone.abort()
  }
  expect(told).toEqual(['overlap', 'a', 'b', 'late', 'c'])
  expect(places).toEqual(['', 'a', 'b'])
})
