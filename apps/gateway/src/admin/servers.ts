import { type Admin, type CallOutcome, type Catalog, List, Problem, Server, ServerCall, Slug } from '@sluice/contract'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { serverUrl } from '../client-snippets.ts'
import { openSession, type ServeDeps } from '../mcp/serve.ts'
import { requireEditor } from './require-editor.ts'

export interface ServerDeps {
  readonly listServers: (workspaceId: string) => Promise<Array<Omit<Server, 'url'>>>
  readonly findServer: (workspaceId: string, slug: string) => Promise<Omit<Server, 'url'> | undefined>
  readonly catalog: (serverId: string) => Promise<Catalog | undefined>
  readonly serve: ServeDeps
  readonly publicUrl: () => string
}

const BySlug = Type.Object({ server: Slug })

/** Reading servers, and calling one of their tools as an agent would. */
export async function serverRoutes(app: FastifyInstance, deps: ServerDeps): Promise<void> {
  const withUrl = (server: Omit<Server, 'url'>): Server => ({
    ...server,
    url: serverUrl(deps.publicUrl(), server.slug),
  })

  app.get('/servers', { schema: { response: { 200: List(Server) } } }, async ({ admin }) => ({
    items: (await deps.listServers(admin.workspaceId)).map(withUrl),
  }))

  app.get<{ Params: { server: string } }>(
    '/servers/:server',
    { schema: { params: BySlug, response: { 200: Server } } },
    async ({ admin, params }) => withUrl(await existing(admin, params.server, deps)),
  )

  app.post<{ Params: { server: string }; Body: ServerCall }>(
    '/servers/:server/calls',
    { schema: { params: BySlug, body: ServerCall } },
    async (request, reply) => {
      requireEditor(request.admin)
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      return callAs(request.admin, request.params.server, request.body, gone.signal, deps)
    },
  )
}

async function existing(admin: Admin, slug: string, deps: ServerDeps): Promise<Omit<Server, 'url'>> {
  const server = await deps.findServer(admin.workspaceId, slug)
  if (!server) throw new Problem('not-found', { detail: `There is no server "${slug}".` })
  return server
}

async function callAs(
  admin: Admin,
  slug: string,
  body: ServerCall,
  signal: AbortSignal,
  deps: ServerDeps,
): Promise<CallOutcome> {
  const { id } = await existing(admin, slug, deps)
  const catalog = await deps.catalog(id)
  if (!catalog) throw new Problem('not-found', { detail: `There is no server "${slug}".` })
  const session = openSession(catalog, { workspaceId: admin.workspaceId, name: admin.name }, deps.serve)
  const outcome = await session.callTool(body.tool, body.arguments, {
    client: { name: 'sluice', schema: 'portable' },
    signal,
  })
  if (!outcome) throw new Problem('not-found', { detail: `The server "${slug}" has no enabled tool "${body.tool}".` })
  return outcome
}
