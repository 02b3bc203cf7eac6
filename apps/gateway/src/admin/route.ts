import { Readable } from 'node:stream'
import { type Admin, type AdminRole, Problem, type ProblemCode, wholeTurn } from '@sluice/contract'
import type { Once, Sealer, Writing } from '@sluice/store'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import { etagOf, precondition, refusePrecondition } from './etag.ts'
import type { Tag } from './tags.ts'

/** One route of the admin API: what is documented, checked and tested of it, and what it does. */
export interface AdminRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below /api/v1, with Fastify's `:name`. */
  readonly path: string
  readonly operationId: string
  readonly tag: Tag
  readonly summary: string
  readonly description?: string
  /** The least role that may; `installation` stands beside the others. */
  readonly role: AdminRole
  readonly params?: TSchema
  readonly query?: TSchema
  readonly body?: TSchema
  /** The status of success, what it says, and its body; null: none. */
  readonly status: 200 | 201 | 204
  readonly answers: string
  readonly answer: TSchema | null
  /** For an answer that is not JSON. */
  readonly answerType?: string
  /** The answer bears an ETag; the request may take If-Match too, as every change of one thing does. */
  readonly etag?: 'gives' | 'takes'
  /** The request takes an Idempotency-Key. */
  readonly once?: true
  /** What can go wrong beside what its shape tells. */
  readonly problems?: readonly ProblemCode[]
  readonly bodyLimit?: number
  /** The body also comes as multipart/form-data; the handler reads and checks it, JSON too. */
  readonly multipart?: true
  readonly handle: (request: AdminRequest<never, never, never>) => Promise<unknown>
}

/** What a handler is given: everything proven and checked. */
export interface AdminRequest<P = unknown, Q = unknown, B = unknown> {
  readonly admin: Admin
  /** The admin as who writes. */
  readonly by: Writing
  readonly params: P
  readonly query: Q
  readonly body: B
  readonly once: Once | undefined
  /** Refuses a change of what is not as the client read it (RFC 9110 13.1.1). */
  readonly check: (current: unknown) => void
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
  readonly raw: FastifyRequest
}

type Of<S> = S extends TSchema ? Static<S> : unknown

/** Ties a route's handler to the types of its schemas. */
export function route<
  P extends TSchema | undefined = undefined,
  Q extends TSchema | undefined = undefined,
  B extends TSchema | undefined = undefined,
>(
  about: Omit<AdminRoute, 'handle' | 'params' | 'query' | 'body'> & {
    readonly params?: P
    readonly query?: Q
    readonly body?: B
  },
  handle: (request: AdminRequest<Of<P>, Of<Q>, Of<B>>) => Promise<unknown>,
): AdminRoute {
  return { ...about, handle } as unknown as AdminRoute
}

/** @throws Problem `not-found` where there is nothing: what is another workspace's is not there either (S59) */
export function existing<T>(found: T | undefined | false, what: string): T {
  if (found === undefined || found === false) throw new Problem('not-found', { detail: `There is no such ${what}.` })
  return found
}

/** Who may, by the role that a route asks for. */
const MAY: Readonly<Record<AdminRole, readonly AdminRole[]>> = {
  viewer: ['viewer', 'editor', 'owner'],
  editor: ['editor', 'owner'],
  owner: ['owner'],
  installation: ['installation'],
}

export function serveRoute(app: FastifyInstance, route: AdminRoute, sealer: Sealer): void {
  const { method, path, params, query, body, answer, status, bodyLimit } = route
  app.route({
    method,
    url: path,
    ...(bodyLimit ? { bodyLimit } : {}),
    // A HEAD would read all that a stream has, for nobody.
    ...(route.answerType ? { exposeHeadRoute: false } : {}),
    schema: {
      ...(params ? { params } : {}),
      ...(query ? { querystring: query } : {}),
      ...(body && !route.multipart ? { body } : {}),
      ...(answer && !route.answerType ? { response: { [status]: answer } } : {}),
    },
    // Before the body is read: who may not, need not send it.
    onRequest: async ({ admin }) => refuseRole(admin, route),
    handler: async (request, reply) => {
      const result = await route.handle(
        toAdminRequest(request, reply, route, sealer) as AdminRequest<never, never, never>,
      )
      if (status === 204) return reply.code(204).send()
      if (route.etag) reply.header('etag', etagOf(result))
      if (route.answerType) {
        reply.type(/^text\/csv$/.test(route.answerType) ? `${route.answerType}; charset=utf-8` : route.answerType)
        return reply.code(status).send(result)
      }
      const text = reply.code(status).serialize(result)
      return sendJson(reply, text as string)
    },
  })
}

/** A report of thousands of tools goes out piece by piece, between which calls go on. Characters, or bytes. */
const PIECE = 256 * 1024

async function sendJson(reply: FastifyReply, text: string): Promise<FastifyReply> {
  reply.type('application/json; charset=utf-8')
  if (text.length <= PIECE) return reply.send(text)
  await wholeTurn()
  const bytes = Buffer.from(text)
  return reply.header('content-length', bytes.length).send(Readable.from(piecesOf(bytes)))
}

async function* piecesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE) {
    yield bytes.subarray(at, at + PIECE)
    await wholeTurn()
  }
}

export function refuseRole(admin: Admin, { role }: AdminRoute): void {
  if (MAY[role].includes(admin.role)) return
  if (admin.role === 'installation') {
    const detail =
      'The installation key manages workspaces and opens nothing in them: send an admin key of the workspace.'
    throw new Problem('unauthorized', { detail })
  }
  if (role === 'installation') {
    const detail =
      'This needs the installation key: set INSTALLATION_KEY where the gateway runs, and send it in place of the admin key.'
    throw new Problem('role-required', { detail })
  }
  const own = `${admin.role === 'viewer' ? 'a' : 'an'} ${admin.role}’s`
  const detail = `This needs the key of an ${role}${role === 'editor' ? ' or an owner' : ''}; yours is ${own}.`
  throw new Problem('role-required', { detail })
}

function toAdminRequest(request: FastifyRequest, reply: FastifyReply, route: AdminRoute, sealer: Sealer): AdminRequest {
  const { admin, headers } = request
  if (route.method !== 'GET' && route.etag !== 'takes') refusePrecondition(headers['if-match'])
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  return {
    admin,
    by: { workspaceId: admin.workspaceId, actor: admin.id },
    params: request.params,
    query: request.query,
    body: request.body,
    once: route.once && onceOf(request, route, sealer),
    check: precondition(headers['if-match']),
    signal: gone.signal,
    raw: request,
  }
}

const KEY_FORM = /^[\x21-\x7e]{1,200}$/

function onceOf({ admin, headers, body, query }: FastifyRequest, route: AdminRoute, sealer: Sealer): Once | undefined {
  const key = headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !KEY_FORM.test(key)) {
    const detail = 'The header Idempotency-Key is 1 to 200 visible ASCII characters.'
    throw new Problem('invalid-request', { detail, errors: [{ pointer: 'Idempotency-Key', detail }] })
  }
  const request = JSON.stringify([route.operationId, query, ...(route.multipart ? [] : [body])])
  return { key, actor: admin.id, request, sealer }
}
