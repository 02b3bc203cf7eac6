import { timingSafeEqual } from 'node:crypto'
import { Problem } from '@sluice/contract'
import { hashKey } from '@sluice/store'
import type { FastifyInstance } from 'fastify'
import { bearerKey } from './mcp/authenticate.ts'

export interface MetricsDeps {
  /** What opens them: they are of all workspaces, so no admin key does. */
  readonly key: string
  readonly text: () => Promise<string>
}

/** GET /metrics, for Prometheus. */
export async function metricsRoutes(app: FastifyInstance, { key, text }: MetricsDeps): Promise<void> {
  const wanted = Buffer.from(hashKey(key), 'hex')
  app.get('/metrics', async (request, reply) => {
    // Hashes are compared: their time tells nothing of a key (S49).
    const given = Buffer.from(hashKey(bearerKey(request.headers.authorization) ?? ''), 'hex')
    if (!timingSafeEqual(given, wanted))
      throw new Problem('unauthorized', { detail: 'Send the setting METRICS_KEY as "Authorization: Bearer …".' })
    reply.type('text/plain; version=0.0.4; charset=utf-8')
    return text()
  })
}
