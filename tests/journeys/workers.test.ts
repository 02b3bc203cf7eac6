import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { importBookshop } from '../support/admin.ts'
import { callOnce } from '../support/call-once.ts'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { processesBelow, statOf } from '../support/processes.ts'
import { ROOT, run } from '../support/spawned.ts'

const WORKERS = 3
const METRICS_KEY = 'the-key-of-the-metrics-of-these-tests'

describe.runIf(DATABASES.includes('postgres'))('several workers behind one port', () => {
  let shop: BookshopApi
  let home: GatewayHome
  let gateway: GatewayProcess
  let accessKey: string
  beforeAll(async () => {
    shop = await startBookshop()
    home = await newHome('postgres')
    gateway = await startGateway(home, { SLUICE_WORKERS: String(WORKERS), METRICS_KEY })
    accessKey = (await importBookshop(gateway, shop)).accessKey!
  })
  afterAll(async () => {
    // A test that fails leaves it running.
    await gateway.end('SIGKILL').catch(() => {})
    await home.remove()
    await shop.close()
  })

  const call = (timeoutMs?: number) => callOnce(`${gateway.url}/mcp/bookshop`, accessKey, 'search_books', {}, timeoutMs)

  test('all answer, what one of them was told too', async () => {
    await expect.poll(() => workersOf(gateway.pid).length, POLL).toBe(WORKERS)
    const failed = async () => {
      const ended = await Promise.allSettled(Array.from({ length: 30 }, () => call()))
      return ended.filter((one) => one.status === 'rejected' || one.value.isError).length
    }
    await expect.poll(failed, POLL).toBe(0)
  })

  test('their metrics are those of all, whichever is asked', async () => {
    const headers = { authorization: `Bearer ${METRICS_KEY}` }
    const counted = async () => {
      const text = await (await fetch(`${gateway.url}/metrics`, { headers })).text()
      return [...text.matchAll(/^sluice_calls_total\{.*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0)
    }
    const before = await counted()
    for (let n = 0; n < 12; n++) await call()
    for (let n = 0; n < 6; n++) await expect.poll(counted, POLL).toBe(before + 12)
    // One that is killed takes none of them with it.
    const [first] = workersOf(gateway.pid)
    process.kill(first!, 'SIGKILL')
    await expect.poll(() => workersOf(gateway.pid), POLL).not.toContain(first)
    const after = () => counted().catch(() => undefined)
    await expect.poll(after, POLL).toBe(before + 12)
    await expect.poll(() => workersOf(gateway.pid).length, POLL).toBe(WORKERS)
    for (let n = 0; n < 6; n++) await expect.poll(after, POLL).toBe(before + 12)
  })

  test('one that is killed is replaced, and the others answer meanwhile', async () => {
    const before = workersOf(gateway.pid)
    process.kill(before[0]!, 'SIGKILL')
    await expect.poll(() => workersOf(gateway.pid), POLL).not.toContain(before[0])
    // What it was being handed at that moment is lost with it.
    const answers = () =>
      call(1_000).then(
        ({ isError }) => !isError,
        () => false,
      )
    await expect.poll(answers, POLL).toBe(true)
    await expect.poll(() => workersOf(gateway.pid).length, POLL).toBe(WORKERS)
  })

  test('promise 3: one that is told to end finishes first, and is replaced', async () => {
    const [first] = workersOf(gateway.pid)
    process.kill(first!, 'SIGTERM')
    await expect.poll(() => workersOf(gateway.pid), POLL).not.toContain(first)
    await expect.poll(() => workersOf(gateway.pid).length, POLL).toBe(WORKERS)
    expect((await call()).isError).toBe(false)
  })

  test('that they listen is said once, and all end with 0 when they are interrupted together', async () => {
    const said = gateway.output.stdout.split('\n').filter((line) => line.includes('gateway.listening'))
    expect(said).toHaveLength(1)
    const workers = workersOf(gateway.pid)
    expect(await gateway.end('SIGINT')).toBe(0)
    expect(workers.filter(isAlive)).toEqual([])
  })

  test('none outlives what started them', async () => {
    const again = await startGateway(home, { SLUICE_WORKERS: '2' })
    await expect.poll(() => workersOf(again.pid).length, POLL).toBe(2)
    const workers = workersOf(again.pid)
    process.kill(again.pid, 'SIGKILL')
    await expect.poll(() => workers.filter(isAlive), POLL).toEqual([])
  })

  test('all end that are told so while some of them still start', async () => {
    const again = await startGateway(home, { SLUICE_WORKERS: '3' })
    process.kill(again.pid, 'SIGTERM')
    await expect.poll(() => isAlive(again.pid), POLL).toBe(false)
  })

  test('a first one that cannot start says why, and nothing goes on', async () => {
    const env = { ...home.env, DATABASE_URL: 'postgres://127.0.0.1:1/none', SLUICE_WORKERS: '2' }
    const ended = await run(process.execPath, [`${ROOT}/sluice`, 'start'], {
      env: { ...process.env, ...env, PORT: '0' },
    })
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('The database') })
  }, 60_000)
})

test('the embedded database belongs to one process, and whoever wants more is told what to set', async () => {
  const ended = await run(process.execPath, [`${ROOT}/sluice`, 'start'], {
    env: { ...process.env, DATABASE_URL: '', SLUICE_WORKERS: '2' },
  })
  expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/SLUICE_WORKERS: .*DATABASE_URL/) })
})

const POLL = { timeout: 30_000, interval: 100 }

/** The processes that a gateway serves with. */
function workersOf(pid: number): number[] {
  return processesBelow(pid, 'main.ts')
}

function isAlive(pid: number): boolean {
  return statOf(pid) !== undefined
}
