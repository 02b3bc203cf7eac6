// `npm run bench -- soak`: mixed calls through a real gateway to an API that fails in every way, and what must hold meanwhile.
import { ask, listAll } from '../support/admin.ts'
import type { Endpoint } from '../support/mcp-clients.ts'
import type { Spawned } from '../support/spawned.ts'
import { startUnlimitedGateway } from '../support/unlimited-gateway.ts'
import { type Memory, slope, watchMemory } from './memory-slope.ts'
import { runAgents, type Seen } from './soak-agents.ts'
import { type FaultyUpstream, startFaultyUpstream } from './soak-upstream.ts'

const CALL_TIMEOUT_MS = 3_000
/** Before this part of the time, memory is taken that stays taken. */
const WARM_UP = 0.3
/** A shorter time says nothing of memory. */
const JUDGED_FROM_MINUTES = 5
const MOST_MB_PER_MINUTE = 1

/** False where a call has not exactly one outcome, an unsafe one arrived twice, or memory grows. */
export async function benchSoak(minutes = 10): Promise<boolean> {
  const upstream = await startFaultyUpstream()
  const gateway = await startUnlimitedGateway({ CALL_TIMEOUT_MS: String(CALL_TIMEOUT_MS) })
  const endpoint = await prepare(gateway, upstream)
  const memory = watchMemory(gateway.child.pid)
  const seen = await runAgents(endpoint, upstream, Date.now() + minutes * 60_000)
  memory.stop()
  await gateway.close()
  const outcomes = await outcomesOf(gateway.child)
  await upstream.close()
  return judge([...judgeCalls(seen, outcomes), ...judgeArrivals(seen, upstream), ...judgeMemory(memory, minutes)])
}

/** One tool has a filter, one interceptors; one changes things, and one belongs to an API that only fails. */
async function prepare(gateway: { url: string; adminKey: string }, upstream: FaultyUpstream): Promise<Endpoint> {
  const fault = { name: 'fault', in: 'query', schema: { type: 'string' } }
  const thing = { name: 'thing_id', in: 'path', required: true, schema: { type: 'string' } }
  const operation = (operationId: string) => ({ operationId, parameters: [thing, fault] })
  const add = async (name: string, baseUrl: string, paths: object) => {
    const text = JSON.stringify({
      openapi: '3.1.0',
      info: { title: name, version: '1' },
      servers: [{ url: baseUrl }],
      paths,
    })
    const { status, body } = await ask(gateway, 'POST', `/imports?commit=true&server=soak&upstream=${name}`, {
      ...{ text, allow: [new URL(baseUrl).host] },
    })
    if (status !== 200) throw new Error(`the import answered ${status}: ${JSON.stringify(body)}`)
    return body as Endpoint
  }
  const endpoint = await add('things', upstream.url, {
    '/list/{thing_id}': { get: operation('list_things') },
    '/things/{thing_id}': { get: operation('read_thing'), post: operation('make_thing') },
  })
  await add('down', upstream.downUrl, { '/down': { get: { operationId: 'read_down' } } })
  const tools = await listAll(gateway, '/tools')
  const edit = async (name: string, change: object) => {
    const { status, body } = await ask(
      gateway,
      'PATCH',
      `/tools/${tools.find((tool) => tool.name === name).id}`,
      change,
    )
    if (status !== 200) throw new Error(`${name} was refused: ${JSON.stringify(body)}`)
  }
  await edit('list_things', { responseFilter: 'items[].{id: id, name: name}' })
  const responseInterceptor = 'if (response.body?.items) response.body.items = response.body.items.slice(0, 5)'
  await edit('read_thing', {
    steps: { requestInterceptor: 'request.headers["x-by"] = tool.name', responseInterceptor },
  })
  return endpoint
}

/** How often each outcome was logged, of calls that have one each. */
async function outcomesOf({ output }: Spawned): Promise<Map<string, string>> {
  while (!output.stdout.includes('"gateway.stopped"')) await new Promise((resolve) => setTimeout(resolve, 50))
  const outcomes = new Map<string, string>()
  let bugs = 0
  for (const line of output.stdout.split('\n').filter(Boolean)) {
    const told = JSON.parse(line) as { kind: string; callId: string; outcome: string }
    if (told.kind === 'bug') console.log(`a bug: ${line.slice(0, 2_000)}`, ++bugs)
    if (told.kind !== 'call.finished') continue
    outcomes.set(told.callId, outcomes.has(told.callId) ? 'more than one' : told.outcome)
  }
  if (bugs > 0) outcomes.set('bugs', 'bug')
  return outcomes
}

