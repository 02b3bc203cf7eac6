import { type Admin, AgreedChanges, AgreedVersion, ToolChoice } from '@sluice/contract'
import { agreeToChanges } from '@sluice/store'
import type { AdminDeps } from './deps.ts'
import { ById } from './params.ts'
import { type AdminRoute, existing, route } from './route.ts'
import { tellToolSamples } from './tell-samples.ts'

/** Changes that imports held for a person to look at (S29). `GET /tools?pending=true` lists them. */
export function agreementRoutes(deps: AdminDeps): AdminRoute[] {
  const { store, refresh } = deps
  const about = {
    method: 'POST',
    tag: 'Tools',
    role: 'editor',
    status: 200,
    answers: 'How many tools serve what was held.',
    answer: AgreedChanges,
  } as const
  const answerOf = async (tools: readonly string[], admin: Admin, signal: AbortSignal): Promise<AgreedChanges> => {
    await refresh()
    const isMeant = ({ id }: { id: string }) => tools.includes(id)
    const notes = tools.length === 0 ? [] : await tellToolSamples(admin, { isMeant }, signal, deps)
    return { agreed: tools.length, notes }
  }
  return [
    route(
      {
        ...about,
        path: '/tools/:id/agree',
        operationId: 'agree_to_change',
        summary: 'Let one tool serve the version that an import held',
        params: ById.tool,
        query: AgreedVersion,
        problems: ['not-found', 'conflict'],
      },
      async ({ admin, by, params, query, signal }) => {
        const tools = existing(await agreeToChanges(store, { ...by, of: { id: params.id, ...query } }), 'tool')
        return answerOf(tools, admin, signal)
      },
    ),
    route(
      {
        ...about,
        path: '/tools/agree',
        operationId: 'agree_to_changes',
        summary: 'Let all tools that a filter chooses serve the versions that imports held',
        description: 'At least one filter is needed.',
        query: ToolChoice,
      },
      async ({ admin, by, query, signal }) => {
        const tools = (await agreeToChanges(store, { ...by, of: { choice: query } }))!
        return answerOf(tools, admin, signal)
      },
    ),
  ]
}
