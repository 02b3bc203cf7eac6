import { Agent, request } from 'node:http'

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
  'tools/call': { name: 'get_thing_7', arguments: { id: 7, state: 'open' }, _meta: META },
  'tools/list': { _meta: META },
}

export type BenchMethod = keyof typeof MESSAGES

/** So many requests of one kind, some at a time, each read to its end. @throws Error for an answer that is no result */
export async function load(port: number, method: BenchMethod, count: number, connections = 32): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: MESSAGES[method] })
  const name: Record<string, string> = method === 'tools/call' ? { 'mcp-name': 'get_thing_7' } : {}
  const headers = {
    authorization: `Bearer ${ACCESS_KEY}`,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...name,
  }
  let left = count
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const sent = request(
        { agent, port, host: '127.0.0.1', method: 'POST', path: '/mcp/bench', headers },
        (answer) => {
          let length = 0
          answer.on('data', (chunk: Buffer) => {
            length += chunk.length
          })
          answer.on('end', () =>
            answer.statusCode === 200 && length > 500
              ? resolve()
              : reject(new Error(`HTTP ${answer.statusCode}, ${length} bytes`)),
          )
        },
      )
      sent.on('error', reject)
      sent.end(body)
    })
  const worker = async () => {
    while (left-- > 0) await one()
  }
  await Promise.all(Array.from({ length: connections }, worker))
  agent.destroy()
}
