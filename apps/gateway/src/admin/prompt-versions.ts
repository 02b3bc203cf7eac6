import {
  ChoosePromptVersion,
  Page,
  PageQuery,
  PromptDetail,
  PromptVersion,
  PromptVersionDetail,
} from '@sluice/contract'
import { choosePromptVersion, findPromptVersion, listPromptVersions } from '@sluice/store'
import type { AdminDeps } from './deps.ts'
import { ByPrompt, ByPromptVersion, promptPlace } from './params.ts'
import { type AdminRoute, existing, route } from './route.ts'

/** What prompts said at one time, and which of it clients get. */
export function promptVersionRoutes({ store, refresh }: AdminDeps): AdminRoute[] {
  const tag = 'Resources and prompts'
  return [
    route(
      {
        method: 'GET',
        path: '/servers/:server/prompts/:prompt/versions',
        operationId: 'list_prompt_versions',
        tag,
        summary: 'List the versions of a prompt, the newest first',
        role: 'viewer',
        params: ByPrompt,
        query: PageQuery(['-version', 'version'], {}),
        status: 200,
        answers: 'One page of versions, without their messages.',
        answer: Page(PromptVersion),
        problems: ['not-found'],
      },
      async ({ admin, params, query }) =>
        existing(await listPromptVersions(store, promptPlace(admin, params), query), 'prompt'),
    ),
    route(
      {
        method: 'GET',
        path: '/servers/:server/prompts/:prompt/versions/:promptVersion',
        operationId: 'get_prompt_version',
        tag,
        summary: 'Read what a version of a prompt says',
        role: 'viewer',
        params: ByPromptVersion,
        status: 200,
        answers: 'The version, with its arguments and messages.',
        answer: PromptVersionDetail,
        problems: ['not-found'],
      },
      async ({ admin, params }) =>
        existing(await findPromptVersion(store, promptPlace(admin, params), numberOf(params.promptVersion)), 'version'),
    ),
    route(
      {
        method: 'PUT',
        path: '/servers/:server/prompts/:prompt/current',
        operationId: 'choose_prompt_version',
        tag,
        summary: 'Choose the version of a prompt that clients get',
        role: 'editor',
        params: ByPrompt,
        body: ChoosePromptVersion,
        status: 200,
        answers: 'The prompt as it is now.',
        answer: PromptDetail,
        etag: 'takes',
        problems: ['not-found', 'conflict'],
      },
      async ({ admin, by, params, body, check }) => {
        const request = { ...by, ...promptPlace(admin, params), version: body.version, check }
        const chosen = existing(await choosePromptVersion(store, request), 'prompt')
        await refresh()
        return chosen
      },
    ),
  ]
}

/** No version has the number 0. */
function numberOf(version: string): number {
  return /^[1-9]\d{0,8}$/.test(version) ? Number(version) : 0
}
