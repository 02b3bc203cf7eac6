import {
  CreateUpstream,
  EgressAllowances,
  Flag,
  OperationRecord,
  OperationVersion,
  OperationVersionDetail,
  Page,
  PageQuery,
  Problem,
  RefreshedUpstream,
  SpecRevision,
  SpecRevisionDetail,
  UpdateUpstream,
  Upstream,
} from '@sluice/contract'
import { checkBaseUrl } from '@sluice/openapi'
import { parseJson } from '@sluice/schema'
import {
  createUpstream,
  type DueRefresh,
  deleteUpstream,
  findOperation,
  findOperationVersion,
  findSpecRevision,
  findUpstream,
  listOperations,
  listOperationVersions,
  listSpecRevisions,
  listUpstreams,
  readSpecDocument,
  setEgressAllowances,
  updateUpstream,
} from '@sluice/store'
import { Type } from 'typebox'
import { slugOf } from '../imports/run-import.ts'
import type { AdminDeps } from './deps.ts'
import { ById, ByUpstream, ByVersion } from './params.ts'
import { type AdminRoute, existing, route } from './route.ts'

const Search = { q: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Part of its texts.' })) }

/** APIs that we call, where they lie, and which private hosts their calls may reach. */
export function upstreamRoutes({ store, refresh, checkAllow, refreshNow }: AdminDeps): AdminRoute[] {
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
        answer: Upstream,
        once: true,
        problems: ['base-url-invalid'],
      },
      ({ by, body, once }) => {
        const { name, slug = slugOf(name) } = body
        const values = { name, slug, baseUrl: checkBaseUrl(body.baseUrl) }
        return createUpstream(store, { ...by, once, values })
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
        answer: Upstream,
        etag: 'takes',
        problems: ['not-found', 'conflict', 'base-url-invalid'],
      },
      async ({ by, params, body, check }) => {
        const change = body.baseUrl === undefined ? body : { ...body, baseUrl: checkBaseUrl(body.baseUrl) }
        const changed = existing(
          await updateUpstream(store, { ...by, check, slug: params.upstream, change }),
          'upstream',
        )
        await refresh()
        return changed
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
        answer: RefreshedUpstream,
        problems: ['not-found', 'conflict'],
      },
      async ({ admin, params }) => {
        const found = existing(await findUpstream(store, admin.workspaceId, params.upstream), 'upstream')
        return { outcome: await refreshNow(dueNow(admin.workspaceId, found)) }
      },
    ),
    route(
      {
        method: 'PUT',
        path: '/upstreams/:upstream/egress-allowances',
        operationId: 'set_egress_allowances',
        tag,
        summary: 'Say which private hosts and ranges its calls may reach',
        description: 'In place of all that were allowed. Metadata addresses are never called.',
        role: 'owner',
        params: ByUpstream,
        body: EgressAllowances,
        status: 200,
        answer: Upstream,
        etag: 'takes',
        problems: ['not-found'],
      },
      async ({ by, params, body, check }) => {
        checkAllow(body.allow)
        const request = { ...by, check, slug: params.upstream, allow: body.allow }
        const changed = existing(await setEgressAllowances(store, request), 'upstream')
        await refresh()
        return changed
      },
    ),
  ]
}

/** @throws Problem `conflict` where there is nothing to fetch */
function dueNow(workspaceId: string, { slug, allow, refresh: { url } }: Upstream): DueRefresh {
  if (url !== null) return { workspaceId, slug, allow, url, etag: null }
  const detail =
    'There is no URL to fetch its document from: it was sent, or its URL has a query, which may hold a token.'
  throw new Problem('conflict', {
    detail,
    errors: [{ pointer: 'upstream', detail, fix: 'Import it again by a URL without a query.' }],
  })
}

