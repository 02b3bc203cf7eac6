import type { Caller, CallLimits, CatalogServer } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { createCallGate, type Entered, type LeaseCalls } from './call-gate.ts'

const SERVER: CatalogServer = {
  id: 's',
  workspaceId: 'w',
  slug: 'shop',
  name: 'Shop',
  mode: 'direct',
  codeCalls: 'read-only',
  instructions: '',
  limits: null,
  revision: 1,
}

function callerOf(limits?: CallLimits, id = 'k'): Caller {
  return { workspaceId: 'w', id, name: id, ...(limits ? { limits } : {}) }
}

/** What is left of each scope's window, for all gateways. */
function sharedLimits(): { lease: LeaseCalls; asked: () => number } {
  const taken = new Map<string, number>()
  let asked = 0
  return {
    asked: () => asked,
    lease: async ({ scope, window, wanted, limit }) => {
      asked++
      const key = `${scope} ${window}`
      const before = taken.get(key) ?? 0
      taken.set(key, before + wanted)
      return {
        granted: Math.min(wanted, Math.max(0, limit - before)),
        left: Math.max(0, limit - before - wanted),
      }
    },
  }
}

async function enterTimes(count: number, enter: () => Promise<Entered>): Promise<boolean[]> {
  const entered: boolean[] = []
  for (let n = 0; n < count; n++) {
    const one = await enter()
    entered.push(one.ok)
    if (one.ok) one.leave()
  }
  return entered
}

describe('calls per minute', () => {
  test('as many as the limit, and then none until the minute is over', async () => {
    let at = 600_000
    const gate = createCallGate(sharedLimits().lease, () => at)
    const enter = () => gate.enter(callerOf({ callsPerMinute: 7 }), SERVER)
    expect((await enterTimes(9, enter)).filter(Boolean)).toHaveLength(7)
    at += 20_000
    const refused = await enter()
    expect(refused).toMatchObject({ ok: false, rate: { name: 'key', limit: 7, left: 0, resetSeconds: 40 } })
    expect(refused).toHaveProperty(
      'message',
      expect.stringMatching(/^This access key lets 7 calls through .* in 40 s\.$/),
    )
    at += 40_000
    expect(await enterTimes(8, enter)).toEqual([...Array(7).fill(true), false])
  })

  test('are shared by all gateways, and never more together', async () => {
    const { lease } = sharedLimits()
    const gates = [createCallGate(lease), createCallGate(lease), createCallGate(lease)]
    const enter = (n: number) => gates[n % 3]!.enter(callerOf({ callsPerMinute: 20 }), SERVER)
    const entered = await Promise.all(Array.from({ length: 60 }, (_, n) => enter(n)))
    expect(entered.filter(({ ok }) => ok)).toHaveLength(20)
  })

  test('ask the database five times for a whole limit, however many come at once', async () => {
    const { lease, asked } = sharedLimits()
    const gate = createCallGate(lease)
    const enter = () => gate.enter(callerOf({ callsPerMinute: 100 }), SERVER)
    const entered = await Promise.all(Array.from({ length: 101 }, enter))
    expect([entered.filter(({ ok }) => ok).length, asked()]).toEqual([100, 5])
  })

  test('of a key are its own, those of a server are everybody’s', async () => {
    const gate = createCallGate(sharedLimits().lease)
    const limited = { ...SERVER, limits: { callsPerMinute: 5 } }
    const one = await enterTimes(3, () => gate.enter(callerOf({ callsPerMinute: 2 }, 'a'), limited))
    const other = await enterTimes(5, () => gate.enter(callerOf(undefined, 'b'), limited))
    expect([one, other.filter(Boolean).length]).toEqual([[true, true, false], 3])
  })

  test('go on with the database away, and each gateway counts for itself', async () => {
    const gate = createCallGate(async () => Promise.reject(new Error('away')))
    const entered = await enterTimes(12, () => gate.enter(callerOf({ callsPerMinute: 10 }), SERVER))
    expect(entered.filter(Boolean)).toHaveLength(10)
  })

  test('go on with a database that hangs, as with one that is away', async () => {
    const gate = createCallGate(
      () => new Promise(() => {}),
      () => 0,
      5,
    )
    const entered = await enterTimes(12, () => gate.enter(callerOf({ callsPerMinute: 10 }), SERVER))
    expect(entered.filter(Boolean)).toHaveLength(10)
  })
})

describe('calls at once', () => {
  test('as many as the limit; the next when one has ended', async () => {
    const gate = createCallGate(sharedLimits().lease)
    const enter = () => gate.enter(callerOf({ callsAtOnce: 2 }), SERVER)
    const [first, second, third] = [await enter(), await enter(), await enter()]
    expect([first!.ok, second!.ok, third]).toMatchObject([
      true,
      true,
      { ok: false, message: expect.stringMatching(/^This access key lets 2 calls run at once/) },
    ])
    if (first.ok) first.leave()
    expect((await enter()).ok).toBe(true)
  })

  test('a call that the server refuses runs for no key', async () => {
    const gate = createCallGate(sharedLimits().lease)
    const full = { ...SERVER, limits: { callsAtOnce: 1 } }
    await gate.enter(callerOf(undefined, 'other'), full)
    expect((await gate.enter(callerOf({ callsAtOnce: 1 }), full)).ok).toBe(false)
    expect((await gate.enter(callerOf({ callsAtOnce: 1 }), SERVER)).ok).toBe(true)
  })
})

describe('S71 a run of code', () => {
  test('is one of the minute’s calls', async () => {
    const gate = createCallGate(sharedLimits().lease)
    const run = () => gate.enter(callerOf({ callsPerMinute: 2 }), SERVER, 'run')
    expect(await enterTimes(3, run)).toEqual([true, true, false])
  })

  test('B185 pays for the first call that it makes, and for no other', async () => {
    const gate = createCallGate(sharedLimits().lease)
    const caller = callerOf({ callsPerMinute: 3, callsAtOnce: 1 })
    const enter = (what: 'run' | 'call' | 'first call of a run') => gate.enter(caller, SERVER, what)
    const counted = async (what: 'run' | 'call' | 'first call of a run') => (await enterTimes(1, () => enter(what)))[0]
    expect([await counted('run'), await counted('first call of a run'), await counted('call')]).toEqual([
      true,
      true,
      true,
    ])
    expect([await counted('run'), await counted('first call of a run'), await counted('call')]).toEqual([
      true,
      true,
      false,
    ])
    const first = await enter('first call of a run')
    expect([first.ok, (await enter('first call of a run')).ok]).toEqual([true, false])
  })

  test('is none of those at once: the calls that it makes need the room', async () => {
    const gate = createCallGate(sharedLimits().lease)
    const caller = callerOf({ callsAtOnce: 1 })
    const run = await gate.enter(caller, SERVER, 'run')
    const call = await gate.enter(caller, SERVER)
    expect([run.ok, call.ok, (await gate.enter(caller, SERVER)).ok]).toEqual([true, true, false])
    if (run.ok) run.leave()
    expect((await gate.enter(caller, SERVER)).ok).toBe(false)
  })
})

test('without limits nothing is asked', async () => {
  const { lease, asked } = sharedLimits()
  const gate = createCallGate(lease)
  expect((await enterTimes(500, () => gate.enter(callerOf(), SERVER))).every(Boolean)).toBe(true)
  expect(asked()).toBe(0)
})