type Verdict = readonly [holds: boolean, told: string]

function judgeCalls(seen: Seen, outcomes: ReadonlyMap<string, string>): Verdict[] {
  const counts = new Map<string, number>()
  for (const outcome of outcomes.values()) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  for (const [outcome, count] of [...counts].toSorted(([, a], [, b]) => b - a)) {
    console.log(`${String(count).padStart(8)}  ${outcome}`)
  }
  for (const broken of seen.broken.slice(0, 10)) console.log(`  no result: ${broken}`)
  const ok = counts.get('ok') ?? 0
  return [
    [outcomes.size === seen.calls, `${seen.calls} calls were made, ${outcomes.size} have an outcome`],
    [!counts.has('more than one') && !counts.has('bug'), 'none has two outcomes, and nothing was a bug'],
    [seen.broken.length === 0, `${seen.broken.length} ended in no result for their client`],
    [
      ok >= seen.answered && ok <= seen.answered + seen.left,
      `${seen.answered} were answered, ${seen.failed} failed, ${seen.left} were left by their client; ${ok} are told to be well`,
    ],
    [
      seen.slowestMs < CALL_TIMEOUT_MS + 5_000,
      `the slowest took ${(seen.slowestMs / 1000).toFixed(1)} s of the ${CALL_TIMEOUT_MS / 1000} s that it may`,
    ],
  ]
}

function judgeArrivals(seen: Seen, { arrived }: FaultyUpstream): Verdict[] {
  const sent = (ids: readonly string[]) => ids.reduce((sum, id) => sum + (arrived.get(id) ?? 0), 0)
  const twice = seen.unsafe.filter((id) => (arrived.get(id) ?? 0) > 1).length
  const [unsafe, safe] = [sent(seen.unsafe), sent(seen.safe)]
  const repeats = seen.safe.reduce((sum, id) => sum + Math.max(0, (arrived.get(id) ?? 0) - 1), 0)
  return [
    [twice === 0, `of ${seen.unsafe.length} calls that change things, ${unsafe} arrived, ${twice} of them twice`],
    // A tenth of all first requests of the origin, after five in reserve (S73).
    [
      repeats <= (seen.safe.length + seen.unsafe.length) / 10 + 5,
      `of ${seen.safe.length} that change nothing, ${safe} requests came, ${repeats} of them repeats`,
    ],
  ]
}

function judgeMemory({ samples }: Memory, minutes: number): Verdict[] {
  const after = samples.filter(({ minute }) => minute > minutes * WARM_UP)
  if (after.length < 3) return [[true, 'memory was not measured: too short, or no /proc']]
  const own = slope(after.map((sample) => [sample.minute, sample.own]))
  const children = slope(after.map((sample) => [sample.minute, sample.children]))
  const [first, last] = [after[0]!, after.at(-1)!]
  const told = (name: string, from: number, to: number, by: number) =>
    `${name} ${from.toFixed(0)} MB, at the end ${to.toFixed(0)} MB: ${by.toFixed(2)} MB a minute`
  for (let at = 0; at < samples.length; at += Math.ceil(samples.length / 10)) {
    const { minute, own: gateway, children: others } = samples[at]!
    console.log(`${minute.toFixed(1).padStart(8)} min ${gateway.toFixed(0)} MB, children ${others.toFixed(0)} MB`)
  }
  const isJudged = minutes >= JUDGED_FROM_MINUTES
  return [
    [
      !isJudged || own < MOST_MB_PER_MINUTE,
      `${told('after warming up the gateway has', first.own, last.own, own)}${isJudged ? '' : ' (too short to judge)'}`,
    ],
    [true, told('its children have', first.children, last.children, children)],
  ]
}

function judge(verdicts: readonly Verdict[]): boolean {
  for (const [holds, told] of verdicts) console.log(`${holds ? 'holds ' : 'BROKEN'}  ${told}`)
  return verdicts.every(([holds]) => holds)
}
