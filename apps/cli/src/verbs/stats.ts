import { Option } from '@commander-js/extra-typings'
import { CALL_GROUPS, type CallFigures, type CallStats } from '@sluice/contract'
import { queryText } from '../admin-api.ts'
import { type CallOptions, callQuery, withCallFilters } from '../call-filters.ts'
import { type AnyCommand, command } from '../command.ts'
import { withGateway } from '../connect.ts'
import { answer, count, listing } from '../print.ts'
import { wholeNumber } from '../whole-number.ts'

export function statsCommand() {
  const stats = command('stats', 'count the calls that were recorded: failures, durations, tokens and money saved', [
    'sluice stats',
    'sluice stats --by tool --since 7d',
    'sluice stats --by hour --server bookshop --since 24h --json',
  ]) as AnyCommand
  return withCallFilters(stats)
    .addOption(new Option('--by <what>', 'what they are put together by').choices(CALL_GROUPS).default('server'))
    .option('--limit <number>', 'how many groups at most', wholeNumber, 50)
    .action(async (...given) => {
      const { json, by, limit, ...filters } = given[0] as unknown as StatsOptions
      const query = queryText({ ...callQuery(filters), by, limit })
      const found = await withGateway((api) => api.request<CallStats>('GET', `/call-stats${query}`))
      answer(json ? { json } : {}, found, () => statsText(found, by))
    })
}

interface StatsOptions extends CallOptions {
  readonly json?: true
  readonly by: string
  readonly limit: number
}

function statsText({ total, groups, dropped, pricePerMillion }: CallStats, by: string): string {
  if (total.calls === 0 && dropped === 0) return 'No such call is recorded.'
  const named = groups.map(({ key, name, ...figures }) => ({ name: key === name ? name : `${name} (${key})`, figures }))
  const rows = [...named, { name: 'in all', figures: total }].map(({ name, figures }) => [name, ...cellsOf(figures)])
  const headings = [by.toUpperCase(), 'CALLS', 'FAILED', 'P50 MS', 'P95 MS', 'P99 MS', 'TOKENS', 'SHOWN', 'SAVED']
  const priced = pricePerMillion === null ? [] : ['MONEY SAVED']
  const table = listing(rows, [...headings, ...priced], '')
  const notes = [
    total.reckoned > 0 &&
      `The tokens of ${total.reckoned} of ${count(total.calls, 'call')} were reckoned, not counted.`,
    dropped > 0 && `${dropped} more calls were not recorded, for want of room.`,
  ]
  return [table, ...notes.filter(Boolean)].join('\n\n')
}

function cellsOf({ calls, errors, p50, p95, p99, rawTokens, sentTokens, savedTokens, savedMoney }: CallFigures) {
  const ms = [p50, p95, p99].map((value) => (value === null ? '' : value.toFixed(1)))
  const numbers = [rawTokens, sentTokens, savedTokens].map(String)
  return [String(calls), String(errors), ...ms, ...numbers, ...(savedMoney === null ? [] : [savedMoney.toFixed(4)])]
}
