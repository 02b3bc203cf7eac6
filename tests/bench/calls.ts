// `npm run bench -- calls`: tools/call through a real gateway to an API, beside a bare proxy of JSON and beside the SDK alone.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { ask, listAll } from '../support/admin.ts'
import { startPostgres } from '../support/postgres.ts'
import { startUnlimitedGateway, type UnlimitedGateway } from '../support/unlimited-gateway.ts'
import { median } from './median.ts'
import { processorTime } from './processor-time.ts'
import { quantile } from './quantile.ts'
import { FIRST_NUMBER, type LoadTimes, numbered, postBytes, socketLoad } from './socket-load.ts'

const ROUNDS = 3
/** Of the bare proxy's calls a second, at 64 connections with 1 kB. */
const LEAST_THROUGHPUT = 0.75
/** Milliseconds that a call takes longer than through the bare proxy, at half of what the gateway can do. */
const MOST_ADDED_MS = { p50: 1, p99: 5 }

/** What is asked: a tool, at so many connections, so often in a round. */
interface Ask {
  readonly what: string
  readonly tool: string
  /** Which of the proxy's is like it. */
  readonly like: 'small' | 'large'
  readonly connections: number
  readonly requests: number
}

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

/** A server that is asked. */
interface Asked {
  readonly name: string
  readonly port: number
  readonly pid: number
  readonly headers: Readonly<Record<string, string>>
  /** The name by which it has a tool. */
  readonly nameOf: (ask: Ask) => string
}

interface Figures {
  readonly perSecond: number
  /** Microseconds of processor, its children's too. */
  readonly cpu: number
}

/** False where a bound of the design is missed. Prints a table, and the same as one line of JSON. */
export async function benchCalls(): Promise<boolean> {
  await using opened = new AsyncDisposableStack()
  const fork = async (...args: string[]) => {
    const server = await startServer(args)
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
    return prepared(name, started, apiUrl)
  }
  const bare: Asked = {
    name: 'bare',
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

async function startServer(args: readonly string[]): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(join(import.meta.dirname, 'calls-server.ts'), [...args], {
    execArgv: ['--import', './scripts/fast-resolve.mjs'],
  })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return { child, port }
}

/** A gateway with the API's tools: one as it is, one with a filter, one with an interceptor. */
async function prepared(name: string, gateway: UnlimitedGateway, apiUrl: string): Promise<Asked> {
  const operation = (operationId: string) => ({
    get: {
      operationId,
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
      responses: { 200: { description: 'ok' } },
    },
  })
  const paths = {
    '/small/{id}': operation('get_small'),
    '/large/{id}': operation('get_large'),
    '/small/filtered/{id}': operation('get_filtered'),
    '/small/intercepted/{id}': operation('get_intercepted'),
  }
  const imported = await ask(gateway, 'POST', `/imports?commit=true&server=${name}&upstream=${name}`, {
    text: JSON.stringify({ openapi: '3.1.0', info: { title: 'Calls', version: '1' }, paths }),
    baseUrl: apiUrl,
    allow: [new URL(apiUrl).host],
  })
  if (imported.status !== 200) throw new Error(`the import answered ${JSON.stringify(imported.body)}`)
  const tools = (await listAll(gateway, '/tools')).filter(({ upstream }) => upstream === name)
  const edit = async (tool: string, change: object) => {
    const answer = await ask(gateway, 'PATCH', `/tools/${tools.find((one) => one.name === tool).id}`, change)
    if (answer.status !== 200) throw new Error(`the edit answered ${JSON.stringify(answer.body)}`)
  }
  await edit('get_filtered', { responseFilter: 'items[].{id: id, name: name}' })
  await edit('get_intercepted', {
    steps: { responseInterceptor: 'response.body.items = response.body.items.slice(0, 3); return response' },
  })
  return {
    name,
    port: Number(new URL(gateway.url).port),
    pid: gateway.child.pid,
    headers: {
      authorization: `Bearer ${imported.body.accessKey}`,
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
    },
    nameOf: ({ tool }) => tool,
  }
}

async function measureInTurn(servers: readonly Asked[], asked: Ask): Promise<Figures[]> {
  const figures = servers.map((): Figures[] => [])
  for (const server of servers) await loadOf(server, asked)
  for (let round = 0; round < ROUNDS; round++)
    for (const [n, server] of servers.entries()) figures[n]!.push(await measure(server, asked))
  return figures.map((rounds) => ({
    perSecond: median(rounds.map(({ perSecond }) => perSecond)),
    cpu: median(rounds.map(({ cpu }) => cpu)),
  }))
}

async function measure(server: Asked, asked: Ask): Promise<Figures> {
  const before = processorTime(server.pid) ?? Number.NaN
  const { ms } = await loadOf(server, asked)
  const cpu = ((processorTime(server.pid) ?? Number.NaN) - before) / asked.requests
  return { perSecond: (asked.requests / ms) * 1_000, cpu }
}

function loadOf(server: Asked, asked: Ask, perSecond?: number): Promise<LoadTimes> {
  const params = { name: server.nameOf(asked), arguments: { id: FIRST_NUMBER } }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })
  const path = `/mcp/${server.name === 'bare' ? 'bench' : server.name}`
  return socketLoad({
    port: server.port,
    requests: asked.requests,
    connections: asked.connections,
    ...(perSecond ? { perSecond } : {}),
    requestOf: numbered(postBytes(path, server.headers, body)),
    leastBytes: 200,
  })
}

async function addedLatency(bare: Asked, ours: Asked, asked: Ask, perSecond: number) {
  const added: Array<{ p50: number; p99: number }> = []
  for (let round = 0; round < ROUNDS; round++) {
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
