import { Page, PageQuery, Resource, ResourceDetail, SetResource } from '@sluice/contract'
import { deleteResource, findResource, listResources, setResource } from '@sluice/store'
import { checkResource } from './check-resource.ts'
import type { AdminDeps } from './deps.ts'
import { ByResource, ByServer } from './params.ts'
import { type AdminRoute, existing, route } from './route.ts'

/** What a server has to read, beside what its tools answer. */
export function resourceRoutes({ store, refresh }: AdminDeps): AdminRoute[] {
  const tag = 'Resources and prompts'
  return [
    route(
      {
        method: 'GET',
        path: '/servers/:server/resources',
        operationId: 'list_resources',
        tag,
        summary: 'List the resources that are stored for a server',
        description: 'Those of its tools are with the tools.',
        role: 'viewer',
        params: ByServer,
        query: PageQuery(['name', '-name', 'uri', '-uri', 'updatedAt', '-updatedAt'], {}),
        status: 200,
        answers: 'One page of resources, without what they hold.',
        answer: Page(Resource),
        problems: ['not-found'],
      },
      async ({ admin, params, query }) =>
        existing(await listResources(store, admin.workspaceId, params.server, query), 'server'),
    ),
    route(
      {
        method: 'GET',
        path: '/servers/:server/resources/:resource',
        operationId: 'get_resource',
        tag,
        summary: 'Read a resource that is stored for a server',
        role: 'viewer',
        params: ByResource,
        status: 200,
        answers: 'The resource, with what it holds.',
        answer: ResourceDetail,
        etag: 'gives',
        problems: ['not-found'],
      },
      async ({ admin, params }) => existing(await findResource(store, placeOf(admin, params)), 'resource'),
    ),
    route(
      {
        method: 'PUT',
        path: '/servers/:server/resources/:resource',
        operationId: 'set_resource',
        tag,
        summary: 'Store a resource for a server',
        description:
          'Every client of the server may read it. At most 100 for a server, each of at most 1 MB, with its prompts 10 MB together.',
        role: 'editor',
        params: ByResource,
        body: SetResource,
        status: 200,
        answers: 'The resource as it is now.',
        answer: ResourceDetail,
        etag: 'takes',
        problems: ['not-found', 'conflict'],
      },
      async ({ admin, by, params, body, check }) => {
        checkResource(body)
        const request = { ...by, ...placeOf(admin, params), resource: body, check }
        const set = existing(await setResource(store, request), 'server')
        await refresh()
        return set
      },
    ),
    route(
      {
        method: 'DELETE',
        path: '/servers/:server/resources/:resource',
        operationId: 'delete_resource',
        tag,
        summary: 'Delete a resource that is stored for a server',
        role: 'editor',
        params: ByResource,
        status: 204,
        answers: 'The resource is gone.',
        answer: null,
        etag: 'takes',
        problems: ['not-found'],
      },
      async ({ admin, by, params, check }) => {
        existing(await deleteResource(store, { ...by, ...placeOf(admin, params), check }), 'resource')
        await refresh()
      },
    ),
  ]
}

function placeOf(
  { workspaceId }: { readonly workspaceId: string },
  { server, resource }: { server: string; resource: string },
) {
  return { workspaceId, server, name: resource }
}