/** What was received of each upstream, byte for byte, and the operations read from it. */
export function specRoutes({ store }: AdminDeps): AdminRoute[] {
  const tag = 'Documents and operations'
  return [
    route(
      {
        method: 'GET',
        path: '/upstreams/:upstream/spec-revisions',
        operationId: 'list_spec_revisions',
        tag,
        summary: 'List the revisions of an upstream’s document',
        role: 'viewer',
        params: ByUpstream,
        query: PageQuery(['-createdAt', 'createdAt'], {}),
        status: 200,
        answer: Page(SpecRevision),
        problems: ['not-found'],
      },
      ({ admin, params, query }) => listSpecRevisions(store, admin.workspaceId, params.upstream, query),
    ),
    route(
      {
        method: 'GET',
        path: '/spec-revisions/:id',
        operationId: 'get_spec_revision',
        tag,
        summary: 'Read one revision, with what the importer had to say',
        role: 'viewer',
        params: ById,
        status: 200,
        answer: SpecRevisionDetail,
        problems: ['not-found'],
      },
      async ({ admin, params }) => existing(await findSpecRevision(store, admin.workspaceId, params.id), 'revision'),
    ),
    route(
      {
        method: 'GET',
        path: '/spec-revisions/:id/document',
        operationId: 'download_spec_revision',
        tag,
        summary: 'Get the document back, byte for byte as it was received',
        role: 'viewer',
        params: ById,
        status: 200,
        answer: Type.String({ format: 'binary' }),
        answerType: 'application/octet-stream',
        problems: ['not-found'],
      },
      async ({ admin, params }) =>
        Buffer.from(existing(await readSpecDocument(store, admin.workspaceId, params.id), 'revision')),
    ),
    route(
      {
        method: 'GET',
        path: '/upstreams/:upstream/operations',
        operationId: 'list_operations',
        tag,
        summary: 'List the operations of an upstream',
        role: 'viewer',
        params: ByUpstream,
        query: PageQuery(['path', '-path', 'method', '-method'], {
          ...Search,
          method: Type.Optional(Type.String({ minLength: 1, maxLength: 20 })),
          origin: Type.Optional(Type.Enum(['spec', 'manual'])),
          removed: Flag('Only those no longer in the document, or only others.'),
        }),
        status: 200,
        answer: Page(OperationRecord),
        problems: ['not-found'],
      },
      ({ admin, params, query }) => listOperations(store, admin.workspaceId, params.upstream, query),
    ),
    route(
      {
        method: 'GET',
        path: '/operations/:id',
        operationId: 'get_operation',
        tag,
        summary: 'Read one operation',
        role: 'viewer',
        params: ById,
        status: 200,
        answer: OperationRecord,
        problems: ['not-found'],
      },
      async ({ admin, params }) => existing(await findOperation(store, admin.workspaceId, params.id), 'operation'),
    ),
    route(
      {
        method: 'GET',
        path: '/operations/:id/versions',
        operationId: 'list_operation_versions',
        tag,
        summary: 'List what was said of an operation from time to time',
        role: 'viewer',
        params: ById,
        query: PageQuery(['-id', 'id'], {}),
        status: 200,
        answer: Page(OperationVersion),
        problems: ['not-found'],
      },
      async ({ admin, params, query }) => {
        existing(await findOperation(store, admin.workspaceId, params.id), 'operation')
        return listOperationVersions(store, admin.workspaceId, params.id, query)
      },
    ),
    route(
      {
        method: 'GET',
        path: '/operations/:id/versions/:version',
        operationId: 'get_operation_version',
        tag,
        summary: 'Read one version of an operation in full',
        role: 'viewer',
        params: ByVersion,
        status: 200,
        answer: OperationVersionDetail,
        problems: ['not-found'],
      },
      async ({ admin, params }) => {
        const found = await findOperationVersion(store, admin.workspaceId, params.id, params.version)
        const { definitionText, ...version } = existing(found, 'version')
        return { ...version, definition: parseJson(definitionText) }
      },
    ),
  ]
}
