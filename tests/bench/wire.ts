import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { median } from './median.ts'
import { processorTime } from './processor-time.ts'
import { type Load, load } from './wire-load.ts'

interface Row {
  readonly what: string
  readonly ours: string
  readonly asked: Load
  /** At most so many times what a bare handler takes; absent where it is told for comparison. */
  readonly bound?: number
}

const CALL = 'tools/call'
const LIST = 'tools/list'

const ROWS: readonly Row[] = [
  { what: 'tools/call, 64 at once', ours: 'call', asked: { method: CALL, requests: 50_000 }, bound: 1.5 },
  { what: 'the same without log and record', ours: 'quiet', asked: { method: CALL, requests: 50_000 } },
  { what: 'tools/list of 500, 64 at once', ours: 'call', asked: { method: LIST, requests: 4_000 }, bound: 1.2 },
  { what: 'tools/call, each alone', ours: 'call', asked: { method: CALL, requests: 3_000, perSecond: 1_000 } },
  { what: 'tools/list of 500, each alone', ours: 'call', asked: { method: LIST, requests: 1_500, perSecond: 500 } },
  { what: 'tools/call by the SDK, 64 at once', ours: 'sdk', asked: { method: CALL, requests: 6_000 } },
]

const ROUNDS = 5

/** Until what runs often is compiled. */
const WARM_REQUESTS = 20_000

/**
 * What the processor does for a message of MCP whose API is a constant, log and record included, beside a bare Fastify handler that answers
 * as many bytes: where many ask at once, and where each comes alone, as often at both. Of two that are asked as fast as they can answer
 * the slower one also pays for waking a client that waits, so the first is no kindness to it.
 */
export async function benchWire(): Promise<boolean> {
  console.log('CPU of one request in microseconds, the median of five rounds in turn\n')
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

/** Measured 2.0 to 2.3, on a machine that is busy with other things too: what costs half as much again is caught, noise is not. */
const GATE = 3.2

/** What every change must pass: a call costs the processor no more than so many times a bare handler. */
export async function benchGate(): Promise<boolean> {
  const { bare, ours, ratio } = await measure(ROWS[0]!)
  const figures = `${ours.toFixed(0)} us beside ${bare.toFixed(0)} us of a bare handler, ${ratio.toFixed(2)} times`
  console.log(`A tools/call whose API is a constant takes ${figures}; at most ${GATE} times.`)
  return ratio <= GATE
}

async function measure({ ours, asked }: Row): Promise<Record<'bare' | 'ours' | 'ratio', number>> {
  const servers = [await startServer('bare'), await startServer(ours)] as const
  for (const { port } of servers) await load(port, { method: asked.method, requests: WARM_REQUESTS })
  const figures = servers.map((): number[] => [])
  for (let round = 0; round < ROUNDS; round++)
    for (const [at, server] of servers.entries()) figures[at]!.push(await cpuOf(server, asked))
  for (const { child } of servers) child.disconnect()
  const [bare, own] = figures.map(median) as [number, number]
  return { bare, ours: own, ratio: median(figures[1]!.map((figure, round) => figure / figures[0]![round]!)) }
}

interface BenchServer {
  readonly port: number
  readonly child: ChildProcess
}

async function startServer(variant: string): Promise<BenchServer> {
  const child = fork(join(import.meta.dirname, 'wire-server.ts'), [variant], {
    execArgv: ['--import', './scripts/fast-resolve.mjs'],
  })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return { port, child }
}

/** With its children: one of them counts tokens. */
async function cpuOf({ port, child }: BenchServer, asked: Load): Promise<number> {
  const spent = () => processorTime(child.pid!) ?? Number.NaN
  const before = spent()
  await load(port, asked)
  return (spent() - before) / asked.requests
}

function line([what = '', ...figures]: readonly string[]): string {
  return `${what.padEnd(36)}${figures.map((figure) => figure.padStart(8)).join('')}`
}
