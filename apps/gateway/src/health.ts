import type { FastifyInstance } from 'fastify'

export interface HealthDeps {
  /** Why calls cannot be served now, or nothing. */
  readonly notReady: () => Promise<string | undefined>
}

/** For orchestrators: live says the process answers, ready says it can serve, with the reason where not. */
export async function healthRoutes(app: FastifyInstance, deps: HealthDeps): Promise<void> {
  app.get('/health/live', async () => ({ status: 'live' }))
  app.get('/health/ready', async (_request, reply) => {
    const reason = await deps.notReady()
    return reason === undefined ? { status: 'ready' } : reply.code(503).send({ status: 'not ready', reason })
  })
}
