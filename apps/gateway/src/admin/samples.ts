import { Page, PageQuery, Sample, SampleDetail, SetSample } from '@sluice/contract'
import { deleteSample, findSample, findTool, listSamples, setSample } from '@sluice/store'
import type { AdminDeps } from './deps.ts'
import { BySample, ByToolName } from './params.ts'
import { type AdminRoute, existing, route } from './route.ts'

/** Answers that are kept of tools: what is made of answers is tried on them. */
export function sampleRoutes({ store }: AdminDeps): AdminRoute[] {
  const tag = 'Tools'
  return [
    route(
      {
        method: 'GET',
        path: '/tools/:tool/samples',
        operationId: 'list_samples',
        tag,
        summary: 'List the answers that are kept of a tool',
        role: 'viewer',
        params: ByToolName,
        query: PageQuery(['name', '-name', 'updatedAt', '-updatedAt'], {}),
        status: 200,
        answers: 'One page of samples, without what they hold.',
        answer: Page(Sample),
        problems: ['not-found'],
      },
      async ({ admin, params, query }) => {
        existing(await findTool(store, admin.workspaceId, params.tool), 'tool')
        return listSamples(store, admin.workspaceId, params.tool, query)
      },
    ),
    route(
      {
        method: 'GET',
        path: '/tools/:tool/samples/:sample',
        operationId: 'get_sample',
        tag,
        summary: 'Read an answer that is kept of a tool',
        role: 'viewer',
        params: BySample,
        status: 200,
        answers: 'The answer, with the arguments of its call.',
        answer: SampleDetail,
        etag: 'gives',
        problems: ['not-found'],
      },
      async ({ admin, params }) => existing(await findSample(store, placeOf(admin, params)), 'sample'),
    ),
    route(
      {
        method: 'PUT',
        path: '/tools/:tool/samples/:sample',
        operationId: 'set_sample',
        tag,
        summary: 'Keep an answer of a tool',
        description:
          'Filters and interceptors are tried on what is kept, and a tool says what does not fit. At most 20 for a tool, each of at most 1 MB.',
        role: 'editor',
        params: BySample,
        body: SetSample,
        status: 200,
        answers: 'The sample as it is now.',
        answer: SampleDetail,
        etag: 'takes',
        problems: ['not-found', 'conflict'],
      },
      async ({ admin, by, params, body, check }) =>
        existing(await setSample(store, { ...by, ...placeOf(admin, params), sample: body, check }), 'tool'),
    ),
    route(
      {
        method: 'DELETE',
        path: '/tools/:tool/samples/:sample',
        operationId: 'delete_sample',
        tag,
        summary: 'Keep an answer of a tool no longer',
        role: 'editor',
        params: BySample,
        status: 204,
        answers: 'The sample is gone.',
        answer: null,
        etag: 'takes',
        problems: ['not-found'],
      },
      async ({ admin, by, params, check }) => {
        existing(await deleteSample(store, { ...by, ...placeOf(admin, params), check }), 'sample')
      },
    ),
  ]
}

function placeOf(
  { workspaceId }: { readonly workspaceId: string },
  { tool, sample }: { tool: string; sample: string },
) {
  return { workspaceId, toolId: tool, name: sample }
}
