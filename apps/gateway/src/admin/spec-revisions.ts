import {
  Flag,
  OperationRecord,
  OperationVersion,
  OperationVersionDetail,
  Page,
  PageQuery,
  SpecRevision,
  SpecRevisionDetail,
} from '@sluice/contract'
import { readDefinition } from '@sluice/openapi'
import {
  findOperation,
  findOperationVersion,
  findSpecRevision,
  listOperations,
  listOperationVersions,
  listSpecRevisions,
  readSpecDocument,
} from '@sluice/store'
import { Type } from 'typebox'
import { checkMethod } from './check-method.ts'
import type { AdminDeps } from './deps.ts'
import { ById, ByUpstream, ByVersion } from './params.ts'
import { type AdminRoute, existing, route } from './route.ts'

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
        answers: 'One page of revisions, the newest first.',
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
        params: ById.specRevision,
        status: 200,
        answers: 'The revision, with the notes of the importer.',
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
        params: ById.specRevision,
        status: 200,
        answers: 'The document, byte for byte.',
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
          q: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Part of its path.' })),
          method: Type.Optional(Type.String({ minLength: 1, maxLength: 20 })),
          origin: Type.Optional(Type.Enum(['spec', 'manual'])),
          removed: Flag('Only those no longer in the document, or only others.'),
        }),
        status: 200,
        answers: 'One page of operations.',
        answer: Page(OperationRecord),
        problems: ['not-found'],
      },
      async ({ admin, params, query }) => {
        await checkMethod(store, admin.workspaceId, query.method)
        return listOperations(store, admin.workspaceId, params.upstream, query)
      },
    ),
    route(
      {
        method: 'GET',
        path: '/operations/:id',
        operationId: 'get_operation',
        tag,
        summary: 'Read one operation',
        role: 'viewer',
        params: ById.operation,
        status: 200,
        answers: 'The operation and its tools.',
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
        params: ById.operation,
        query: PageQuery(['-id', 'id'], {}),
        status: 200,
        answers: 'One page of versions, the newest first.',
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
        answers: 'The version, with the operation as it was read.',
        answer: OperationVersionDetail,
        problems: ['not-found'],
      },
      async ({ admin, params }) => {
        const found = await findOperationVersion(store, admin.workspaceId, params.id, params.version)
        const { definition, ...version } = existing(found, 'version')
        return { ...version, definition: readDefinition(definition) }
      },
    ),
  ]
}
