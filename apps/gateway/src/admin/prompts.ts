import { Page, PageQuery, Prompt, PromptDetail, SetPrompt } from '@sluice/contract'
import { deletePrompt, findPrompt, listPrompts, setPrompt } from '@sluice/store'
import { checkPrompt } from './check-prompt.ts'
import type { AdminDeps } from './deps.ts'
import { ByPrompt, ByServer, promptPlace } from './params.ts'
import { promptVersionRoutes } from './prompt-versions.ts'
import { type AdminRoute, existing, route } from './route.ts'

/** What a server proposes that people say to a model. */
export function promptRoutes(deps: AdminDeps): AdminRoute[] {
  const { store, refresh } = deps
  const tag = 'Resources and prompts'
  return [
    route(
      {
        method: 'GET',
        path: '/servers/:server/prompts',
        operationId: 'list_prompts',
        tag,
        summary: 'List the prompts of a server',
        role: 'viewer',
        params: ByServer,
        query: PageQuery(['name', '-name', 'updatedAt', '-updatedAt'], {}),
        status: 200,
        answers: 'One page of prompts, without their messages.',
        answer: Page(Prompt),
        problems: ['not-found'],
      },
      async ({ admin, params, query }) =>
        existing(await listPrompts(store, admin.workspaceId, params.server, query), 'server'),
    ),
    route(
      {
        method: 'GET',
        path: '/servers/:server/prompts/:prompt',
        operationId: 'get_prompt',
        tag,
        summary: 'Read a prompt in its current version',
        role: 'viewer',
        params: ByPrompt,
        status: 200,
        answers: 'The prompt, with its arguments and messages.',
        answer: PromptDetail,
        etag: 'gives',
        problems: ['not-found'],
      },
      async ({ admin, params }) => existing(await findPrompt(store, promptPlace(admin, params)), 'prompt'),
    ),
    route(
      {
        method: 'PUT',
        path: '/servers/:server/prompts/:prompt',
        operationId: 'set_prompt',
        tag,
        summary: 'Store a prompt of a server, or a new version of it',
        description:
          'The new version is the current one; what changes nothing makes none. At most 100 prompts for a server, each of at most 1 MB, with its resources 10 MB together; the last 100 versions of each are kept.',
        role: 'editor',
        params: ByPrompt,
        body: SetPrompt,
        status: 200,
        answers: 'The prompt as it is now.',
        answer: PromptDetail,
        etag: 'takes',
        problems: ['not-found', 'conflict'],
      },
      async ({ admin, by, params, body, check }) => {
        checkPrompt(body)
        const request = { ...by, ...promptPlace(admin, params), prompt: body, check }
        const set = existing(await setPrompt(store, request), 'server')
        await refresh()
        return set
      },
    ),
    route(
      {
        method: 'DELETE',
        path: '/servers/:server/prompts/:prompt',
        operationId: 'delete_prompt',
        tag,
        summary: 'Delete a prompt of a server, with all its versions',
        role: 'editor',
        params: ByPrompt,
        status: 204,
        answers: 'The prompt is gone.',
        answer: null,
        etag: 'takes',
        problems: ['not-found'],
      },
      async ({ admin, by, params, check }) => {
        existing(await deletePrompt(store, { ...by, ...promptPlace(admin, params), check }), 'prompt')
        await refresh()
      },
    ),
    ...promptVersionRoutes(deps),
  ]
}
