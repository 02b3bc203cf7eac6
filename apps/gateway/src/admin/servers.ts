import {
  type Admin,
  type CallOutcome,
  ClientSnippet,
  CreateServer,
  Page,
  PageQuery,
  Problem,
  Server,
  ServerCall,
  ServerCallOutcome,
  UpdateServer,
} from '@sluice/contract'
import { nearestName } from '@sluice/schema'
import { createServer, deleteServer, findServer, listServers, type StoredServer, updateServer } from '@sluice/store'
import { Type } from 'typebox'
import { clientSnippets } from '../client-snippets.ts'
import { slugOf } from '../imports/slug-of.ts'
import { openSession } from '../mcp/serve.ts'
import type { AdminDeps } from './deps.ts'
import { ByServer } from './params.ts'
import { type AdminRoute, existing, route } from './route.ts'
import { serverToolRoutes } from './server-tools.ts'
import { shownServer } from './shown-server.ts'

/** MCP servers: made, changed, called as an agent would, and connected to. */
export function serverRoutes(deps: AdminDeps): AdminRoute[] {
  const { store, refresh, publicUrl } = deps
  const withUrl = (server: StoredServer): Server => shownServer(server, publicUrl())
  const tag = 'Servers'
  return [
    route(
      {
        method: 'GET',
        path: '/servers',
        operationId: 'list_servers',
        tag,
        summary: 'List the MCP servers',
        role: 'viewer',
        query: PageQuery(['slug', '-slug', 'name', '-name', 'createdAt', '-createdAt'], {
          q: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Part of its slug or name.' })),
        }),
        status: 200,
        answers: 'One page of servers.',
        answer: Page(Server),
      },
      async ({ admin, query }) => {
        const page = await listServers(store, admin.workspaceId, query)
        return { ...page, items: page.items.map(withUrl) }
      },
    ),
    route(
      {
        method: 'POST',
        path: '/servers',
        operationId: 'create_server',
        tag,
        summary: 'Make an MCP server',
        description: 'An import makes one by itself. A slug that is taken gets a number.',
        role: 'editor',
        body: CreateServer,
        status: 201,
        answers: 'The new server, with its URL.',
        answer: Server,
        once: true,
      },
      async ({ by, body, once }) => {
        const values = { ...body, slug: body.slug ?? slugOf(body.name) }
        const created = await createServer(store, { ...by, once, values })
        await refresh()
        return withUrl(created)
      },
    ),
    route(
      {
        method: 'GET',
        path: '/servers/:server',
        operationId: 'get_server',
        tag,
        summary: 'Read one server',
        role: 'viewer',
        params: ByServer,
        status: 200,
        answers: 'The server, with its URL.',
        answer: Server,
        etag: 'gives',
        problems: ['not-found'],
      },
      async ({ admin, params }) =>
        withUrl(existing(await findServer(store, admin.workspaceId, params.server), 'server')),
    ),
    route(
      {
        method: 'PATCH',
        path: '/servers/:server',
        operationId: 'update_server',
        tag,
        summary: 'Rename a server, give it another slug or instructions',
        description: 'A slug that is taken gets a number; the URL is in the answer.',
        role: 'editor',
        params: ByServer,
        body: UpdateServer,
        status: 200,
        answers: 'The server as it is now, with its URL.',
        answer: Server,
        etag: 'takes',
        problems: ['not-found'],
      },
      async ({ by, params, body, check }) => {
        const changed = existing(
          await updateServer(store, { ...by, check, slug: params.server, change: body }),
          'server',
        )
        await refresh()
        return withUrl(changed)
      },
    ),
    route(
      {
        method: 'DELETE',
        path: '/servers/:server',
        operationId: 'delete_server',
        tag,
        summary: 'Delete a server; its tools stay in their upstreams',
        role: 'editor',
        params: ByServer,
        status: 204,
        answers: 'The server is gone.',
        answer: null,
        etag: 'takes',
        problems: ['not-found'],
      },
      async ({ by, params, check }) => {
        existing(await deleteServer(store, { ...by, check, slug: params.server }), 'server')
        await refresh()
      },
    ),
    route(
      {
        method: 'POST',
        path: '/servers/:server/calls',
        operationId: 'call_tool',
        tag,
        summary: 'Call a tool of a server as an agent would',
        role: 'editor',
        params: ByServer,
        body: ServerCall,
        status: 200,
        answers: 'What the call came to: its content, or why there is none.',
        answer: ServerCallOutcome,
        problems: ['not-found'],
      },
      ({ admin, params, body, signal }) => callAs(admin, params.server, body, signal, deps),
    ),
    route(
      {
        method: 'GET',
        path: '/servers/:server/clients',
        operationId: 'list_client_snippets',
        tag,
        summary: 'Show how each MCP client connects to a server',
        role: 'viewer',
        params: ByServer,
        status: 200,
        answers: 'What to paste into each client.',
        answer: Type.Object({ items: Type.Array(ClientSnippet) }),
        problems: ['not-found'],
      },
      async ({ admin, params }) => {
        const { slug } = existing(await findServer(store, admin.workspaceId, params.server), 'server')
        return { items: clientSnippets({ slug, publicUrl: publicUrl() }) }
      },
    ),
    ...serverToolRoutes(deps),
  ]
}

async function callAs(
  admin: Admin,
  slug: string,
  body: ServerCall,
  signal: AbortSignal,
  deps: AdminDeps,
): Promise<CallOutcome> {
  const { id } = existing(await findServer(deps.store, admin.workspaceId, slug), 'server')
  const catalog = existing(await deps.catalog(id), 'server')
  const session = openSession(catalog, { workspaceId: admin.workspaceId, id: admin.id, name: admin.name }, deps.serve)
  const client = { name: 'sluice', schema: 'portable' as const }
  const outcome = await session.callTool(body.tool, body.arguments, {
    client,
    signal: AbortSignal.any([signal, deps.serve.stopping]),
  })
  if (outcome) return outcome
  const detail = `The server "${slug}" has no enabled tool "${body.tool}".`
  const near = nearestName(body.tool, [...catalog.byName.keys()])
  const errors = near ? [{ pointer: '/tool', detail, fix: `Did you mean ${near}?` }] : []
  throw new Problem('not-found', { detail, errors })
}
