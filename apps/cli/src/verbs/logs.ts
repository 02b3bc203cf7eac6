import { setTimeout as sleep } from 'node:timers/promises'
import type { CallTokens, RecordedCall } from '@sluice/contract'
import { type AdminApi, ApiProblem, at, type Query, queryText } from '../admin-api.ts'
import { type CallOptions, callQuery, withCallFilters } from '../call-filters.ts'
import { type AnyCommand, command, UsageFault } from '../command.ts'
import { withGateway, withRunningGateway } from '../connect.ts'
import { answer, fields, paint, print, safe } from '../print.ts'
import { wholeNumber } from '../whole-number.ts'

export function logsCommand() {
  const logs = command('logs', 'show the calls that were recorded', [
    'sluice logs',
    'sluice logs --follow --server bookshop',
    'sluice logs --since 2h --failed --json',
    'sluice logs 0b1f6f0e-7c1e-4a55-9d1c-3c5a2c0f4e11',
    'sluice logs --since 7d --export csv > calls.csv',
  ]).argument('[call]', 'the id of one, to see all that is known of it') as AnyCommand
  return withCallFilters(logs)
    .option('--limit <number>', 'how many of the newest', wholeNumber, 50)
    .option('-f, --follow', 'go on showing them as they end, until Ctrl-C')
    .option('--export <format>', 'write out all that are meant, as csv or ndjson')
    .addHelpText(
      'after',
      '\nWith --json each call is a line of JSON.\nsluice tools try NAME --call ID makes one again; where its arguments are kept redacted, give them with --args.',
    )
    .action(async (...given) => {
      const [id, { json, follow: isFollowing, limit, export: format, ...filters }] = given as unknown as [
        string | undefined,
        LogsOptions,
      ]
      const query = callQuery(filters)
      const say = (call: RecordedCall) => print(json ? JSON.stringify(call) : lineOf(call))
      await (isFollowing ? withRunningGateway : withGateway)(async (api) => {
        if (id !== undefined) return showCall(api, id, json)
        if (format !== undefined) return exportCalls(api, query, format)
        if (isFollowing) return follow(api, query, limit, say)
        for (const call of await newest(api, query, limit)) say(call)
      })
    })
}

interface LogsOptions extends CallOptions {
  readonly json?: true
  readonly follow?: true
  readonly limit: number
  readonly export?: string
}

const PAUSE_MS = 1000

/** The oldest of them first, as a log is read. */
async function newest(api: AdminApi, query: Query, limit: number): Promise<RecordedCall[]> {
  return (await api.list<RecordedCall>('/calls', query, limit)).toReversed()
}

/** Goes on until the process is ended: a gateway that was restarted is listened to again, from the call that was shown last. */
async function follow(api: AdminApi, query: Query, limit: number, say: (call: RecordedCall) => void): Promise<never> {
  const shown = new Set<string>()
  let last: RecordedCall | undefined
  const show = (call: RecordedCall) => {
    if (shown.has(call.id)) return
    shown.add(call.id)
    if (shown.size > MOST_KNOWN) shown.delete(shown.values().next().value!)
    last = call
    say(call)
  }
  // What ends in between is in both.
  let tail = await listen(api, query)
  for (const call of await newest(api, query, limit)) show(call)
  for (;;) {
    try {
      for await (const call of callsIn(tail)) show(call)
    } catch {
      // It went away.
    }
    tail = await again(api, query, last)
    // Of a record that was empty all is new.
    if (last === undefined) for (const call of await newest(api, query, Number.POSITIVE_INFINITY)) show(call)
  }
}

/** What a stream that goes on may tell again is of some seconds. */
const MOST_KNOWN = 50_000

function listen(api: AdminApi, query: Query): Promise<AsyncIterable<string>> {
  return api.stream(`/calls/tail${queryText(query)}`)
}

async function again(api: AdminApi, query: Query, last: RecordedCall | undefined): Promise<AsyncIterable<string>> {
  let after = last?.id
  for (;;) {
    await sleep(PAUSE_MS)
    try {
      return await listen(api, { ...query, after })
    } catch (error) {
      // Nobody there has none.
      const status = (error instanceof ApiProblem && error.problem.status) || 503
      if (status === 404 && after !== undefined) {
        process.stderr.write('The call that was shown last is not recorded any more: some may be missing here.\n')
        after = undefined
      }
      // Who may not, may not later.
      else if (status !== 503) throw error
    }
  }
}

async function* callsIn(texts: AsyncIterable<string>): AsyncGenerator<RecordedCall> {
  let rest = ''
  for await (const text of texts) {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice('data: '.length))
  }
}

async function exportCalls(api: AdminApi, query: Query, format: string): Promise<void> {
  if (format !== 'csv' && format !== 'ndjson') throw new UsageFault(`--export takes csv or ndjson, not "${format}".`)
  for await (const text of await api.stream(`/calls.${format}${queryText(query)}`)) process.stdout.write(text)
}

async function showCall(api: AdminApi, id: string, json: true | undefined): Promise<void> {
  const call = await api.request<RecordedCall>('GET', at`/calls/${id}`)
  answer(json ? { json } : {}, call, () => callText(call))
}

function callText({ tokens, stages, ...call }: RecordedCall): string {
  const timed = Object.entries(stages).map(([stage, ms]) => `${stage} ${ms} ms`)
  return fields({ ...call, stages: timed.join(', '), tokens: tokens && tokensText(tokens) })
}

function lineOf({ at, outcome, server, tool, status, cache, tokens, ms, bytes, ...call }: RecordedCall): string {
  const end = paint(outcome === 'ok' ? 'green' : 'red', outcome)
  const facts = [
    status === null ? '' : `HTTP ${status}`,
    cache === null ? '' : `cache ${cache}`,
    call.retries === 0 ? '' : `sent again ${call.retries}×`,
    `${Math.round(ms)} ms`,
    `${bytes} bytes`,
    tokens === null ? '' : tokensText(tokens),
    call.road === 'direct' ? '' : `by ${call.road}`,
    call.caller,
    call.client,
  ]
  return `${paint('dim', at)} ${end} ${safe(server === '' ? tool : `${server}/${tool}`)} ${safe(facts.filter(Boolean).join(', '))}`
}

/** What the model was spared: `1240 tokens, 310 shown`. */
function tokensText({ raw, sent, isReckoned }: CallTokens): string {
  const about = isReckoned ? 'about ' : ''
  return `${about}${raw} tokens, ${sent} shown`
}
