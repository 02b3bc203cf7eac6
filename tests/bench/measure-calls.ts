import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { ask, listAll } from '../support/admin.ts'
import type { UnlimitedGateway } from '../support/unlimited-gateway.ts'
import { median } from './median.ts'
import { processorTime } from './processor-time.ts'
import { FIRST_NUMBER, type LoadTimes, numbered, postBytes, socketLoad } from './socket-load.ts'

export const CALL_ROUNDS = 3

/** What is asked: a tool, at so many connections, so often in a round. */
export interface Ask {
  readonly what: string
  readonly tool: string
  /** Which of the proxy's is like it. */
  readonly like: 'small' | 'large'
  readonly connections: number
  readonly requests: number
}

/** A server that is asked. */
export interface Asked {
  readonly name: string
  /** Of its endpoint. */
  readonly path: string
  readonly port: number
  readonly pid: number
  readonly headers: Readonly<Record<string, string>>
  /** The name by which it has a tool. */
  readonly nameOf: (ask: Ask) => string
}

export interface Figures {
  readonly perSecond: number
  /** Microseconds of processor, its children's too. */
  readonly cpu: number
}

/** `calls-server.ts` in a process of its own. */
export async function startCallsServer(args: readonly string[]): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(join(import.meta.dirname, 'calls-server.ts'), [...args], {
    execArgv: ['--import', './scripts/fast-resolve.mjs'],
  })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return { child, port }
}

/** That asks the API for what it has under an id. */
export function operationById(operationId: string) {
  const parameters = [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }]
  return { get: { operationId, parameters, responses: { 200: { description: 'ok' } } } }
}

/** A gateway with the API's tools: one as it is, one with a filter, one with an interceptor. */
export async function prepareGateway(name: string, gateway: UnlimitedGateway, apiUrl: string): Promise<Asked> {
  const paths = {
    '/small/{id}': operationById('get_small'),
    '/large/{id}': operationById('get_large'),
    '/small/filtered/{id}': operationById('get_filtered'),
    '/small/intercepted/{id}': operationById('get_intercepted'),
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
    path: `/mcp/${name}`,
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

/** Each server in turn, round by round: medians. */
export async function measureInTurn(servers: readonly Asked[], asked: Ask): Promise<Figures[]> {
  const figures = servers.map((): Figures[] => [])
  for (const server of servers) await loadOf(server, asked)
  for (let round = 0; round < CALL_ROUNDS; round++)
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

export function loadOf(server: Asked, asked: Ask, perSecond?: number): Promise<LoadTimes> {
  const params = { name: server.nameOf(asked), arguments: { id: FIRST_NUMBER } }
  const body = JSON.stringify({ jsonrpc: '2.0', id: FIRST_NUMBER, method: 'tools/call', params })
  return socketLoad({
    port: server.port,
    requests: asked.requests,
    connections: asked.connections,
    ...(perSecond ? { perSecond } : {}),
    requestOf: numbered(postBytes(server.path, server.headers, body)),
    leastBytes: 200,
  })
}
