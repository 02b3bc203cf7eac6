// A server of the bench `calls`, in a process of its own: the API, or a bare proxy to it. It tells its port.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import Fastify from 'fastify'
import { answerOf } from './call-answers.ts'

/** The very client that the gateway's door has. */
const { Pool } = createRequire(join(import.meta.dirname, '../../packages/egress/package.json'))('undici') as {
  Pool: new (
    origin: string,
    options: { connections: number },
  ) => {
    request(options: { method: string; path: string }): Promise<{ body: { text(): Promise<string> } }>
  }
}

const [variant, apiUrl = ''] = process.argv.slice(2)
const port = variant === 'proxy' ? await proxy() : await api()
process.send!({ port })
process.on('disconnect', () => process.exit(0))

/** Answers at once what is made already: `/small/7`, `/large/7`. */
async function api(): Promise<number> {
  const bodies = { small: Buffer.from(answerOf('small')), large: Buffer.from(answerOf('large')) }
  const server = createServer((request, response) => {
    const body = request.url!.startsWith('/large') ? bodies.large : bodies.small
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as { port: number }).port
}

/** The least that a proxy of JSON does: it reads a message, asks the API, and answers its text as a result. */
async function proxy(): Promise<number> {
  const pool = new Pool(apiUrl, { connections: 64 })
  const app = Fastify({ logger: false })
  app.post('/mcp/bench', async (request, reply) => {
    const { id, params } = request.body as { id: number; params: { name: string; arguments: { id: number } } }
    const { body } = await pool.request({ method: 'GET', path: `/${params.name}/${params.arguments.id}` })
    const text = await body.text()
    reply.header('content-type', 'application/json')
    return reply.send(JSON.stringify({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text }] } }))
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as { port: number }).port
}
