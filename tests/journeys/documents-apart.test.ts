import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ask } from '../support/admin.ts'
import {
  type GatewayHome,
  type GatewayProcess,
  INSTALLATION_KEY,
  newHome,
  startGateway,
} from '../support/gateway-process.ts'
import { processesBelow, statOf, TELLS_PROCESSES } from '../support/processes.ts'

const SMALL = {
  text: 'openapi: 3.1.0\ninfo: {title: Small}\nservers: [{url: "https://a.example"}]\npaths: {/a: {get: {}}}',
}
/** Takes seconds to read. */
const LONG = {
  text: `openapi: 3.1.0\nservers: [{url: "https://a.example"}]\npaths: {}\nx: [${'{a: 1},'.repeat(600_000)}]`,
}
/** Of processor, by which a reader has begun with its document. */
const TICKS_TO_START = 80

async function withGateway(
  work: (gateway: GatewayProcess, home: GatewayHome) => Promise<void>,
  env: Record<string, string> = {},
): Promise<void> {
  const home = await newHome('embedded')
  const gateway = await startGateway(home, env)
  try {
    await work(gateway, home)
  } finally {
    if (statOf(gateway.pid)) await gateway.end('SIGKILL')
    await home.remove()
  }
}

const readers = (gateway: GatewayProcess) => processesBelow(gateway.pid, 'reader-process')
const importOf = (gateway: GatewayProcess, body: object) => ask(gateway, 'POST', '/imports', body)

async function busyReader(gateway: GatewayProcess): Promise<number> {
  await expect.poll(() => readers(gateway), { timeout: 20_000 }).toHaveLength(1)
  return readers(gateway)[0]!
}

describe.skipIf(!TELLS_PROCESSES)('documents are read in a process of their own', () => {
  test(
    'S23 promise 6: one that is killed costs its document alone',
    () =>
      withGateway(async (gateway) => {
        const long = importOf(gateway, LONG)
        process.kill(await busyReader(gateway), 'SIGKILL')
        expect(await long).toMatchObject({
          status: 422,
          body: { code: 'spec-unreadable', detail: expect.stringContaining('SIGKILL') },
        })
        expect(await importOf(gateway, SMALL)).toMatchObject({ status: 200, body: { coverage: { imported: 1 } } })
        process.kill(await busyReader(gateway), 'SIGKILL')
        await expect.poll(() => readers(gateway)).toEqual([])
        expect(await importOf(gateway, SMALL)).toMatchObject({ status: 200 })
      }),
    60_000,
  )

  test('it is kept for the next document, knows no setting of the gateway, and all of its threads give way', () =>
    withGateway(
      async (gateway) => {
        expect((await importOf(gateway, SMALL)).status).toBe(200)
        const [reader] = readers(gateway)
        expect((await importOf(gateway, SMALL)).status).toBe(200)
        expect(readers(gateway)).toEqual([reader])
        expect(readFileSync(`/proc/${reader}/environ`, 'utf8')).not.toMatch(/INSTALLATION_KEY|DATA_DIR/)
        const usual = statOf(gateway.pid)!.nice
        const threads = readdirSync(`/proc/${reader}/task`).map(Number)
        expect(new Set(threads.map((thread) => statOf(thread)?.nice))).toEqual(new Set([Math.min(usual + 10, 19)]))
      },
      { INSTALLATION_KEY },
    ))

  test('Ctrl-C, which a terminal sends to it as well, lets a document be read to its end', () =>
    withGateway(async (gateway) => {
      const long = importOf(gateway, LONG)
      const reader = await busyReader(gateway)
      const hasUsed = (ticks: number) =>
        expect.poll(() => statOf(reader)?.ticks, { timeout: 20_000, interval: 10 }).toBeGreaterThan(ticks)
      await hasUsed(TICKS_TO_START)
      for (const pid of [reader, gateway.pid]) process.kill(pid, 'SIGINT')
      await hasUsed(statOf(reader)!.ticks + 20)
      expect(await long).toMatchObject({ status: 200 })
      await expect.poll(() => statOf(gateway.pid), { timeout: 20_000 }).toBeUndefined()
    }))

  test('it goes with a gateway that stops', () =>
    withGateway(async (gateway) => {
      expect((await importOf(gateway, SMALL)).status).toBe(200)
      const [reader] = readers(gateway)
      process.kill(gateway.pid, 'SIGTERM')
      await expect.poll(() => statOf(gateway.pid), { timeout: 20_000 }).toBeUndefined()
      expect(statOf(reader!)).toBeUndefined()
    }))

  test('it goes with a gateway that is killed, in the middle of a document', () =>
    withGateway(async (gateway) => {
      const long = importOf(gateway, LONG)
      const reader = await busyReader(gateway)
      process.kill(gateway.pid, 'SIGKILL')
      await expect(long).rejects.toThrow()
      await expect.poll(() => statOf(reader)).toBeUndefined()
    }))
})
