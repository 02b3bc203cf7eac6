import {
  CreateUpstream,
  EgressAllowances,
  Page,
  PageQuery,
  Problem,
  RefreshedUpstream,
  UpdateUpstream,
  Upstream,
  UpstreamTest,
} from '@sluice/contract'
import { checkBaseUrl } from '@sluice/openapi'
import {
  createUpstream,
  type DueRefresh,
  deleteUpstream,
  findUpstream,
  listUpstreams,
  readFetchHeaders,
  setEgressAllowances,
  updateUpstream,
} from '@sluice/store'
import { Type } from 'typebox'
import { slugOf } from '../imports/slug-of.ts'
import { checkPolicy } from './check-policy.ts'
import { checkSteps } from './check-steps.ts'
import type { AdminDeps } from './deps.ts'
import { ByUpstream } from './params.ts'
import { type AdminRoute, existing, route } from './route.ts'
import { tellToolSamples } from './tell-samples.ts'
import { testUpstream } from './test-upstream.ts'
import { withRefusals } from './with-refusals.ts'

const Search = { q: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Part of its texts.' })) }

/** APIs that we call, where they lie, and which private hosts their calls may reach. */
export function upstreamRoutes(deps: AdminDeps): AdminRoute[] {
  const { store, refresh, checkAllow, refreshNow } = deps
  const tag = 'Upstreams'
  return [
    route(
      {
        method: 'GET',
        path: '/upstreams',
        operationId: 'list_upstreams',
        tag,
        summary: 'List the APIs that are called',
        role: 'viewer',
        query: PageQuery(['slug', '-slug', 'name', '-name', 'createdAt', '-createdAt'], Search),
        status: 200,
        answers: 'One page of upstreams.',
        answer: Page(Upstream),
      },
      ({ admin, query }) => listUpstreams(store, admin.workspaceId, query),
    ),
    route(
      {
        method: 'POST',
        path: '/upstreams',
        operationId: 'create_upstream',
        tag,
        summary: 'Make an upstream without a document, for manual tools',
        description: 'An import makes one by itself. A slug that is taken gets a number.',
        role: 'editor',
        body: CreateUpstream,
        status: 201,
        answers: 'The new upstream.',
        answer: Upstream,
        once: true,
        problems: ['base-url-invalid'],
      },
      async ({ admin, by, body, once }) => {
        const { name, slug = slugOf(name) } = body
        const values = { name, slug, baseUrl: checkBaseUrl(body.baseUrl) }
        return withRefusals(await createUpstream(store, { ...by, once, values }), admin.workspaceId, deps)
      },
    ),
    route(
      {
        method: 'GET',
        path: '/upstreams/:upstream',
        operationId: 'get_upstream',
        tag,
        summary: 'Read one upstream',
        role: 'viewer',
        params: ByUpstream,
        status: 200,
        answers: 'The upstream.',
        answer: Upstream,
        etag: 'gives',
        problems: ['not-found'],
      },
      async ({ admin, params }) => existing(await findUpstream(store, admin.workspaceId, params.upstream), 'upstream'),
    ),
    route(
      {
        method: 'PATCH',
        path: '/upstreams/:upstream',
        operationId: 'update_upstream',
        tag,
        summary:
          'Rename an upstream, say where it lies now, when its document is fetched again, or what waits for a person',
        description: 'Credentials stay bound to the origins they were given for: after a move they must be set again.',
        role: 'editor',
        params: ByUpstream,
        body: UpdateUpstream,
        status: 200,
        answers: 'The upstream as it is now.',
        answer: Upstream,
        etag: 'takes',
        problems: ['not-found', 'conflict', 'base-url-invalid'],
      },
      async ({ admin, by, params, body, check, signal }) => {
        checkSteps(body, deps)
        checkPolicy(body.policy)
        const change = body.baseUrl === undefined ? body : { ...body, baseUrl: checkBaseUrl(body.baseUrl) }
        const changed = existing(
          await updateUpstream(store, { ...by, check, slug: params.upstream, change }),
          'upstream',
        )
        await refresh()
        const isTried = body.responseFilter !== undefined || body.steps !== undefined
        const notes = isTried ? await tellToolSamples(admin, { upstream: changed.slug }, signal, deps) : undefined
        const told = notes ? { ...changed, notes } : changed
        return body.baseUrl === undefined ? told : withRefusals(told, admin.workspaceId, deps)
      },
    ),
    route(
      {
        method: 'DELETE',
        path: '/upstreams/:upstream',
        operationId: 'delete_upstream',
        tag,
        summary: 'Delete an upstream with its documents, tools and credentials',
        role: 'editor',
        params: ByUpstream,
        status: 204,
        answers: 'The upstream is gone with all that hung on it.',
        answer: null,
        etag: 'takes',
        problems: ['not-found'],
      },
      async ({ by, params, check }) => {
        existing(await deleteUpstream(store, { ...by, check, slug: params.upstream }), 'upstream')
        await refresh()
      },
    ),
    route(
      {
        method: 'POST',
        path: '/upstreams/:upstream/refresh',
        operationId: 'refresh_upstream',
        tag,
        summary: 'Fetch its document again and import it, as the schedule does',
        description: 'What is new is enabled nowhere; what changed waits as `holdChanges` says.',
        role: 'editor',
        params: ByUpstream,
        status: 200,
        answers: 'What the fetch came to.',
        answer: RefreshedUpstream,
        problems: ['not-found', 'conflict'],
      },
      async ({ admin, params }) => {
        const found = existing(await findUpstream(store, admin.workspaceId, params.upstream), 'upstream')
        const { headers } = await readFetchHeaders(store, admin.workspaceId, found.slug)
        return { outcome: await refreshNow(dueNow(admin.workspaceId, found, headers)) }
      },
    ),
    route(
      {
        method: 'POST',
        path: '/upstreams/:upstream/test',
        operationId: 'test_upstream',
        tag,
        summary: 'Try whether its API can be reached',
        description: 'A connection is made as for a call, and closed: no request is sent.',
        role: 'editor',
        params: ByUpstream,
        status: 200,
        answers: 'Whether a connection was made, or why not.',
        answer: UpstreamTest,
        problems: ['not-found'],
      },
      async ({ admin, params }) => {
        const found = existing(await findUpstream(store, admin.workspaceId, params.upstream), 'upstream')
        return testUpstream(found, admin.workspaceId, deps)
      },
    ),
    route(
      {
        method: 'PUT',
        path: '/upstreams/:upstream/egress-allowances',
        operationId: 'set_egress_allowances',
        tag,
        summary: 'Say which private hosts and ranges its calls may reach',
        description:
          'In place of all that were allowed. Metadata addresses are never called. Other workspaces than the default one may have what `EGRESS_ALLOW` has.',
        role: 'owner',
        params: ByUpstream,
        body: EgressAllowances,
        status: 200,
        answers: 'The upstream, with its allowances.',
        answer: Upstream,
        etag: 'takes',
        problems: ['not-found'],
      },
      async ({ admin, by, params, body, check }) => {
        checkAllow(admin.workspaceId, body.allow)
        const request = { ...by, check, slug: params.upstream, allow: body.allow }
        const changed = existing(await setEgressAllowances(store, request), 'upstream')
        await refresh()
        return withRefusals(changed, admin.workspaceId, deps)
      },
    ),
  ]
}

/** @throws Problem `conflict` where there is nothing to fetch */
function dueNow(
  workspaceId: string,
  { slug, allow, refresh: { url } }: Upstream,
  headers: DueRefresh['headers'],
): DueRefresh {
  if (url !== null) return { workspaceId, slug, allow, url, validator: null, headers }
  const detail =
    'There is no URL to fetch its document from: it was sent, or its URL has a query, which may hold a token.'
  throw new Problem('conflict', {
    detail,
    errors: [{ pointer: 'upstream', detail, fix: 'Import it again by a URL without a query.' }],
  })
}
