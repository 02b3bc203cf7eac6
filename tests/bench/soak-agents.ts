import { randomUUID } from 'node:crypto'
import { connectV2, type Endpoint, type McpClient, postMessage } from '../support/mcp-clients.ts'
import { FAULTS, type FaultyUpstream } from './soak-upstream.ts'

/** What agents saw of their calls. */
export interface Seen {
  calls: number
  answered: number
  failed: number
  /** Of clients that went away while their call was at the upstream. */
  left: number
  /** Ended in something that is no result: a broken promise. */
  readonly broken: string[]
  slowestMs: number
  /** Of the calls that are not safe. */
  readonly unsafe: string[]
  /** Of the calls that may be sent again. */
  readonly safe: string[]
}

const AGENTS = 10
/** Calls of a hundred whose client goes away. */
const LEAVING = 6
const PAUSE_MS = 40
const KINDS = Object.entries(FAULTS).flatMap(([fault, [weight]]) => Array<string>(weight).fill(fault))
const CONNECT = [
  (endpoint: Endpoint) => connectV2(endpoint, { pin: '2026-07-28' }),
  (endpoint: Endpoint) => connectV2(endpoint, 'legacy'),
]

/** Agents that call one tool after the other, whatever comes of it, until a time. */
export async function runAgents(endpoint: Endpoint, upstream: FaultyUpstream, until: number): Promise<Seen> {
  const seen: Seen = { calls: 0, answered: 0, failed: 0, left: 0, broken: [], slowestMs: 0, unsafe: [], safe: [] }
  await Promise.all(
    Array.from({ length: AGENTS }, async (_, at) => {
      let agent = await CONNECT[at % CONNECT.length]!(endpoint)
      while (Date.now() < until) {
        await callOnce(agent, endpoint, upstream, seen)
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 2 * PAUSE_MS))
        if (seen.calls % 200 !== 0) continue
        await agent.close()
        agent = await CONNECT[at % CONNECT.length]!(endpoint)
      }
      await agent.close()
    }),
  )
  return seen
}

async function callOnce(agent: McpClient, endpoint: Endpoint, upstream: FaultyUpstream, seen: Seen): Promise<void> {
  const id = randomUUID()
  const tool = pick(['list_things', 'read_thing', 'make_thing', 'make_thing', 'read_down'])
  const args = { thing_id: id, fault: pick(KINDS) }
  const isDown = tool === 'read_down'
  if (!isDown) (tool === 'make_thing' ? seen.unsafe : seen.safe).push(id)
  seen.calls++
  const started = performance.now()
  try {
    if (!isDown && Math.random() * 100 < LEAVING)
      await leave(endpoint, upstream, id, { name: tool, arguments: args }, seen)
    else {
      const { isError } = await agent.callTool(tool, isDown ? {} : args)
      if (isError) seen.failed++
      else seen.answered++
    }
  } catch (error) {
    seen.broken.push(`${tool}, ${args.fault}: ${(error as Error).message}`)
  }
  seen.slowestMs = Math.max(seen.slowestMs, performance.now() - started)
}

/** A client that hangs up as soon as its call has reached the upstream. */
async function leave(
  endpoint: Endpoint,
  upstream: FaultyUpstream,
  id: string,
  params: object,
  seen: Seen,
): Promise<void> {
  const away = new AbortController()
  upstream.onArrival(id, () => away.abort())
  const message = { jsonrpc: '2.0', id, method: 'tools/call', params }
  await postMessage(endpoint, message, { signal: away.signal })
    .then((response) => response.text())
    .catch((error: Error) => {
      if (error.name !== 'AbortError') throw error
    })
  seen.left++
}

function pick<T>(of: readonly T[]): T {
  return of[Math.floor(Math.random() * of.length)]!
}
