import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Asked, loadOf, prepareGateway, startCallsServer } from '../bench/measure-calls.ts'
import { startUnlimitedGateway, type UnlimitedGateway } from '../support/unlimited-gateway.ts'

// What a call leaves behind would be seen after many. The soak of the benches looks longer, with faults.

const CALLS = 8_000
/** Of each call. A record, a timer or a listener that stays is several times as large. */
const MOST_LEFT_BYTES = 150

let api: Awaited<ReturnType<typeof startCallsServer>>
let gateway: UnlimitedGateway
let asked: Asked

beforeAll(async () => {
  api = await startCallsServer(['api'])
  gateway = await startUnlimitedGateway({ ALLOWED_HOSTS: '127.0.0.1' }, ['./tests/support/heap-told.mjs'])
  asked = await prepareGateway('memory', gateway, `http://127.0.0.1:${api.port}`)
})
afterAll(async () => {
  await gateway.close()
  api.child.disconnect()
})

/** Once the record is written, and what was compiled for many calls is thrown away: until it gets no less. */
async function heapUsed(): Promise<number> {
  for (let least = Number.POSITIVE_INFINITY; ; ) {
    await pause(1_000)
    const used = await heapNow()
    if (used > least - STEADY_BYTES) return Math.min(used, least)
    least = used
  }
}

const STEADY_BYTES = 100_000

async function heapNow(): Promise<number> {
  const { output, pid } = gateway.child
  const from = output.stderr.length
  process.kill(pid, 'SIGUSR2')
  await expect.poll(() => output.stderr.slice(from), { timeout: 20_000 }).toContain('heapUsed')
  return JSON.parse(output.stderr.slice(from)).heapUsed
}

test('promise 8: calls leave nothing behind in memory', async () => {
  const call = (requests: number) =>
    loadOf(asked, { what: 'calls', tool: 'get_small', like: 'small', connections: 16, requests })
  // What an import and the first calls need is let go of while calls go on.
  await call(CALLS)
  await heapUsed()
  await call(CALLS)
  const before = await heapUsed()
  await call(CALLS)
  expect(((await heapUsed()) - before) / CALLS).toBeLessThan(MOST_LEFT_BYTES)
})
