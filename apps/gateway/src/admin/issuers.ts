import { type Admin, CreateIssuer, Issuer, Page, PageQuery, Problem, Slug, UpdateIssuer } from '@sluice/contract'
import { createIssuer, deleteIssuer, findIssuer, listIssuers, updateIssuer } from '@sluice/store'
import { Type } from 'typebox'
import { issuerUrlFault } from '../mcp/issuer-url.ts'
import type { AdminDeps } from './deps.ts'
import { ById } from './params.ts'
import { type AdminRoute, existing, route } from './route.ts'

/** Issuers whose access tokens open servers, beside access keys. */
export function issuerRoutes({ store, refresh, checkAllow }: AdminDeps): AdminRoute[] {
  const tag = 'Issuers'
  return [
    route(
      {
        method: 'GET',
        path: '/issuers',
        operationId: 'list_issuers',
        tag,
        summary: 'List the issuers of access tokens',
        role: 'viewer',
        query: PageQuery(['-createdAt', 'createdAt', 'name', '-name'], { server: Type.Optional(Slug) }),
        status: 200,
        answers: 'One page of issuers.',
        answer: Page(Issuer),
      },
      ({ admin, query }) => listIssuers(store, admin.workspaceId, query),
    ),
    route(
      {
        method: 'POST',
        path: '/issuers',
        operationId: 'create_issuer',
        tag,
        summary: 'Take access tokens of an issuer',
        description: 'Only an owner may give `allow`. A server takes tokens of one issuer by one of these alone.',
        role: 'editor',
        body: CreateIssuer,
        status: 201,
        answers: 'The issuer, and what its tokens open.',
        answer: Issuer,
        once: true,
        problems: ['conflict'],
      },
      async ({ admin, by, body, once }) => {
        refuseAllow(admin, body)
        checkIssuer(admin, body, checkAllow)
        const created = await createIssuer(store, { ...by, once, values: body })
        await refresh()
        return created
      },
    ),
    route(
      {
        method: 'GET',
        path: '/issuers/:id',
        operationId: 'get_issuer',
        tag,
        summary: 'Read one issuer',
        role: 'viewer',
        params: ById.issuer,
        status: 200,
        answers: 'The issuer, and what its tokens open.',
        answer: Issuer,
        etag: 'gives',
        problems: ['not-found'],
      },
      async ({ admin, params }) => existing(await findIssuer(store, admin.workspaceId, params.id), 'issuer'),
    ),
    route(
      {
        method: 'PATCH',
        path: '/issuers/:id',
        operationId: 'update_issuer',
        tag,
        summary: 'Change what an issuer’s access tokens open, or where its keys lie',
        description:
          'Only an owner may give `allow`. Open streams of its tokens are closed: clients come back by themselves.',
        role: 'editor',
        params: ById.issuer,
        body: UpdateIssuer,
        status: 200,
        answers: 'The issuer as it is now.',
        answer: Issuer,
        etag: 'takes',
        problems: ['not-found', 'conflict'],
      },
      async ({ admin, by, params, body, check }) => {
        refuseAllow(admin, body)
        const checked = (current: Issuer) => {
          check(current)
          checkIssuer(admin, { ...current, ...body }, checkAllow)
        }
        const request = { ...by, check: checked, id: params.id, change: body }
        const changed = existing(await updateIssuer(store, request), 'issuer')
        await refresh()
        return changed
      },
    ),
    route(
      {
        method: 'DELETE',
        path: '/issuers/:id',
        operationId: 'delete_issuer',
        tag,
        summary: 'Take no access tokens of an issuer any more',
        description: 'Every gateway refuses them within a second.',
        role: 'editor',
        params: ById.issuer,
        status: 204,
        answers: 'The issuer is gone.',
        answer: null,
        etag: 'takes',
        problems: ['not-found'],
      },
      async ({ by, params, check }) => {
        existing(await deleteIssuer(store, { ...by, check, id: params.id }), 'issuer')
        await refresh()
      },
    ),
  ]
}

/** An owner decides which private addresses may be called. */
function refuseAllow(admin: Admin, { allow }: Pick<UpdateIssuer, 'allow'>): void {
  if (allow === undefined || allow.length === 0 || admin.role === 'owner') return
  const detail = 'Only an owner may allow private addresses; leave `allow` out, or send an owner’s key.'
  throw new Problem('role-required', { detail })
}

type Urls = Pick<CreateIssuer, 'issuer' | 'jwksUri' | 'allow'>

function checkIssuer(
  { workspaceId }: Admin,
  { issuer, jwksUri, allow = [] }: Urls,
  checkAllow: AdminDeps['checkAllow'],
): void {
  checkAllow(workspaceId, allow)
  refuseUrl('/issuer', issuer, issuerUrlFault(issuer, allow) ?? identifierFault(issuer))
  if (jwksUri) refuseUrl('/jwksUri', jwksUri, issuerUrlFault(jwksUri, allow))
}

/** RFC 8414 2. */
function identifierFault(issuer: string): string | undefined {
  return /[?#]/.test(issuer) ? 'has a query or a fragment' : undefined
}

function refuseUrl(pointer: string, url: string, fault: string | undefined): void {
  if (fault === undefined) return
  const detail = `"${url}" ${fault}.`
  const fix = 'Give it as the issuer’s metadata has it, such as https://login.example.com/realms/shop.'
  throw new Problem('invalid-request', { detail, errors: [{ pointer, detail, fix }] })
}
