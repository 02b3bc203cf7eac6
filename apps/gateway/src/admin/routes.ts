import multipart from '@fastify/multipart'
import { type Admin, LIMITS, Problem } from '@sluice/contract'
import type { FastifyInstance } from 'fastify'
import { findJsonFault } from '../find-json-fault.ts'
import { accessKeyRoutes } from './access-keys.ts'
import { adminKeyRoutes } from './admin-keys.ts'
import { agreementRoutes } from './agreements.ts'
import { auditEventRoutes } from './audit-events.ts'
import { authenticateAdmin } from './authenticate.ts'
import { credentialRoutes } from './credentials.ts'
import type { AdminDeps } from './deps.ts'
import { importRoutes } from './imports.ts'
import { openApiDocument } from './openapi-document.ts'
import { referenceRoutes } from './reference.ts'
import { refuseMethod } from './refuse-method.ts'
import { type AdminRoute, serveRoute } from './route.ts'
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
    ...agreementRoutes(deps),
    ...serverRoutes(deps),
    ...accessKeyRoutes(deps),
    ...adminKeyRoutes(deps),
    ...secretRoutes(deps),
    ...auditEventRoutes(deps),
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
  await app.register(async (guarded) => {
    guarded.decorateRequest('admin')
    await guarded.register(multipart, {
      limits: { fileSize: LIMITS.specBytes, files: 1, fields: 20, fieldSize: LIMITS.specBytes },
    })
    readJson(guarded)
    guarded.addHook('onRequest', async (request) => {
      request.admin = await authenticateAdmin(request.headers.authorization, deps)
    })
    for (const route of table) serveRoute(guarded, route, deps.sealer)
  })
}

/** Fastify's own reading of JSON, which refuses keys that would reach prototypes; what it cannot read is told with its place. */
function readJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) =>
    parse(request, text, (error, value) => (error ? done(notJson(text, error)) : done(null, value))),
  )
}

function notJson(text: string, cause: Error): Problem {
  const { detail, ...about } = findJsonFault(text) ?? FORBIDDEN_KEY
  const { pointer, fix } = about
  return new Problem('invalid-json', {
    detail: `The body is not JSON. ${detail}`,
    errors: [{ pointer, detail, fix }],
    cause,
  })
}

const FORBIDDEN_KEY = {
  pointer: '',
  detail: 'It has a key that is taken nowhere: "__proto__", or "constructor" with a "prototype" within.',
  fix: 'Remove that key.',
}
