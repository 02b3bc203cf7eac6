import { CreateSecret, Page, PageQuery, Secret, UpdateSecret } from '@sluice/contract'
import { createSecret, deleteSecret, findSecret, listSecrets, updateSecret } from '@sluice/store'
import { plainOrigins } from '../plain-origins.ts'
import type { AdminDeps } from './deps.ts'
import { ById } from './params.ts'
import { type AdminRoute, existing, route } from './route.ts'

/** Secrets for fixed arguments: sealed, bound to origins, never returned. */
export function secretRoutes({ store, sealer, refresh }: AdminDeps): AdminRoute[] {
  const tag = 'Secrets'
  return [
    route(
      {
        method: 'GET',
        path: '/secrets',
        operationId: 'list_secrets',
        tag,
        summary: 'List secrets, without their values',
        role: 'viewer',
        query: PageQuery(['name', '-name', 'createdAt', '-createdAt'], {}),
        status: 200,
        answers: 'One page of secrets.',
        answer: Page(Secret),
      },
      ({ admin, query }) => listSecrets(store, admin.workspaceId, query),
    ),
    route(
      {
        method: 'POST',
        path: '/secrets',
        operationId: 'create_secret',
        tag,
        summary: 'Keep a secret that an argument can be fixed to',
        role: 'editor',
        body: CreateSecret,
        status: 201,
        answers: 'What is known of the new secret.',
        answer: Secret,
        once: true,
        problems: ['conflict'],
      },
      async ({ by, body, once }) => {
        const values = { ...body, origins: plainOrigins(body.origins) }
        return createSecret(store, { ...by, once, values }, sealer.seal)
      },
    ),
    route(
      {
        method: 'GET',
        path: '/secrets/:id',
        operationId: 'get_secret',
        tag,
        summary: 'Read what is known of a secret, without its value',
        role: 'viewer',
        params: ById.secret,
        status: 200,
        answers: 'What is known of the secret.',
        answer: Secret,
        etag: 'gives',
        problems: ['not-found'],
      },
      async ({ admin, params }) => existing(await findSecret(store, admin.workspaceId, params.id), 'secret'),
    ),
    route(
      {
        method: 'PATCH',
        path: '/secrets/:id',
        operationId: 'update_secret',
        tag,
        summary: 'Rename a secret or give it another value',
        role: 'editor',
        params: ById.secret,
        body: UpdateSecret,
        status: 200,
        answers: 'What is known of the secret now.',
        answer: Secret,
        etag: 'takes',
        problems: ['not-found', 'conflict'],
      },
      async ({ by, params, body, check }) => {
        const changed = existing(
          await updateSecret(store, { ...by, check, id: params.id, change: body }, sealer.seal),
          'secret',
        )
        await refresh()
        return changed
      },
    ),
    route(
      {
        method: 'DELETE',
        path: '/secrets/:id',
        operationId: 'delete_secret',
        tag,
        summary: 'Delete a secret that no tool uses',
        role: 'editor',
        params: ById.secret,
        status: 204,
        answers: 'The secret is gone.',
        answer: null,
        etag: 'takes',
        problems: ['not-found', 'conflict'],
      },
      async ({ by, params, check }) => {
        existing(await deleteSecret(store, { ...by, check, id: params.id }), 'secret')
      },
    ),
  ]
}
