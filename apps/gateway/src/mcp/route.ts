import type { OutgoingHttpHeaders } from 'node:http'
import { Problem } from '@sluice/contract'
import type { McpHost, McpHttpResponse, McpSession } from '@sluice/mcp'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { serverUrl } from '../client-snippets.ts'
import { type AdmitDeps, type Admitted, admit } from './admit.ts'
import { askedProfile } from './asked-profile.ts'
import type { RateState } from './call-gate.ts'
import { Challenge } from './challenge.ts'
import { metadataUrl } from './metadata-url.ts'
import { createOpenCalls } from './open-calls.ts'
import type { ServeDeps } from './run-call.ts'
import { calledTool, openSession, scopesFor, scopesToRead } from './serve.ts'
import type { TraceContext } from './trace-call.ts'
import { watchStreams } from './watch-streams.ts'

export interface McpDeps extends AdmitDeps {
  readonly host: McpHost
  readonly serve: ServeDeps
  /** What a session has beside its catalog: code that is handed in. Nothing that is configured does so. */
  readonly extend?: (session: McpSession) => McpSession
}

/** POST /mcp/:server, and nothing else: no stream is kept, so GET and DELETE are 405 as the protocol asks. */
export async function mcpRoutes(app: FastifyInstance, deps: McpDeps): Promise<void> {
  app.removeAllContentTypeParsers()
  // Bytes stay text: the wire reads them once, strictly.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.decorateRequest('admitted')
  const streams = watchStreams()
  const calls = createOpenCalls(deps.serve.stopping)
  // A stop waits for calls, and for nobody who only listens.
  app.addHook('preClose', async () => streams.close())
  // Who is calling is settled before the body is read.
  const onRequest = async (request: FastifyRequest) => {
    const { server } = request.params as Reached['Params']
    request.admitted = await admit(request.headers.authorization, server, deps)
  }
  app.post<Reached>('/:server', { onRequest }, async (request, reply) => {
    const { catalog, caller, stillHolds } = request.admitted
    const answer = await deps.host.handle(
      {
        method: 'POST',
        url: () => serverUrl(deps.publicUrl(), catalog.server.slug),
        header: (name) => oneOf(request.headers[name]),
        headers: () => headerPairs(request),
        body: typeof request.body === 'string' ? request.body : '',
        profile: askedProfile(request.query),
        signal: calls.follow(reply),
      },
      sessionOf(request, reply, deps),
    )
    if (answer.body instanceof ReadableStream) {
      const isListening = answer.isListening === true
      streams.add({ reply, callerId: caller.id, stillHolds, isListening })
    }
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

function sessionOf(request: FastifyRequest, reply: FastifyReply, deps: McpDeps): McpSession {
  const { catalog, caller } = request.admitted
  const opened = openSession(catalog, caller, deps.serve, {
    headers: () => headerPairs(request),
    onRate: (rate) => tellRate(reply, rate),
    traceContext: sentContext(request),
  })
  const session = deps.extend ? deps.extend(opened) : opened
  if (!caller.offers) return session
  const refuse = (what: string, scopes: readonly string[] | undefined) =>
    scopes && refuseMissingScope(what, scopes, catalog.server.slug, deps)
  return {
    ...session,
    beforeCall: (name, args) => {
      const tool = calledTool(name, args)
      refuse(`The tool "${tool}"`, scopesFor(catalog, caller, tool))
    },
    beforeRead: (uri) => refuse('The resource of this URI', scopesToRead(catalog, caller, uri)),
  }
}

function sentContext({ headers: { traceparent, tracestate } }: FastifyRequest): TraceContext | undefined {
  if (typeof traceparent !== 'string') return undefined
  return { traceparent, ...(typeof tracestate === 'string' ? { tracestate } : {}) }
}

/** draft-ietf-httpapi-ratelimit-headers-10, 3 and 4 */
function tellRate(reply: FastifyReply, { name, limit, left, resetSeconds }: RateState): void {
  if (reply.raw.headersSent) return
  reply.header('ratelimit-policy', `"${name}";q=${limit};w=60`)
  reply.header('ratelimit', `"${name}";r=${left};t=${resetSeconds}`)
}

/** A client can get what is missing: it asks the person for more, and calls again. @throws Challenge */
function refuseMissingScope(what: string, scopes: readonly string[], slug: string, { publicUrl }: McpDeps): never {
  const detail = `${what} needs an access token with the scopes ${scopes.join(' ')}.`
  const where = { metadataUrl: metadataUrl(publicUrl(), slug) }
  throw new Challenge('insufficient-scope', detail, { ...where, error: 'insufficient_scope', scopes })
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

/** What is whole goes out as it is: the framework has nothing to add to it, and each step of its own costs a call. */
function send(reply: FastifyReply, { status, headers, body }: McpHttpResponse): FastifyReply {
  for (const [name, value] of headers) reply.header(name, value)
  reply.code(status)
  if (body === null || body instanceof ReadableStream) return reply.send(body ?? undefined)
  const [head, rest] = typeof body === 'string' ? [body] : [body.head, body.rest]
  const length = Buffer.byteLength(head) + (rest?.length ?? 0)
  const { raw } = reply.hijack()
  raw.writeHead(status, Object.assign(reply.getHeaders(), { 'content-length': length }) as OutgoingHttpHeaders)
  if (!rest) raw.end(head)
  else {
    // A list of hundreds of tools is not copied for each who asks for it.
    raw.write(head)
    raw.end(rest)
  }
  return reply
}
