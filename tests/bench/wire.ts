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
  for (const { what, method, ours, requests, perSecond, bound } of ROWS) {
    const servers = [await startServer('bare'), await startServer(ours)] as const
    for (const { port } of servers) await load(port, { method, requests: WARM_REQUESTS })
    const figures = servers.map((): number[] => [])
    for (let round = 0; round < ROUNDS; round++)
      for (const [at, server] of servers.entries())
        figures[at]!.push(await cpuOf(server, { method, requests, perSecond }))
    for (const { close } of servers) close()
    const [bare, own] = figures.map(median) as [number, number]
    const ratio = median(figures[1]!.map((figure, round) => figure / figures[0]![round]!))
    if (bound !== undefined && ratio > bound) isWithin = false
    console.log(
      line([what, bare.toFixed(0), own.toFixed(0), ratio.toFixed(2), bound === undefined ? '' : String(bound)]),
    )
  }
  return isWithin
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
