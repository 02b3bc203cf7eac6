import {
  AccessKey,
  CreateAccessKey,
  CreatedAccessKey,
  Flag,
  Page,
  PageQuery,
  Problem,
  Slug,
  UpdateAccessKey,
} from '@sluice/contract'
import { createAccessKey, findAccessKey, listAccessKeys, revokeAccessKey, updateAccessKey } from '@sluice/store'
import { Type } from 'typebox'
import type { AdminDeps } from './deps.ts'
import { ById } from './params.ts'
import { type AdminRoute, existing, route } from './route.ts'

/** Keys of agents: shown once, stored as a hash, revoked at once. */
export function accessKeyRoutes({ store, refresh }: AdminDeps): AdminRoute[] {
  const tag = 'Access keys'
  return [
    route(
      {
        method: 'GET',
        path: '/access-keys',
        operationId: 'list_access_keys',
        tag,
        summary: 'List the keys of agents',
        role: 'viewer',
        query: PageQuery(['-createdAt', 'createdAt', 'name', '-name'], {
          server: Type.Optional(Slug),
          revoked: Flag('Only revoked ones, or only others.'),
        }),
        status: 200,
        answers: 'One page of access keys, revoked ones too.',
        answer: Page(AccessKey),
      },
      ({ admin, query }) => listAccessKeys(store, admin.workspaceId, query),
    ),
    route(
      {
        method: 'POST',
        path: '/access-keys',
        operationId: 'create_access_key',
        tag,
        summary: 'Make a key for an agent; it is shown this once',
        role: 'editor',
        body: CreateAccessKey,
        status: 201,
        answers: 'The key, which is shown this once, and what it opens.',
        answer: CreatedAccessKey,
        once: true,
      },
      async ({ by, body, once }) => {
        if (body.expiresAt !== undefined) refusePast(body.expiresAt)
        const created = await createAccessKey(store, { ...body, ...by, once })
        await refresh()
        return created
      },
    ),
    route(
      {
        method: 'GET',
        path: '/access-keys/:id',
        operationId: 'get_access_key',
        tag,
        summary: 'Read one key of an agent',
        role: 'viewer',
        params: ById.accessKey,
        status: 200,
        answers: 'What the key opens.',
        answer: AccessKey,
        etag: 'gives',
        problems: ['not-found'],
      },
      async ({ admin, params }) => existing(await findAccessKey(store, admin.workspaceId, params.id), 'access key'),
    ),
    route(
      {
        method: 'PATCH',
        path: '/access-keys/:id',
        operationId: 'update_access_key',
        tag,
        summary: 'Change what a key opens, or until when',
        description: 'A revoked key cannot be changed.',
        role: 'editor',
        params: ById.accessKey,
        body: UpdateAccessKey,
        status: 200,
        answers: 'The key as it is now.',
        answer: AccessKey,
        etag: 'takes',
        problems: ['not-found', 'conflict'],
      },
      async ({ by, params, body, check }) => {
        if (body.expiresAt) refusePast(body.expiresAt)
        const changed = existing(
          await updateAccessKey(store, { ...by, check, id: params.id, change: body }),
          'access key',
        )
        await refresh()
        return changed
      },
    ),
    route(
      {
        method: 'DELETE',
        path: '/access-keys/:id',
        operationId: 'revoke_access_key',
        tag,
        summary: 'Revoke a key for good',
        description: 'Every gateway refuses it within a second.',
        role: 'editor',
        params: ById.accessKey,
        status: 200,
        answers: 'The key, with the moment of its end.',
        answer: AccessKey,
        etag: 'takes',
        problems: ['not-found'],
      },
      async ({ by, params, check }) => {
        const revoked = existing(await revokeAccessKey(store, { ...by, check, id: params.id }), 'access key')
        await refresh()
        return revoked
      },
    ),
  ]
}

/** A key that is dead from the start is a slip. */
function refusePast(expiresAt: string): void {
  if (Date.parse(expiresAt) > Date.now()) return
  const detail = `expiresAt ${expiresAt} lies in the past.`
  throw new Problem('invalid-request', {
    detail,
    errors: [{ pointer: '/expiresAt', detail, fix: 'Give a time to come, such as 2030-01-31T00:00:00Z.' }],
  })
}
