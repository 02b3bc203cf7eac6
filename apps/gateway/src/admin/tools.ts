import {
  type Admin,
  type ArgumentEdits,
  CreateTool,
  Page,
  PageQuery,
  Problem,
  ProposedFilter,
  ProposeFilter,
  Tool,
  ToolDetail,
  ToolFilter,
  TriedTool,
  TryTool,
  UpdatedTools,
  UpdateTool,
  UpdateTools,
} from '@sluice/contract'
import { argumentFaults, hintFaults } from '@sluice/openapi'
import { createTool, deleteTool, findTool, listTools, type StoredTool, updateTool, updateTools } from '@sluice/store'
import { Type } from 'typebox'
import { checkCache } from './check-cache.ts'
import { checkMethod } from './check-method.ts'
import { checkSteps } from './check-steps.ts'
import type { AdminDeps } from './deps.ts'
import { ById } from './params.ts'
import { proposedFilter } from './propose-filter.ts'
import { type AdminRoute, existing, route } from './route.ts'
import { settleResource } from './settle-resource.ts'
import { definitionOf, detailOf, writtenOf } from './tool-detail.ts'
import { refuseFaults, toolSource } from './tool-source.ts'
import { tryTool } from './try-tool.ts'

/** Tools, and what a curator makes of them. */
export function toolRoutes(deps: AdminDeps): AdminRoute[] {
  const { store, refresh } = deps
  const tag = 'Tools'
  return [
    route(
      {
        method: 'GET',
        path: '/tools',
        operationId: 'list_tools',
        tag,
        summary: 'List tools, of one upstream or server or of all',
        role: 'viewer',
        query: PageQuery(
          ['name', '-name', 'path', '-path', 'tokens', '-tokens', 'updatedAt', '-updatedAt'],
          ToolFilter,
        ),
        status: 200,
        answers: 'One page of tools.',
        answer: Page(Tool),
      },
      async ({ admin, query }) => {
        await checkMethod(store, admin.workspaceId, query.method)
        return listTools(store, admin.workspaceId, query)
      },
    ),
    route(
      {
        method: 'POST',
        path: '/tools',
        operationId: 'create_tool',
        tag,
        summary: 'Make a tool by hand',
        description:
          'A further tool on a stored operation, or a manual one from a method, a path and a schema or a sample of its body.',
        role: 'editor',
        body: CreateTool,
        status: 201,
        answers: 'The new tool, with what the model is shown.',
        answer: ToolDetail,
        once: true,
        problems: ['conflict'],
      },
      async ({ admin, by, body, once, signal }) => {
        const { name, operation: _operation, manual: _manual, resource, ...edits } = body
        checkSteps(edits, deps)
        refuseFaults(hintFaults(edits.annotations ?? {}))
        const { source, definition, upstream } = await toolSource(admin, body, deps)
        if (definition) {
          refuseFaults(argumentFaults(definition, edits.arguments ?? {}))
          checkCache(edits.cache, definition)
        }
        const read =
          definition &&
          settleResource(resource, {
            upstream,
            definition,
            edits: edits.arguments ?? {},
            hints: edits.annotations ?? {},
          })
        const { id } = await createTool(store, { ...by, once, tool: { name, source, edits: { ...edits, ...read } } })
        return detailOf(admin, existing(await findTool(store, admin.workspaceId, id), 'tool'), signal, deps)
      },
    ),
    route(
      {
        method: 'PATCH',
        path: '/tools',
        operationId: 'update_tools',
        tag,
        summary: 'Enable or disable many tools at once',
        description:
          'Those that the filters of the query choose, or those that the body names; at least one of both is needed. What the list shows with the same filters is what is changed: all of it, or nothing.',
        role: 'editor',
        query: Type.Object(ToolFilter, { additionalProperties: false }),
        body: UpdateTools,
        status: 200,
        answers: 'How many were chosen and changed.',
        answer: UpdatedTools,
      },
      async ({ admin, by, query, body }) => {
        await checkMethod(store, admin.workspaceId, query.method)
        if (body.tools === undefined && Object.keys(query).length === 0) throw choosesNothing()
        const request = { ...by, choice: query, ids: body.tools, enabled: body.enabled }
        const updated = await updateTools(store, request)
        await refresh()
        return updated
      },
    ),
    route(
      {
        method: 'GET',
        path: '/tools/:id',
        operationId: 'get_tool',
        tag,
        summary: 'Read one tool, with what the model is shown',
        role: 'viewer',
        params: ById.tool,
        status: 200,
        answers: 'The tool, with what the model is shown.',
        answer: ToolDetail,
        etag: 'gives',
        problems: ['not-found'],
      },
      async ({ admin, params, signal }) =>
        detailOf(admin, existing(await findTool(store, admin.workspaceId, params.id), 'tool'), signal, deps),
    ),
    route(
      {
        method: 'PATCH',
        path: '/tools/:id',
        operationId: 'update_tool',
        tag,
        summary: 'Rename, describe, enable or filter a tool, hide or fix its arguments, set its steps and its cache',
        description: 'What is changed here survives every import.',
        role: 'editor',
        params: ById.tool,
        body: UpdateTool,
        status: 200,
        answers: 'The tool as it is now.',
        answer: ToolDetail,
        etag: 'takes',
        problems: ['not-found', 'conflict'],
      },
      async ({ admin, by, params, body, check, signal }) => {
        checkSteps(body, deps)
        refuseFaults(hintFaults(body.annotations ?? {}))
        const checkTool = (tool: StoredTool) => {
          if (body.cache) checkCache(body.cache, definitionOf(tool))
          if (body.arguments) refuseFaults(argumentFaults(definitionOf(tool), body.arguments as ArgumentEdits))
          check(writtenOf(tool))
        }
        const { resource, ...edits } = body
        const change = { ...edits, ...(resource === undefined ? {} : await resourceFor(admin, params.id, body, deps)) }
        const request = { ...by, id: params.id, change, check: checkTool }
        const changed = existing(await updateTool(store, request), 'tool')
        await refresh()
        return detailOf(admin, changed, signal, deps)
      },
    ),
    route(
      {
        method: 'DELETE',
        path: '/tools/:id',
        operationId: 'delete_tool',
        tag,
        summary: 'Delete a tool that was made by hand',
        description: 'The only tool of an operation of a document can be disabled, not deleted.',
        role: 'editor',
        params: ById.tool,
        status: 204,
        answers: 'The tool is gone.',
        answer: null,
        etag: 'takes',
        problems: ['not-found', 'conflict'],
      },
      async ({ by, params, check }) => {
        const checkTool = (tool: StoredTool) => check(writtenOf(tool))
        existing(await deleteTool(store, { ...by, check: checkTool, id: params.id }), 'tool')
        await refresh()
      },
    ),
    route(
      {
        method: 'POST',
        path: '/tools/:id/try',
        operationId: 'try_tool',
        tag,
        summary: 'Call a tool and see what each stage made of it',
        description:
          'It is a real call of the API, with the credential, whatever the tool’s cache holds, unless an `answer` is given; a tool that is disabled or on no server can be tried too. With `call` a recorded one is made again.',
        role: 'editor',
        params: ById.tool,
        body: TryTool,
        status: 200,
        answers: 'What each stage of the call made, and what an agent would be shown.',
        answer: TriedTool,
        problems: ['not-found', 'conflict'],
      },
      ({ admin, params, body, signal }) => tryTool(admin, params.id, body, signal, deps),
    ),
    route(
      {
        method: 'POST',
        path: '/filter-proposals',
        operationId: 'propose_filter',
        tag,
        summary: 'Propose a response filter for an answer',
        description:
          'Keeps the fields that are named, or those that say something; tells what is left out, and what it saves.',
        role: 'editor',
        body: ProposeFilter,
        status: 200,
        answers: 'The filter, the weight of each field, and the model tokens before and after.',
        answer: ProposedFilter,
      },
      ({ admin, body }) => proposedFilter(admin, body, deps),
    ),
  ]
}

/** @throws Problem `not-found`, `invalid-request` */
async function resourceFor(
  admin: Admin,
  id: string,
  { resource, arguments: edits, annotations }: UpdateTool,
  { store }: AdminDeps,
) {
  const tool = existing(await findTool(store, admin.workspaceId, id), 'tool')
  const { upstream, argumentEdits } = tool
  const hints = (annotations === undefined ? tool.annotations : annotations) ?? {}
  return settleResource(resource, { upstream, definition: definitionOf(tool), edits: edits ?? argumentEdits, hints })
}

/** All tools of a workspace are not meant by saying nothing. */
function choosesNothing(): Problem {
  const detail = 'Neither the query nor the body says which tools.'
  const filters = Object.keys(ToolFilter).join(', ')
  const fix = `Give at least one of ${filters} in the query, or \`tools\` in the body.`
  return new Problem('invalid-request', { detail, errors: [{ pointer: '/tools', detail, fix }] })
}
