import multipart from '@fastify/multipart'
import { type Admin, LIMITS, Problem } from '@sluice/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { bearerKey } from '../mcp/authenticate.ts'
import { type AccessKeyDeps, accessKeyRoutes } from './access-keys.ts'
import { type ImportRouteDeps, importRoutes } from './imports.ts'
import { type ServerDeps, serverRoutes } from './servers.ts'
import { type ToolDeps, toolRoutes } from './tools.ts'

export interface AdminDeps extends AccessKeyDeps, ImportRouteDeps, ServerDeps, ToolDeps {
  readonly findAdminKey: (key: string) => Promise<Admin | undefined>
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is asking; set for every route of the admin API. */
    admin: Admin
  }
}

/** The admin API: AdminKey as bearer, JSON, one workspace per key. */
export async function adminRoutes(app: FastifyInstance, deps: AdminDeps): Promise<void> {
  app.decorateRequest('admin')
  await app.register(multipart, {
    limits: { fileSize: LIMITS.specBytes, files: 1, fields: 20, fieldSize: LIMITS.specBytes },
  })
  app.addHook('onRequest', async (request) => {
    request.admin = await authenticateAdmin(request, deps)
  })
  await importRoutes(app, deps)
  await serverRoutes(app, deps)
  await toolRoutes(app, deps)
  await accessKeyRoutes(app, deps)
}

async function authenticateAdmin(request: FastifyRequest, deps: AdminDeps): Promise<Admin> {
  const key = bearerKey(request.headers.authorization)
  const admin = key === undefined ? undefined : await deps.findAdminKey(key)
  if (admin) return admin
  const detail =
    'Send an admin key as "Authorization: Bearer sla_…". The first one lies in the file admin.key in the data folder; `sluice admin-key create` makes another.'
  throw new Problem('unauthorized', { detail })
}
