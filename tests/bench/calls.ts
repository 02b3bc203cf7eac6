// `npm run bench -- calls`: tools/call through a real gateway to an API, beside a bare proxy of JSON and beside the SDK alone.
import { startPostgres } from '../support/postgres.ts'
import { startUnlimitedGateway } from '../support/unlimited-gateway.ts'
import {
  type Ask,
  type Asked,
  CALL_ROUNDS,
  type Figures,
  loadOf,
  measureInTurn,
  prepareGateway,
  startCallsServer,
} from './measure-calls.ts'
import { median } from './median.ts'
import { quantile } from './quantile.ts'

/** Of the bare proxy's calls a second, at 64 connections with 1 kB. */
const LEAST_THROUGHPUT = 0.75
/** Milliseconds that a call takes longer than through the bare proxy, at half of what the gateway can do. */
const MOST_ADDED_MS = { p50: 1, p99: 5 }

const ASKS: readonly Ask[] = [
  ...[1, 16, 64].map((connections) => ({
    ...{ what: '1 kB', tool: 'get_small', like: 'small' as const, connections },
    requests: connections === 1 ? 1_500 : 5_000,
  })),
  ...[1, 16, 64].map((connections) => ({
    ...{ what: '100 kB', tool: 'get_large', like: 'large' as const, connections },
    requests: connections === 1 ? 200 : 600,
  })),
  { what: '1 kB, filter', tool: 'get_filtered', like: 'small', connections: 64, requests: 5_000 },
  { what: '1 kB, interceptor', tool: 'get_intercepted', like: 'small', connections: 64, requests: 3_000 },
]

/** False where a bound of the design is missed. Prints a table, and the same as one line of JSON. */
export async function benchCalls(): Promise<boolean> {
  await using opened = new AsyncDisposableStack()
  const fork = async (...args: string[]) => {
    const server = await startCallsServer(args)
    opened.defer(() => server.child.disconnect())
    return server
  }
  const api = await fork('api')
  const apiUrl = `http://127.0.0.1:${api.port}`
  const proxy = await fork('proxy', apiUrl)
  const postgres = await startPostgres()
  if (!postgres) console.log('PostgreSQL is not installed: on the embedded database.')
  opened.defer(() => postgres?.stop())
  const gateway = async (name: string, env: Record<string, string>): Promise<Asked> => {
    const started = await startUnlimitedGateway({ ...env, ALLOWED_HOSTS: '127.0.0.1' })
    opened.defer(started.close)
    return prepareGateway(name, started, apiUrl)
  }
  const bare: Asked = {
    name: 'bare',
    path: '/mcp/bench',
    port: proxy.port,
    pid: proxy.child.pid!,
    headers: {},
    nameOf: ({ like }) => like,
  }
  const ours = await gateway('sluice', postgres ? { DATABASE_URL: postgres.url } : {})
  const sdk = await gateway('sdk', { MCP_ENGINE: 'sdk' })
  console.log(row(['', 'at once', 'bare/s', 'ours/s', 'of bare', 'sdk/s', 'bare us', 'ours us', 'times', 'sdk us']))
  const told = []
  for (const one of ASKS) {
    const [ofBare, ofOurs, ofSdk] = await measureInTurn([bare, ours, sdk], one)
    const figures = { ...one, bare: ofBare!, ours: ofOurs!, sdk: ofSdk! }
    told.push(figures)
    console.log(rowOf(figures))
  }
  const top = told.find(({ what, connections }) => what === '1 kB' && connections === 64)!
  const added = await addedLatency(bare, ours, ASKS[2]!, Math.floor(top.ours.perSecond / 2))
  console.log(
    `\nAt half of that, ${added.perSecond} calls a second, a call takes ${added.p50.toFixed(2)} ms longer at the median and ${added.p99.toFixed(2)} ms at p99 than through the bare proxy.`,
  )
  console.log(JSON.stringify({ bench: 'calls', rows: told, added }))
  const isFast = top.ours.perSecond >= LEAST_THROUGHPUT * top.bare.perSecond
  return isFast && added.p50 <= MOST_ADDED_MS.p50 && added.p99 <= MOST_ADDED_MS.p99
}

async function addedLatency(bare: Asked, ours: Asked, asked: Ask, perSecond: number) {
  const added: Array<{ p50: number; p99: number }> = []
  for (let round = 0; round < CALL_ROUNDS; round++) {
    const [without, withUs] = [await loadOf(bare, asked, perSecond), await loadOf(ours, asked, perSecond)]
    const more = (part: number) => quantile(withUs.each, part) - quantile(without.each, part)
    added.push({ p50: more(0.5), p99: more(0.99) })
  }
  return { perSecond, p50: median(added.map(({ p50 }) => p50)), p99: median(added.map(({ p99 }) => p99)) }
}

function rowOf({ what, connections, bare, ours, sdk }: Ask & Record<'bare' | 'ours' | 'sdk', Figures>): string {
  const [of, times] = [ours.perSecond / bare.perSecond, ours.cpu / bare.cpu]
  const rates = [bare.perSecond.toFixed(0), ours.perSecond.toFixed(0), of.toFixed(2), sdk.perSecond.toFixed(0)]
  const costs = [bare.cpu.toFixed(0), ours.cpu.toFixed(0), times.toFixed(2), sdk.cpu.toFixed(0)]
  return row([what, String(connections), ...rates, ...costs])
}

function row([first, ...rest]: readonly string[]): string {
  return [first!.padEnd(20), ...rest.map((cell) => cell.padStart(9))].join('')
}
