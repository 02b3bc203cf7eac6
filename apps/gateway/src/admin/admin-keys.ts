import {
  AdminKey,
  CreateAdminKey,
  CreatedAdminKey,
  Flag,
  Page,
  PageQuery,
  Role,
  UpdateAdminKey,
} from '@sluice/contract'
import {
  createAdminKey,
  findWorkspace,
  listAdminKeys,
  readAdminKey,
  revokeAdminKey,
  updateAdminKey,
} from '@sluice/store'
import { Type } from 'typebox'
import type { AdminDeps } from './deps.ts'
import { ById } from './params.ts'
import { type AdminRoute, existing, route } from './route.ts'

const Me = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: Role,
  workspace: Type.Object({ id: Type.String(), name: Type.String() }),
})

/** Keys of people and programs. Only an owner makes or revokes them, so a key never exceeds its maker (S65). */
export function adminKeyRoutes({ store }: AdminDeps): AdminRoute[] {
  const tag = 'Admin keys'
  return [
    route(
      {
        method: 'GET',
        path: '/me',
        operationId: 'who_am_i',
        tag,
        summary: 'Say whose key this is and what it may do',
        role: 'viewer',
        status: 200,
        answers: 'The key, its role, and its workspace.',
        answer: Me,
      },
      async ({ admin: { id, name, role, workspaceId } }) => {
        const workspace = await findWorkspace(store, workspaceId)
        return { id, name, role, workspace: { id: workspaceId, name: existing(workspace, 'workspace').name } }
      },
    ),
    route(
      {
        method: 'GET',
        path: '/admin-keys',
        operationId: 'list_admin_keys',
        tag,
        summary: 'List the admin keys',
        role: 'viewer',
        query: PageQuery(['-createdAt', 'createdAt', 'name', '-name'], {
          role: Type.Optional(Role),
          revoked: Flag('Only revoked ones, or only others.'),
          q: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Part of its name.' })),
        }),
        status: 200,
        answers: 'One page of admin keys, revoked ones too.',
        answer: Page(AdminKey),
      },
      ({ admin, query }) => listAdminKeys(store, admin.workspaceId, query),
    ),
    route(
      {
        method: 'POST',
        path: '/admin-keys',
        operationId: 'create_admin_key',
        tag,
        summary: 'Make an admin key; it is shown this once',
        role: 'owner',
        body: CreateAdminKey,
        status: 201,
        answers: 'The key, which is shown this once, and its role.',
        answer: CreatedAdminKey,
        once: true,
      },
      ({ by, body, once }) => createAdminKey(store, { ...body, ...by, once }),
    ),
    route(
      {
        method: 'GET',
        path: '/admin-keys/:id',
        operationId: 'get_admin_key',
        tag,
        summary: 'Read one admin key, without the key itself',
        role: 'viewer',
        params: ById.adminKey,
        status: 200,
        answers: 'Whose the key is and what it may do.',
        answer: AdminKey,
        etag: 'gives',
        problems: ['not-found'],
      },
      async ({ admin, params }) => existing(await readAdminKey(store, admin.workspaceId, params.id), 'admin key'),
    ),
    route(
      {
        method: 'PATCH',
        path: '/admin-keys/:id',
        operationId: 'update_admin_key',
        tag,
        summary: 'Rename an admin key, or give it another role',
        description:
          'It may do so much from its next request on. The last owner stays one; a revoked key cannot be changed.',
        role: 'owner',
        params: ById.adminKey,
        body: UpdateAdminKey,
        status: 200,
        answers: 'The key as it is now.',
        answer: AdminKey,
        etag: 'takes',
        problems: ['not-found', 'conflict'],
      },
      async ({ by, params, body, check }) =>
        existing(await updateAdminKey(store, { ...by, check, id: params.id, change: body }), 'admin key'),
    ),
    route(
      {
        method: 'DELETE',
        path: '/admin-keys/:id',
        operationId: 'revoke_admin_key',
        tag,
        summary: 'Revoke an admin key for good',
        description: 'It stops working at once. The last key of an owner cannot be revoked.',
        role: 'owner',
        params: ById.adminKey,
        status: 200,
        answers: 'The key, with the moment of its end.',
        answer: AdminKey,
        etag: 'takes',
        problems: ['not-found', 'conflict'],
      },
      async ({ by, params, check }) =>
        existing(await revokeAdminKey(store, { ...by, check, id: params.id }), 'admin key'),
    ),
  ]
}
