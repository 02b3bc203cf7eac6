import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import { LIMITS, type Observe, together } from '@sluice/contract'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import type { AdminDeps } from './admin/deps.ts'
import { adminRoutes } from './admin/routes.ts'
import { checkRequest } from './check-request.ts'
import { type AllowedHosts, guardHost } from './guard-host.ts'
import { type HealthDeps, healthRoutes } from './health.ts'
import { resourceMetadataRoutes } from './mcp/resource-metadata.ts'
import { type McpDeps, mcpRoutes } from './mcp/route.ts'
import { type MetricsDeps, metricsRoutes } from './metrics.ts'
import { notServed } from './not-served.ts'
import { replyProblem } from './reply-problem.ts'
import { roundedMs } from './rounded-ms.ts'
import { serializeAnswer } from './serialize-answer.ts'

export interface AppDeps {
  /** Absent where only MCP is served, from memory. */
  readonly admin?: AdminDeps
  readonly mcp: McpDeps
  readonly health: HealthDeps
  readonly metrics?: MetricsDeps
  readonly hosts: () => AllowedHosts
  /** Answers say that the connection ends, so that clients go elsewhere. */
  readonly isStopping: () => boolean
  readonly observe: Observe
}

/** Everything the process serves: the table of contents. Two scopes, each with its own authentication and limits. */
export async function createApp(deps: AppDeps): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    genReqId: () => randomUUID(),
    bodyLimit: LIMITS.mcpBodyBytes,
    // One reading of a path, before routing (S50).
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true, maxParamLength: 200 },
    requestTimeout: 120_000,
    forceCloseConnections: 'idle',
    // What the router refuses never reaches a hook.
    frameworkErrors: (error, request, reply) =>
      replyProblem(guarded(error, request, deps), request, reply, deps.observe),
    return503OnClosing: false,
  })
  handleTogether(app.server)
  app.setValidatorCompiler(checkRequest)
  app.setSerializerCompiler(serializeAnswer)
  app.setErrorHandler((error, request, reply) => replyProblem(error, request, reply, deps.observe))
  app.setNotFoundHandler((request, reply) =>
    replyProblem(notServed(request.method, request.url.split('?', 1)[0]!), request, reply, deps.observe),
  )
  // Each request passes both: a promise for each is worth leaving out.
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    if (deps.isStopping()) reply.header('connection', 'close')
    if (!request.url.startsWith('/health/')) guardHost(request, deps.hosts())
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    observeRequest(request, reply, deps.observe)
    done()
  })

  await app.register(healthRoutes, deps.health)
  if (deps.metrics) await app.register(metricsRoutes, deps.metrics)
  await app.register(resourceMetadataRoutes, deps.mcp)
  await app.register(mcpRoutes, { ...deps.mcp, prefix: '/mcp' })
  if (deps.admin) await app.register(adminRoutes, { ...deps.admin, prefix: '/api/v1' })
  return app
}

/** Has a server hand on the requests of one turn together. Who hangs up is noticed after it, when its request is being handled. */
function handleTogether(server: Server): void {
  const [handler] = server.listeners('request') as [RequestListener]
  const handle = together(([request, response]: [IncomingMessage, ServerResponse]) => handler(request, response))
  server.removeListener('request', handler).on('request', (request, response) => handle([request, response]))
}

function guarded(error: unknown, request: FastifyRequest, deps: AppDeps): unknown {
  try {
    guardHost(request, deps.hosts())
    return error
  } catch (refused) {
    return refused
  }
}

function observeRequest(
  request: Pick<FastifyRequest, 'id' | 'method' | 'problemCode' | 'problemReason'> & {
    routeOptions: { url?: string | undefined }
  },
  reply: { statusCode: number; elapsedTime: number },
  observe: Observe,
): void {
  const route = request.routeOptions.url ?? 'unknown'
  if (route.startsWith('/health/')) return
  observe({
    kind: 'request.finished',
    requestId: request.id,
    method: request.method,
    route,
    status: reply.statusCode,
    ms: roundedMs(reply.elapsedTime),
    ...(request.problemCode ? { problem: request.problemCode } : {}),
    ...(request.problemReason ? { reason: request.problemReason } : {}),
  })
}
