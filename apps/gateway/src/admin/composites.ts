import { type Admin, Composite, CompositeTestReport, Page, PageQuery, SetComposite } from '@sluice/contract'
import { deleteComposite, findComposite, listComposites, setComposite } from '@sluice/store'
import type { AdminDeps } from './deps.ts'
import { ByComposite, ByServer } from './params.ts'
import { type AdminRoute, existing, route } from './route.ts'
import { checkComposite, testComposite } from './test-composite.ts'

/** Tools made of several calls: code that a curator keeps on a server. */
export function compositeRoutes({ store, refresh, serve }: AdminDeps): AdminRoute[] {
  const tag = 'Composites'
  const tester = ({ id, workspaceId }: Admin) => ({ run: serve.runCode, owner: `admin ${id}`, workspaceId })
  return [
    route(
      {
        method: 'GET',
        path: '/servers/:server/composites',
        operationId: 'list_composites',
        tag,
        summary: 'List the composites of a server',
        role: 'viewer',
        params: ByServer,
        query: PageQuery(['name', '-name', 'updatedAt', '-updatedAt'], {}),
        status: 200,
        answers: 'One page of composites.',
        answer: Page(Composite),
        problems: ['not-found'],
      },
      async ({ admin, params, query }) =>
        existing(await listComposites(store, admin.workspaceId, params.server, query), 'server'),
    ),
    route(
      {
        method: 'GET',
        path: '/servers/:server/composites/:composite',
        operationId: 'get_composite',
        tag,
        summary: 'Read a composite',
        role: 'viewer',
        params: ByComposite,
        status: 200,
        answers: 'The composite, with its code and its tests.',
        answer: Composite,
        etag: 'gives',
        problems: ['not-found'],
      },
      async ({ admin, params }) => existing(await findComposite(store, placeOf(admin, params)), 'composite'),
    ),
    route(
      {
        method: 'PUT',
        path: '/servers/:server/composites/:composite',
        operationId: 'set_composite',
        tag,
        summary: 'Keep a piece of code as a tool of a server',
        description:
          'Its code calls tools of the server, as far as whoever calls it may use them. Its tests are run first; where one fails, nothing is stored.',
        role: 'editor',
        params: ByComposite,
        body: SetComposite,
        status: 200,
        answers: 'The composite as it is now.',
        answer: Composite,
        etag: 'takes',
        problems: ['not-found', 'conflict'],
      },
      async ({ admin, by, params, body, check }) => {
        await checkComposite(params.composite, body, tester(admin))
        const request = { ...by, ...placeOf(admin, params), composite: body, check }
        const set = existing(await setComposite(store, request), 'server')
        await refresh()
        return set
      },
    ),
    route(
      {
        method: 'POST',
        path: '/servers/:server/composites/:composite/test',
        operationId: 'test_composite',
        tag,
        summary: 'Run the tests of a composite',
        description: 'Nothing is called: each test says what its calls are answered.',
        role: 'editor',
        params: ByComposite,
        status: 200,
        answers: 'What became of each.',
        answer: CompositeTestReport,
        problems: ['not-found'],
      },
      async ({ admin, params }) =>
        testComposite(existing(await findComposite(store, placeOf(admin, params)), 'composite'), tester(admin)),
    ),
    route(
      {
        method: 'DELETE',
        path: '/servers/:server/composites/:composite',
        operationId: 'delete_composite',
        tag,
        summary: 'Delete a composite',
        role: 'editor',
        params: ByComposite,
        status: 204,
        answers: 'The composite is gone.',
        answer: null,
        etag: 'takes',
        problems: ['not-found'],
      },
      async ({ admin, by, params, check }) => {
        existing(await deleteComposite(store, { ...by, ...placeOf(admin, params), check }), 'composite')
        await refresh()
      },
    ),
  ]
}

function placeOf(
  { workspaceId }: { readonly workspaceId: string },
  { server, composite }: { readonly server: string; readonly composite: string },
) {
  return { workspaceId, server, name: composite }
}
