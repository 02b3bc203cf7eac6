import { setTimeout as sleep } from 'node:timers/promises'
import type { CallTokens, FinishedCall } from '@sluice/contract'
import { type AdminApi, type Query, queryText } from '../admin-api.ts'
import { command } from '../command.ts'
import { withRunningGateway } from '../connect.ts'
import { paint, print, safe } from '../print.ts'
import { wholeNumber } from '../whole-number.ts'

export function logsCommand() {
  return command('logs', 'show the last calls of a running gateway', [
    'sluice logs',
    'sluice logs --follow --server bookshop',
    'sluice logs --outcome upstream --json',
  ])
    .option('--server <slug>', 'only those of one server')
    .option('--tool <name>', 'only those of one tool')
    .option('--outcome <outcome>', 'only those that ended so: ok, or why one failed')
    .option('--limit <number>', 'how many of the newest, at most 1000', wholeNumber, 50)
    .option('-f, --follow', 'go on showing them as they end, until Ctrl-C')
    .addHelpText('after', '\nWith --json each call is a line of JSON.')
    .action(({ json, follow, limit, ...filters }) =>
      withRunningGateway(async (api) => {
        const say = (call: FinishedCall) => print(json ? JSON.stringify(call) : lineOf(call))
        const first = await newest(api, { ...filters, limit: Math.min(limit, MOST) })
        for (const call of first) say(call)
        if (follow) await goOn(api, filters, first, say)
      }),
    )
}

const MOST = 1000
const PAUSE_MS = 1000

/** The oldest of them first, as a log is read. */
async function newest(api: AdminApi, query: Query): Promise<FinishedCall[]> {
  const { items } = await api.request<{ items: FinishedCall[] }>('GET', `/calls${queryText(query)}`)
  return items.toReversed()
}

/** Goes on until the process is ended. */
async function goOn(
  api: AdminApi,
  filters: Query,
  shown: readonly FinishedCall[],
  say: (call: FinishedCall) => void,
): Promise<never> {
  let seen = new Set(shown.map(({ id }) => id))
  for (;;) {
    await sleep(PAUSE_MS)
    const calls = await newest(api, { ...filters, limit: MOST })
    for (const call of calls) if (!seen.has(call.id)) say(call)
    seen = new Set([...seen, ...calls.map(({ id }) => id)].slice(-2 * MOST))
  }
}

function lineOf({ at, outcome, server, tool, status, cache, tokens, ms, bytes, caller, client }: FinishedCall): string {
  const end = paint(outcome === 'ok' ? 'green' : 'red', outcome)
  const facts = [
    status === null ? '' : `HTTP ${status}`,
    cache === null ? '' : `cache ${cache}`,
    `${Math.round(ms)} ms`,
    `${bytes} bytes`,
    tokens === null ? '' : tokensText(tokens),
    caller,
    client,
  ]
  return `${paint('dim', at)} ${end} ${safe(`${server}/${tool}`)} ${safe(facts.filter(Boolean).join(', '))}`
}

/** What the model was spared: `1240 tokens, 310 shown`. */
function tokensText({ raw, sent, isReckoned }: CallTokens): string {
  const about = isReckoned ? 'about ' : ''
  return `${about}${raw} tokens, ${sent} shown`
}
