import multipart from '@fastify/multipart'
import { type Admin, LIMITS } from '@sluice/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { parseBody } from '../parse-body.ts'
import { accessKeyRoutes } from './access-keys.ts'
import { adminKeyRoutes } from './admin-keys.ts'
import { agreementRoutes } from './agreements.ts'
import { auditEventRoutes } from './audit-events.ts'
import { authenticateAdmin } from './authenticate.ts'
import { bodyPieces } from './body-pieces.ts'
import { bundleRoutes } from './bundles.ts'
import { callContentRoutes } from './call-content.ts'
import { callStatsRoutes } from './call-stats.ts'
import { compositeRoutes } from './composites.ts'
import { credentialRoutes } from './credentials.ts'
import type { AdminDeps } from './deps.ts'
import { importRoutes } from './imports.ts'
import { installationRoutes } from './installation.ts'
import { issuerRoutes } from './issuers.ts'
import { openApiDocument } from './openapi-document.ts'
import { promptRoutes } from './prompts.ts'
import { recordedCallRoutes } from './recorded-calls.ts'
import { referenceRoutes } from './reference.ts'
import { refuseMethod } from './refuse-method.ts'
import { resourceRoutes } from './resources.ts'
import { type AdminRoute, serveRoute } from './route.ts'
import { sampleRoutes } from './samples.ts'
import { secretRoutes } from './secrets.ts'
import { serverRoutes } from './servers.ts'
import { specRoutes } from './spec-revisions.ts'
import { toolRoutes } from './tools.ts'
import { upstreamRoutes } from './upstreams.ts'
import { workspaceRoutes } from './workspaces.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is asking; set for every route of the admin API. */
    admin: Admin
  }
}

/** Every route of the admin API: what is served, documented and tested comes from this one table. */
export function adminRouteTable(deps: AdminDeps): AdminRoute[] {
  return [
    ...importRoutes(deps),
    ...upstreamRoutes(deps),
    ...specRoutes(deps),
    ...credentialRoutes(deps),
    ...toolRoutes(deps),
    ...sampleRoutes(deps),
    ...agreementRoutes(deps),
    ...serverRoutes(deps),
    ...resourceRoutes(deps),
    ...promptRoutes(deps),
    ...compositeRoutes(deps),
    ...accessKeyRoutes(deps),
    ...issuerRoutes(deps),
    ...adminKeyRoutes(deps),
    ...secretRoutes(deps),
    ...bundleRoutes(deps, adminRouteTable),
    ...recordedCallRoutes(deps),
    ...callContentRoutes(deps),
    ...callStatsRoutes(deps),
    ...auditEventRoutes(deps),
    ...installationRoutes(deps),
    ...workspaceRoutes(deps),
  ]
}

/** The admin API: AdminKey as bearer, JSON, one workspace per key; workspaces themselves take the installation key. */
export async function adminRoutes(app: FastifyInstance, deps: AdminDeps): Promise<void> {
  refuseMethod(app)
  const table = adminRouteTable(deps)
  // The document holds nothing of anybody's: a browser may fetch it without a key, and read it as a page.
  app.get('/openapi.json', async () => openApiDocument(table, deps.publicUrl()))
  await app.register(referenceRoutes)
  // A stop waits for nobody who only listens.
  app.addHook('preClose', async () => deps.tails.close())
  await app.register(async (guarded) => {
    guarded.decorateRequest('admin')
    await guarded.register(multipart, {
      limits: { fileSize: LIMITS.specBytes, files: 1, fields: 20, fieldSize: LIMITS.specBytes },
    })
    readJson(guarded)
    guarded.addHook('onRequest', async (request) => {
      await deps.needDatabase()
      request.admin = await authenticateAdmin(request.headers.authorization, deps)
    })
    // Those that may be large, their handlers read.
    const [large, usual] = [table.filter(({ multipart }) => multipart), table.filter(({ multipart }) => !multipart)]
    for (const route of usual) serveRoute(guarded, route, deps.sealer)
    await guarded.register(async (unread) => {
      unread.removeContentTypeParser(JSON_TYPE)
      unread.addContentTypeParser(JSON_TYPE, bodyPieces)
      for (const route of large) serveRoute(unread, route, deps.sealer)
    })
  })
}

const JSON_TYPE = 'application/json'

function readJson(app: FastifyInstance): void {
  // A text would be a body, of the wrong type.
  app.removeContentTypeParser('text/plain')
  app.addContentTypeParser<Buffer>(JSON_TYPE, { parseAs: 'buffer' }, async (_request: FastifyRequest, bytes: Buffer) =>
    parseBody(bytes),
  )
}
