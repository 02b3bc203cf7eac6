import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { median } from './median.ts'
import { type BenchMethod, type Load, load } from './wire-load.ts'

interface Row {
  readonly what: string
  readonly method: BenchMethod
  readonly ours: string
  readonly requests: number
  readonly perSecond: number
  /** At most so many times what a bare handler takes; absent where it is told for comparison. */
  readonly bound?: number
}

const ROWS: readonly Row[] = [
  {
    what: 'tools/call, its API a constant',
    method: 'tools/call',
    ours: 'call',
    requests: 3_000,
    perSecond: 1_000,
    bound: 1.5,
  },
  { what: 'tools/list of 500 tools', method: 'tools/list', ours: 'call', requests: 1_500, perSecond: 500, bound: 1.2 },
  { what: 'tools/call by the SDK', method: 'tools/call', ours: 'sdk', requests: 3_000, perSecond: 1_000 },
]

const ROUNDS = 5

/** Until what runs often is compiled. */
const WARM_REQUESTS = 20_000

/**
 * What the processor does for a message of MCP, beside a bare Fastify handler that answers as many bytes. Both are asked as often:
 * of two that are asked as fast as they can answer, the slower one pays for waking a client that waits, and the other does not.
 */
export async function benchWire(): Promise<boolean> {
  console.log('CPU of one request in microseconds at the same number a second, the median of five rounds in turn\n')
  console.log(line(['', 'bare', 'ours', 'times', 'bound']))
  let isWithin = true
  for (const row of ROWS) {
    const { bare, ours, ratio } = await measure(row)
    if (row.bound !== undefined && ratio > row.bound) isWithin = false
    const bound = row.bound === undefined ? '' : String(row.bound)
    console.log(line([row.what, bare.toFixed(0), ours.toFixed(0), ratio.toFixed(2), bound]))
  }
  return isWithin
}

/** Measured 2.5 to 2.6, on a machine that is busy with other things too: what costs half as much again is caught, noise is not. */
const GATE = 3.4

/** What every change must pass: a call costs the processor no more than so many times a bare handler. */
export async function benchGate(): Promise<boolean> {
  const { bare, ours, ratio } = await measure(ROWS[0]!)
  const figures = `${ours.toFixed(0)} us beside ${bare.toFixed(0)} us of a bare handler, ${ratio.toFixed(2)} times`
  console.log(`A tools/call whose API is a constant takes ${figures}; at most ${GATE} times.`)
  return ratio <= GATE
}

async function measure({ method, ours, requests, perSecond }: Row): Promise<Record<'bare' | 'ours' | 'ratio', number>> {
  const servers = [await startServer('bare'), await startServer(ours)] as const
  for (const { port } of servers) await load(port, { method, requests: WARM_REQUESTS })
  const figures = servers.map((): number[] => [])
  for (let round = 0; round < ROUNDS; round++)
    for (const [at, server] of servers.entries())
      figures[at]!.push(await cpuOf(server, { method, requests, perSecond }))
  for (const { close } of servers) close()
  const [bare, own] = figures.map(median) as [number, number]
  return { bare, ours: own, ratio: median(figures[1]!.map((figure, round) => figure / figures[0]![round]!)) }
}

interface BenchServer {
  readonly port: number
  readonly cpu: () => Promise<number>
  readonly close: () => void
}

async function startServer(variant: string): Promise<BenchServer> {
  const child = fork(join(import.meta.dirname, 'wire-server.ts'), [variant], {
    execArgv: ['--import', './scripts/fast-resolve.mjs'],
  })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return {
    port,
    cpu: async () => {
      child.send('cpu')
      const [{ cpu }] = (await once(child, 'message')) as [{ cpu: NodeJS.CpuUsage }]
      return cpu.user + cpu.system
    },
    close: () => child.disconnect(),
  }
}

async function cpuOf({ port, cpu }: BenchServer, asked: Load): Promise<number> {
  const before = await cpu()
  await load(port, asked)
  return ((await cpu()) - before) / asked.requests
}

function line([what = '', ...figures]: readonly string[]): string {
  return `${what.padEnd(32)}${figures.map((figure) => figure.padStart(8)).join('')}`
}
