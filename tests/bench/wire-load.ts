import { connect } from 'node:net'

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

/** As many digits in each call: a request is written once and its number put in. */
const FIRST_NUMBER = 10_000_000

const MESSAGES = {
  'tools/call': { name: 'get_thing_7', arguments: { id: FIRST_NUMBER, state: 'open' }, _meta: META },
  'tools/list': { _meta: META },
}

export type BenchMethod = keyof typeof MESSAGES

/** How much is asked, and how fast. */
export interface Load {
  readonly method: BenchMethod
  readonly requests: number
  /** Absent: each connection asks again as soon as it is answered. */
  readonly perSecond?: number
}

const CONNECTIONS = 32

/**
 * So many requests of one kind, some at a time, each read to its end. Written to the sockets as bytes: a client that does more
 * leaves the server waiting. @throws Error for an answer that is no result
 */
export async function load(port: number, { method, requests, perSecond }: Load): Promise<void> {
  const template = requestBytes(method)
  const numberAt = template.indexOf(String(FIRST_NUMBER))
  const started = performance.now()
  let next = 0
  const nextRequest = async (): Promise<Buffer | undefined> => {
    const number = next++
    if (number >= requests) return undefined
    const early = perSecond === undefined ? 0 : started + (number / perSecond) * 1_000 - performance.now()
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    const request = Buffer.from(template)
    if (numberAt >= 0) request.write(String(FIRST_NUMBER + number), numberAt)
    return request
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, () => runConnection(port, nextRequest)))
}

function requestBytes(method: BenchMethod): Buffer {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: MESSAGES[method] })
  const lines = [
    'POST /mcp/bench HTTP/1.1',
    'host: 127.0.0.1',
    `authorization: Bearer ${ACCESS_KEY}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'accept: application/json, text/event-stream',
    'mcp-protocol-version: 2026-07-28',
    `mcp-method: ${method}`,
    ...(method === 'tools/call' ? ['mcp-name: get_thing_7'] : []),
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

/** One request after the other, as long as there are any. */
function runConnection(port: number, nextRequest: () => Promise<Buffer | undefined>): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let left = 0
    let isChunked = false
    const ask = async () => {
      const request = await nextRequest()
      if (request) socket.write(request)
      else socket.end(resolve)
    }
    socket.on('connect', () => void ask())
    socket.on('error', reject)
    socket.on('data', (chunk: Buffer) => {
      if (left === 0 && !isChunked) {
        const end = chunk.indexOf('\r\n\r\n')
        const head = chunk.toString('latin1', 0, end)
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1])
        isChunked = /transfer-encoding: chunked/i.test(head)
        if (!head.startsWith('HTTP/1.1 200') || (!isChunked && !(length > 500)))
          reject(new Error(chunk.toString().slice(0, 500)))
        if (!isChunked) left = length + end + '\r\n\r\n'.length
      }
      if (isChunked) isChunked = !chunk.subarray(-5).equals(LAST_CHUNK)
      else left -= chunk.length
      if (left === 0 && !isChunked) void ask()
    })
  })
}

const LAST_CHUNK = Buffer.from('0\r\n\r\n')
