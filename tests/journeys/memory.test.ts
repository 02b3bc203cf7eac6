import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { load } from '../bench/wire-load.ts'
import { collect, ROOT } from '../support/spawned.ts'

// What a call leaves behind would be seen after many: all of the gateway but for network and database, which the soak of the benches
// looks at for ten minutes, with faults.

const CALLS = 15_000
/** Of each call. A record, a timer or a listener that stays is several times as large. */
const MOST_LEFT_BYTES = 50

let server: ChildProcess
let output: { readonly stderr: string }
let port: number

beforeAll(async () => {
  server = fork(join(ROOT, 'tests/bench/wire-server.ts'), ['call'], {
    execArgv: ['--import', './scripts/fast-resolve.mjs', '--import', './tests/support/heap-told.mjs'],
    silent: true,
  })
  output = collect(server)
  ;[{ port }] = (await once(server, 'message')) as [{ port: number }]
})
afterAll(() => server.disconnect())

async function heapUsed(): Promise<number> {
  const from = output.stderr.length
  server.kill('SIGUSR2')
  await expect.poll(() => output.stderr.slice(from), { timeout: 20_000 }).toContain('}')
  return JSON.parse(output.stderr.slice(from)).heapUsed
}

test('promise 8: calls leave nothing behind in memory', async () => {
  const call = () => load(port, { method: 'tools/call', requests: CALLS })
  // What the first calls need stays.
  await call()
  const before = await heapUsed()
  await call()
  expect(((await heapUsed()) - before) / CALLS).toBeLessThan(MOST_LEFT_BYTES)
})
