import { type CallFigures, CallStats, CallStatsQuery } from '@sluice/contract'
import { countCalls } from '@sluice/store'
import type { AdminDeps } from './deps.ts'
import { type AdminRoute, route } from './route.ts'

/** What the record of calls comes to. */
export function callStatsRoutes({ store, flushCalls, tokenPrice }: AdminDeps): AdminRoute[] {
  const priced = <T extends Omit<CallFigures, 'savedMoney'>>(counts: T) => ({
    ...counts,
    savedMoney: tokenPrice === undefined ? null : (counts.savedTokens * tokenPrice) / 1_000_000,
  })
  return [
    route(
      {
        method: 'GET',
        path: '/call-stats',
        operationId: 'get_call_stats',
        tag: 'Calls',
        summary: 'Count recorded calls: failures, durations, tokens and money saved',
        description: 'Of all that is recorded, or of those that the filters mean; by server unless asked otherwise.',
        role: 'viewer',
        query: CallStatsQuery,
        status: 200,
        answers: 'The figures, in all and by group.',
        answer: CallStats,
      },
      async ({ admin, query: { by = 'server', limit: most = 100, ...filter } }) => {
        await flushCalls()
        const { total, groups, dropped } = await countCalls(store, admin.workspaceId, { ...filter, by, most })
        return { total: priced(total), groups: groups.map(priced), dropped, pricePerMillion: tokenPrice ?? null }
      },
    ),
  ]
}
