import { FIRST_NUMBER, type LoadTimes, numbered, postBytes, socketLoad } from './socket-load.ts'

export const ACCESS_KEY = 'slk_bench'

/** What the API answers to each call: about 1 kB of JSON. */
export const ANSWER = JSON.stringify({
  id: 7,
  items: Array.from({ length: 12 }, (_, n) => ({
    id: n,
    name: `A name of some length ${n}`,
    state: 'open',
    price: 12.5,
  })),
})

const MOST_TOOLS = 500

/** A document of as many operations. */
export const TOOLS = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Bench', version: '1' },
  paths: Object.fromEntries(
    Array.from({ length: MOST_TOOLS }, (_, n) => [
      `/things_${n}/{id}`,
      {
        get: {
          operationId: `get_thing_${n}`,
          summary: `Reads thing ${n}, with what is known of it`,
          parameters: [
            { name: 'id', in: 'path', required: true, schema: { type: 'integer' }, description: 'Which one' },
            { name: 'fields', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
            {
              name: 'state',
              in: 'query',
              schema: { type: 'string', enum: ['open', 'closed'] },
              description: 'Its state',
            },
          ],
          responses: { 200: { description: 'ok' } },
        },
      },
    ]),
  ),
})

/** A list of about what the gateway's has. */
export function listedTools(): object[] {
  return Array.from({ length: MOST_TOOLS }, (_, n) => ({ name: `get_thing_${n}`, description: 'x'.repeat(560) }))
}

export function resultOf(result: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, result })
}

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
}

const MESSAGES = {
  'tools/call': { name: 'get_thing_7', arguments: { id: FIRST_NUMBER, state: 'open' }, _meta: META },
  'tools/list': { _meta: META },
}

type BenchMethod = keyof typeof MESSAGES

/** How much is asked, and how fast. */
export interface Load {
  readonly method: BenchMethod
  readonly requests: number
  /** Absent: as fast as it is answered. */
  readonly perSecond?: number
}

/** So many requests of one kind. */
export function load(port: number, { method, ...rest }: Load): Promise<LoadTimes> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: MESSAGES[method] })
  const headers = {
    authorization: `Bearer ${ACCESS_KEY}`,
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...(method === 'tools/call' ? { 'mcp-name': 'get_thing_7' } : {}),
  }
  const requestOf = numbered(postBytes('/mcp/bench', headers, body))
  return socketLoad({ port, ...rest, connections: 64, requestOf, leastBytes: 500 })
}
