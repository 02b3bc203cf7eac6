import { Agent, createServer, request } from 'node:http'
import { ask } from './admin.ts'
import type { Endpoint } from './mcp-clients.ts'
import { onLoopback } from './on-loopback.ts'

export interface CountedLoad {
  /** Calls that were answered, as who made them counted. */
  readonly made: number
  readonly seconds: number
  /** As `/call-stats` counts. */
  readonly recorded: number
  readonly dropped: number
}

const CONNECTIONS = 64

/** Makes so many calls of a gateway's tool at once, and counts them on both ends. `before`: what happens before the nth. */
export async function recordUnderLoad(
  gateway: { url: string; adminKey: string },
  calls: number,
  before: Readonly<Record<number, () => Promise<unknown>>> = {},
): Promise<CountedLoad> {
  const api = await onLoopback(
    createServer((_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ text: 'x'.repeat(1_000) })),
    ),
  )
  const parameters = [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }]
  const text = JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Load', version: '1' },
    servers: [{ url: api.url }],
    paths: { '/things/{id}': { get: { operationId: 'get_thing', parameters } } },
  })
  const { body } = await ask(gateway, 'POST', '/imports?commit=true', { text, allow: [new URL(api.url).host] })
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const started = performance.now()
  let [next, made] = [0, 0]
  const callOn = async () => {
    while (next < calls) {
      const n = ++next
      await before[n]?.()
      if (await callThing(body, n, agent)) made++
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, callOn))
  const seconds = (performance.now() - started) / 1000
  agent.destroy()
  await api.close()
  const counted = await settled(gateway)
  return { made, seconds, recorded: counted.total.calls, dropped: counted.dropped }
}

/** What the last calls cost is counted for a moment yet. */
async function settled(gateway: { url: string; adminKey: string }) {
  for (let before = -1; ; ) {
    const { body } = await ask(gateway, 'GET', '/call-stats')
    if (body.total.calls + body.dropped === before) return body
    before = body.total.calls + body.dropped
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}

/** Whether it was answered with a result. */
function callThing({ url, accessKey }: Endpoint, id: number, agent: Agent): Promise<boolean> {
  const message = { jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'get_thing', arguments: { id } } }
  const headers = {
    authorization: `Bearer ${accessKey}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  }
  return new Promise((resolve, reject) => {
    request(url, { method: 'POST', headers, agent }, async (response) => {
      const answer = (await response.toArray()).join('')
      resolve(response.statusCode === 200 && answer.includes('"isError":false'))
    })
      .on('error', reject)
      .end(JSON.stringify(message))
  })
}
