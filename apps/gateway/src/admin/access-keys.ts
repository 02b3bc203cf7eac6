import { AccessKey, CreateAccessKey, CreatedAccessKey, List, Problem } from '@sluice/contract'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { requireEditor } from './require-editor.ts'

export interface AccessKeyDeps {
  readonly createAccessKey: (key: CreateAccessKey & { workspaceId: string; actor: string }) => Promise<CreatedAccessKey>
  readonly listAccessKeys: (workspaceId: string) => Promise<AccessKey[]>
  readonly revokeAccessKey: (key: { workspaceId: string; actor: string; id: string }) => Promise<AccessKey | undefined>
  readonly refresh: () => Promise<void>
}

/** Keys of agents: shown once, stored as a hash, revoked at once. */
export async function accessKeyRoutes(app: FastifyInstance, deps: AccessKeyDeps): Promise<void> {
  app.get('/access-keys', { schema: { response: { 200: List(AccessKey) } } }, async ({ admin }) => ({
    items: await deps.listAccessKeys(admin.workspaceId),
  }))

  app.post<{ Body: CreateAccessKey }>(
    '/access-keys',
    { schema: { body: CreateAccessKey, response: { 201: CreatedAccessKey } } },
    async ({ admin, body }, reply) => {
      requireEditor(admin)
      if (body.expiresAt !== undefined) refusePast(body.expiresAt)
      const created = await deps.createAccessKey({ ...body, workspaceId: admin.workspaceId, actor: admin.id })
      await deps.refresh()
      return reply.code(201).send(created)
    },
  )

  app.delete<{ Params: { id: string } }>(
    '/access-keys/:id',
    { schema: { params: Type.Object({ id: Type.String() }), response: { 200: AccessKey } } },
    async ({ admin, params }) => {
      requireEditor(admin)
      const revoked = await deps.revokeAccessKey({ workspaceId: admin.workspaceId, actor: admin.id, id: params.id })
      if (!revoked) throw new Problem('not-found', { detail: 'There is no such access key.' })
      await deps.refresh()
      return revoked
    },
  )
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
