import {
  AddServerTools,
  type Admin,
  Page,
  PageQuery,
  Server,
  ServerTool,
  ToolFilter,
  UpdateServerTool,
} from '@sluice/contract'
import {
  addServerTools,
  findServer,
  findServerTool,
  listServerTools,
  removeServerTool,
  updateServerTool,
} from '@sluice/store'
import { checkMethod } from './check-method.ts'
import type { AdminDeps } from './deps.ts'
import { ByServer, ByServerTool } from './params.ts'
import { type AdminRoute, existing, route } from './route.ts'
import { shownServer } from './shown-server.ts'

/** Which tools stand on a server, and how. */
export function serverToolRoutes({ store, refresh, publicUrl }: AdminDeps): AdminRoute[] {
  const tag = 'Servers'
  const { server: _server, ...filters } = ToolFilter
  const serverId = async (admin: Admin, slug: string) =>
    existing(await findServer(store, admin.workspaceId, slug), 'server').id
  return [
    route(
      {
        method: 'GET',
        path: '/servers/:server/tools',
        operationId: 'list_server_tools',
        tag,
        summary: 'List the tools of a server under the names they have there',
        role: 'viewer',
        params: ByServer,
        query: PageQuery(['name', '-name', 'path', '-path', 'tokens', '-tokens', 'updatedAt', '-updatedAt'], filters),
        status: 200,
        answers: 'One page of tools, under the names they have there.',
        answer: Page(ServerTool),
        problems: ['not-found'],
      },
      async ({ admin, params, query }) => {
        await serverId(admin, params.server)
        await checkMethod(store, admin.workspaceId, query.method)
        return listServerTools(store, admin.workspaceId, params.server, query)
      },
    ),
    route(
      {
        method: 'POST',
        path: '/servers/:server/tools',
        operationId: 'add_server_tools',
        tag,
        summary: 'Put tools on a server, of one upstream or of several',
        description: 'All of them or none. A tool that is there already stays as it is.',
        role: 'editor',
        params: ByServer,
        body: AddServerTools,
        status: 200,
        answers: 'The server with its tools counted anew.',
        answer: Server,
        problems: ['not-found', 'conflict'],
      },
      async ({ admin, params, body }) => {
        const id = await serverId(admin, params.server)
        await addServerTools(store, {
          workspaceId: admin.workspaceId,
          actor: admin.id,
          serverId: id,
          tools: body.tools,
        })
        await refresh()
        const server = existing(await findServer(store, admin.workspaceId, params.server), 'server')
        return shownServer(server, publicUrl())
      },
    ),
    route(
      {
        method: 'GET',
        path: '/servers/:server/tools/:tool',
        operationId: 'get_server_tool',
        tag,
        summary: 'Read how one tool stands on a server',
        role: 'viewer',
        params: ByServerTool,
        status: 200,
        answers: 'The tool, under the name it has there.',
        answer: ServerTool,
        etag: 'gives',
        problems: ['not-found'],
      },
      async ({ admin, by, params }) => {
        const place = { ...by, serverId: await serverId(admin, params.server), toolId: params.tool }
        return existing(await findServerTool(store, place), 'tool')
      },
    ),
    route(
      {
        method: 'PATCH',
        path: '/servers/:server/tools/:tool',
        operationId: 'update_server_tool',
        tag,
        summary: 'Give a tool an alias on a server, or leave it unlisted there',
        role: 'editor',
        params: ByServerTool,
        body: UpdateServerTool,
        status: 200,
        answers: 'The tool as it is now on the server.',
        answer: ServerTool,
        etag: 'takes',
        problems: ['not-found', 'conflict'],
      },
      async ({ admin, by, params, body, check }) => {
        const place = { ...by, check, serverId: await serverId(admin, params.server) }
        const changed = existing(await updateServerTool(store, { ...place, toolId: params.tool, change: body }), 'tool')
        await refresh()
        return changed
      },
    ),
    route(
      {
        method: 'DELETE',
        path: '/servers/:server/tools/:tool',
        operationId: 'remove_server_tool',
        tag,
        summary: 'Take a tool off a server',
        role: 'editor',
        params: ByServerTool,
        status: 204,
        answers: 'The tool is no longer on the server.',
        answer: null,
        etag: 'takes',
        problems: ['not-found'],
      },
      async ({ admin, by, params, check }) => {
        const place = { ...by, check, serverId: await serverId(admin, params.server) }
        existing(await removeServerTool(store, { ...place, toolId: params.tool }), 'tool')
        await refresh()
      },
    ),
  ]
}
