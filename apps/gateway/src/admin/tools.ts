import { List, Problem, Slug, Tool, UpdateTool } from '@sluice/contract'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { requireEditor } from './require-editor.ts'
import type { ServerDeps } from './servers.ts'

export interface ToolDeps {
  readonly listTools: (workspaceId: string, serverSlug: string) => Promise<Tool[]>
  readonly findServer: ServerDeps['findServer']
  readonly updateTool: (change: {
    workspaceId: string
    actor: string
    id: string
    change: UpdateTool
  }) => Promise<Tool | undefined>
  /** @throws Problem `invalid-request` naming the position of the fault */
  readonly checkFilter: (expression: string) => void
  readonly refresh: () => Promise<void>
}

/** Tools of a server, and the curator's edits. */
export async function toolRoutes(app: FastifyInstance, deps: ToolDeps): Promise<void> {
  app.get<{ Params: { server: string } }>(
    '/servers/:server/tools',
    { schema: { params: Type.Object({ server: Slug }), response: { 200: List(Tool) } } },
    async ({ admin, params }) => {
      const server = await deps.findServer(admin.workspaceId, params.server)
      if (!server) throw new Problem('not-found', { detail: `There is no server "${params.server}".` })
      return { items: await deps.listTools(admin.workspaceId, params.server) }
    },
  )

  app.patch<{ Params: { id: string }; Body: UpdateTool }>(
    '/tools/:id',
    { schema: { params: Type.Object({ id: Type.String() }), body: UpdateTool, response: { 200: Tool } } },
    async ({ admin, params, body }) => {
      requireEditor(admin)
      if (body.responseFilter) deps.checkFilter(body.responseFilter)
      const tool = await deps.updateTool({
        workspaceId: admin.workspaceId,
        actor: admin.id,
        id: params.id,
        change: body,
      })
      if (!tool) throw new Problem('not-found', { detail: 'There is no such tool.' })
      await deps.refresh()
      return tool
    },
  )
}
