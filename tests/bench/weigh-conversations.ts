import { isDeepStrictEqual } from 'node:util'
import { Unsolved } from '../../examples/many-tools/conversation.ts'
import { type Mode, type Solution, solveTask } from '../../examples/many-tools/solve-task.ts'
import { unshapeJson } from '../../packages/calls/src/shape-json.ts'
import { ask } from '../support/admin.ts'
import { connectV2 } from '../support/mcp-clients.ts'
import { startUnlimitedGateway, type UnlimitedGateway } from '../support/unlimited-gateway.ts'
import { hasPowerDns } from '../upstreams/powerdns.ts'
import { type BenchTask, GATEWAY_TASKS, NAME_TASKS } from './agent-tasks.ts'
import { type AgentUpstream, startManaged, startNames } from './agent-upstreams.ts'

const MODES: readonly Mode[] = ['direct', 'search', 'code']

/** What a task cost in a mode, or why it is not solved there. */
type Outcome = Solution | string

/** Ten tasks on two real APIs by an agent without a model, in each mode; false where one is not solved. */
export async function weighConversations(): Promise<boolean> {
  const sets = [
    ...(hasPowerDns ? [{ title: 'PowerDNS', start: startNames, tasks: NAME_TASKS }] : []),
    { title: 'Sluice itself', start: startManaged, tasks: GATEWAY_TASKS },
  ]
  if (!hasPowerDns)
    console.log('PowerDNS is not installed (pdns-server, pdns-backend-sqlite3): its five tasks are left out.')
  const gateway = await startUnlimitedGateway({})
  const all: Outcome[][] = []
  try {
    for (const { title, start, tasks } of sets) {
      const byMode: Outcome[][] = []
      for (const mode of MODES) byMode.push(await solveAll(gateway, mode, tasks, start))
      const rows = tasks.map((_, at) => byMode.map((outcomes) => outcomes[at]!))
      tell(title, tasks, rows)
      all.push(...rows)
    }
  } finally {
    await gateway.close()
  }
  console.log(row(['all', ...totals(all)]))
  return all.flat().every((outcome) => typeof outcome !== 'string')
}

/** On an API that nobody has touched yet, so that each mode finds the same. */
async function solveAll(
  gateway: UnlimitedGateway,
  mode: Mode,
  tasks: readonly BenchTask[],
  start: () => Promise<AgentUpstream>,
): Promise<Outcome[]> {
  const upstream = await start()
  try {
    const agent = await connectV2(await serve(gateway, mode, upstream), { pin: '2026-07-28' })
    const outcomes: Outcome[] = []
    for (const task of tasks) outcomes.push(await solve(task, mode, agent))
    await agent.close()
    return outcomes
  } finally {
    await upstream.close()
  }
}

let served = 0
async function serve(gateway: UnlimitedGateway, mode: Mode, { document, baseUrl, credential }: AgentUpstream) {
  const slug = `agents-${++served}`
  const { status, body } = await ask(gateway, 'POST', `/imports?commit=true&server=${slug}&upstream=${slug}`, {
    text: document,
    baseUrl,
    allow: [new URL(baseUrl).host],
    credential,
    enable: 'all',
  })
  if (status !== 200) throw new Error(`the import answered ${status}: ${JSON.stringify(body)}`)
  await ask(gateway, 'PATCH', `/servers/${slug}`, { mode, codeCalls: 'all' })
  // Catalogs take a change over within a second.
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  return { url: body.url, accessKey: body.accessKey }
}

async function solve(task: BenchTask, mode: Mode, agent: Parameters<typeof solveTask>[2]): Promise<Outcome> {
  try {
    const solution = await solveTask(task, mode, agent, readAnswer)
    if (isDeepStrictEqual(solution.answer, task.answer)) return solution
    return `the answer is ${JSON.stringify(solution.answer)} instead of ${JSON.stringify(task.answer)}`
  } catch (error) {
    if (error instanceof Unsolved) return error.message
    throw error
  }
}

/** The value in an answer, whatever form it is shown in; what was done without an answer is told in words. */
function readAnswer(text: string): unknown {
  const [first] = text.split('\n') as [string]
  return /^[[{]/.test(first) ? unshapeJson(JSON.parse(first)) : undefined
}

function tell(title: string, tasks: readonly BenchTask[], rows: readonly Outcome[][]): void {
  const lists = rows[0]!.map((one) => (typeof one === 'string' ? '?' : one.list.toLocaleString('en')))
  console.log(`\n${title}: the list of tools is ${lists.join(', ')} tokens (${MODES.join(', ')})`)
  console.log(row(['calls and tokens of each conversation', ...MODES]))
  for (const [at, { goal }] of tasks.entries()) console.log(row([goal, ...rows[at]!.map(figures)]))
  console.log(row(['together', ...totals(rows)]))
  for (const [at, { goal }] of tasks.entries()) {
    for (const [which, outcome] of rows[at]!.entries()) {
      if (typeof outcome === 'string') console.log(`NOT SOLVED in mode ${MODES[which]}: ${goal}\n  ${outcome}`)
    }
  }
}

function totals(rows: readonly Outcome[][]): string[] {
  return MODES.map((_, which) => {
    const solved = rows.map((row) => row[which]!).filter((one) => typeof one !== 'string')
    const sum = (pick: (one: Solution) => number) => solved.reduce((total, one) => total + pick(one), 0)
    return figures({ answer: null, list: 0, calls: sum(({ calls }) => calls), tokens: sum(({ tokens }) => tokens) })
  })
}

function figures(outcome: Outcome): string {
  return typeof outcome === 'string'
    ? 'NOT SOLVED'
    : `${outcome.calls} ${outcome.tokens.toLocaleString('en').padStart(9)}`
}

function row([title, ...cells]: readonly string[]): string {
  const short = title!.length > 58 ? `${title!.slice(0, 57)}…` : title!
  return `${short.padEnd(60)}${cells.map((cell) => cell.padStart(15)).join('')}`
}
