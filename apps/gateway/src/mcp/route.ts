import type { OutgoingHttpHeaders } from 'node:http'
import { type Caller, type Catalog, Problem } from '@sluice/contract'
import type { McpHost, McpHttpResponse } from '@sluice/mcp'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { serverUrl } from '../client-snippets.ts'
import { askedProfile } from './asked-profile.ts'
import { authenticate, type KeyDirectory } from './authenticate.ts'
import { createOpenCalls } from './open-calls.ts'
import { openSession, type ServeDeps } from './serve.ts'
import { watchStreams } from './watch-streams.ts'

export interface McpDeps {
  readonly host: McpHost
  readonly keys: () => KeyDirectory
  readonly serverId: (slug: string) => string | undefined
  readonly catalog: (serverId: string) => Promise<Catalog | undefined>
  readonly serve: ServeDeps
  /** Told the id of each key that let a caller in. */
  readonly keyUsed: (accessKeyId: string) => void
  readonly publicUrl: () => string
}

/** POST /mcp/:server, and nothing else: no stream is kept, so GET and DELETE are 405 as the protocol asks. */
export async function mcpRoutes(app: FastifyInstance, deps: McpDeps): Promise<void> {
  app.removeAllContentTypeParsers()
  // Bytes stay text: the wire reads them once, strictly.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.decorateRequest('admitted')
  const streams = watchStreams(deps.keys)
  const calls = createOpenCalls(deps.serve.stopping)
  // A stop waits for calls, and for nobody who only listens.
  app.addHook('preClose', async () => streams.close())
  // Who is calling is settled before the body is read.
  const onRequest = async (request: FastifyRequest) => {
    request.admitted = await admit(request as FastifyRequest<Reached>, deps)
  }
  app.post<Reached>('/:server', { onRequest }, async (request, reply) => {
    const { catalog, caller } = request.admitted
    const headers = () => headerPairs(request)
    const answer = await deps.host.handle(
      {
        method: 'POST',
        url: serverUrl(deps.publicUrl(), catalog.server.slug),
        header: (name) => oneOf(request.headers[name]),
        headers,
        body: typeof request.body === 'string' ? request.body : '',
        profile: askedProfile(request.query),
        signal: calls.follow(reply),
      },
      openSession(catalog, caller, deps.serve, headers),
    )
    if (answer.body instanceof ReadableStream) streams.add(reply, catalog.server.id, answer.isListening === true)
    return send(reply, answer)
  })
  app.route({
    method: ['GET', 'DELETE'],
    url: '/:server',
    handler: (_request, reply) => {
      reply.header('allow', 'POST')
      throw new Problem('method-not-allowed', {
        detail: 'An MCP server is reached by POST; no stream and no session is kept here.',
      })
    },
  })
}

interface Reached {
  Params: { server: string }
  Querystring: Record<string, string | string[] | undefined>
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set for every call of an MCP server. */
    admitted: Admitted
  }
}

interface Admitted {
  readonly catalog: Catalog
  readonly caller: Caller
}

/** Who is calling, and the server they may call. A server that a key does not open is, for that key, not there. */
async function admit(request: FastifyRequest<Reached>, deps: McpDeps): Promise<Admitted> {
  const key = authenticate(deps.keys(), request.headers.authorization)
  if (!key) {
    const detail =
      'Send an access key as "Authorization: Bearer slk_…". The key sent, if any, is unknown, revoked or expired; `sluice key create` makes a new one.'
    throw new Problem('unauthorized', { detail })
  }
  const slug = request.params.server
  const id = deps.serverId(slug)
  const catalog = id !== undefined && key.serverIds.has(id) ? await deps.catalog(id) : undefined
  if (!catalog)
    throw new Problem('not-found', {
      detail: `Your key opens no server "${slug}". \`sluice key list\` shows what it opens.`,
    })
  deps.keyUsed(key.id)
  const { workspaceId, id: accessKeyId, name, rights } = key
  return { catalog, caller: { workspaceId, accessKeyId, name, ...(rights ? { rights } : {}) } }
}

// Names whose values would not fit the body that is handed on, or say who is calling.
const NOT_PASSED = new Set([
  'authorization',
  'cookie',
  'content-length',
  'transfer-encoding',
  'connection',
  'host',
  'expect',
  'keep-alive',
  'upgrade',
  'te',
])

function oneOf(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function headerPairs(request: FastifyRequest): Array<[string, string]> {
  return Object.entries(request.headers).flatMap(
    ([name, value]): Array<[string, string]> =>
      typeof value === 'string' && !NOT_PASSED.has(name) ? [[name, value]] : [],
  )
}

function send(reply: FastifyReply, { status, headers, body }: McpHttpResponse): FastifyReply {
  for (const [name, value] of headers) reply.header(name, value)
  reply.code(status)
  return isParts(body) ? sendParts(reply, body) : reply.send(body ?? undefined)
}

function isParts(body: McpHttpResponse['body']): body is readonly Uint8Array[] {
  return Array.isArray(body)
}

/** A list of hundreds of tools is not copied for each who asks for it. */
function sendParts(reply: FastifyReply, parts: readonly Uint8Array[]): FastifyReply {
  const { raw } = reply.hijack()
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  raw.writeHead(reply.statusCode, { ...reply.getHeaders(), 'content-length': length } as OutgoingHttpHeaders)
  raw.cork()
  for (const part of parts) raw.write(part)
  raw.uncork()
  raw.end()
  return reply
}
