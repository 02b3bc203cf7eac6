import {
  AuditEvent,
  CreatedWorkspace,
  CreateWorkspace,
  Id,
  Page,
  PageQuery,
  UpdateWorkspace,
  Workspace,
} from '@sluice/contract'
import {
  createWorkspace,
  deleteWorkspace,
  findWorkspace,
  listInstallationEvents,
  listWorkspaces,
  updateWorkspace,
} from '@sluice/store'
import { Type } from 'typebox'
import type { AdminDeps } from './deps.ts'
import { ById } from './params.ts'
import { type AdminRoute, existing, route } from './route.ts'

/** Workspaces themselves, for whoever holds the installation key; what lies in them is for their own admin keys. */
export function workspaceRoutes({ store, refresh }: AdminDeps): AdminRoute[] {
  const tag = 'Workspaces'
  return [
    route(
      {
        method: 'GET',
        path: '/workspaces',
        operationId: 'list_workspaces',
        tag,
        summary: 'List the workspaces of the installation',
        role: 'installation',
        query: PageQuery(['name', '-name', 'createdAt', '-createdAt'], {}),
        status: 200,
        answers: 'One page of workspaces.',
        answer: Page(Workspace),
      },
      ({ query }) => listWorkspaces(store, query),
    ),
    route(
      {
        method: 'POST',
        path: '/workspaces',
        operationId: 'create_workspace',
        tag,
        summary: 'Make a workspace and the key of its first owner, which is shown this once',
        role: 'installation',
        body: CreateWorkspace,
        status: 201,
        answers: 'The new workspace, with the key of its first owner.',
        answer: CreatedWorkspace,
        once: true,
      },
      ({ by: { actor }, body, once }) => createWorkspace(store, { actor, once, values: body }),
    ),
    route(
      {
        method: 'GET',
        path: '/workspaces/:id',
        operationId: 'get_workspace',
        tag,
        summary: 'Read one workspace',
        role: 'installation',
        params: ById.workspace,
        status: 200,
        answers: 'The workspace.',
        answer: Workspace,
        etag: 'gives',
        problems: ['not-found'],
      },
      async ({ params }) => existing(await findWorkspace(store, params.id), 'workspace'),
    ),
    route(
      {
        method: 'PATCH',
        path: '/workspaces/:id',
        operationId: 'update_workspace',
        tag,
        summary: 'Rename a workspace',
        role: 'installation',
        params: ById.workspace,
        body: UpdateWorkspace,
        status: 200,
        answers: 'The workspace as it is now.',
        answer: Workspace,
        etag: 'takes',
        problems: ['not-found'],
      },
      ({ by: { actor }, params, body, check }) =>
        updateWorkspace(store, { workspaceId: params.id, actor, check, change: body }),
    ),
    route(
      {
        method: 'DELETE',
        path: '/workspaces/:id',
        operationId: 'delete_workspace',
        tag,
        summary: 'Delete a workspace with everything in it, for good',
        description: 'Its servers and keys stop working within a second. The default workspace cannot be deleted.',
        role: 'installation',
        params: ById.workspace,
        status: 204,
        answers: 'The workspace is gone with everything in it.',
        answer: null,
        etag: 'takes',
        problems: ['not-found', 'conflict'],
      },
      async ({ by: { actor }, params, check }) => {
        await deleteWorkspace(store, { workspaceId: params.id, actor, check })
        await refresh()
      },
    ),
    route(
      {
        method: 'GET',
        path: '/workspace-events',
        operationId: 'list_workspace_events',
        tag,
        summary: 'List what was done to workspaces',
        description: 'Those that are gone too: the audit trail within a workspace goes with it.',
        role: 'installation',
        query: PageQuery(['-at', 'at'], {
          action: Type.Optional(Type.String({ minLength: 1, maxLength: 100, examples: ['workspace.delete'] })),
          target: Type.Optional(Id),
        }),
        status: 200,
        answers: 'One page of changes, the newest first.',
        answer: Page(AuditEvent),
      },
      ({ query }) => listInstallationEvents(store, query),
    ),
  ]
}
