import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import type { ImportReport } from '@sluice/contract'
import { type DepotApi, startDepot } from './api.ts'
import type { ToolClient } from './conversation.ts'
import { makeDocument } from './make-document.ts'
import { type AgentTask, type Mode, type Solution, solveTask } from './solve-task.ts'

/** What the act plays on: a gateway that runs. */
export interface Stage {
  admin<T>(method: string, path: string, body?: unknown): Promise<T>
  connect(report: Pick<ImportReport, 'url' | 'accessKey'>): Promise<ToolClient & { close(): Promise<void> }>
  say(text: string): void
}

const MODES: readonly Mode[] = ['direct', 'search', 'code']

const TASK: AgentTask = {
  goal: 'Put every open order of the customer Ada Lovelace on hold (status held), and tell me how many there were.',
  needs: {
    customers: ['list customers', 'GET /customers'],
    orders: ['list the orders of a customer', 'GET /orders'],
    change: ['change an order', 'PATCH /orders/{order_id}'],
  },
  solve: `const [customer] = (await api.customers({ name: 'Ada Lovelace' })).data
const orders = (await api.orders({ customer_id: customer.id, status: 'open' })).data
for (const order of orders) await api.change({ order_id: order.id, status: 'held' })
return orders.length`,
}

/** An API of five hundred operations: what its list of tools costs a model in each mode, and one task solved in each. */
export async function showManyTools({ admin, connect, say }: Stage): Promise<void> {
  const depot = await startDepot()
  try {
    const report = await admin<ImportReport>('POST', '/imports?commit=true&server=depot', {
      text: makeDocument(depot.url),
      allow: [new URL(depot.url).host],
      enable: 'all',
    })
    assert.equal(report.tools.length, 500)
    say(
      `${report.title}: ${report.tools.length} tools; tokens of their list, and of an agent that puts 3 orders on hold`,
    )
    for (const mode of MODES) {
      await admin('PATCH', '/servers/depot', { mode, codeCalls: 'all' })
      const agent = await connect(report)
      const listed = await listedIn(mode, agent)
      const solution = await solved(depot, mode, agent)
      await agent.close()
      assert.ok(mode === 'direct' || solution.list <= 1_500)
      say(inWords(mode, listed, solution))
    }
  } finally {
    await depot.close()
  }
}

/** A gateway takes a change over within a second. */
async function listedIn(mode: Mode, agent: ToolClient): Promise<number> {
  const mark = { direct: 'list_orders', search: 'call_tool', code: 'run_code' }[mode]
  for (let tries = 0; tries < 100; tries++) {
    const tools = await agent.listTools()
    if (tools.some(({ name }) => name === mark)) return tools.length
    await pause(50)
  }
  return assert.fail(`the list of mode ${mode} has no ${mark}`)
}

/** That it is done is read from the API itself. */
async function solved(depot: DepotApi, mode: Mode, agent: ToolClient): Promise<Solution> {
  depot.reset()
  const solution = await solveTask(TASK, mode, agent)
  assert.equal(solution.answer, 3)
  const ada = depot.things('customers').find(({ name }) => name === 'Ada Lovelace')!
  const held = depot.things('orders').filter(({ status }) => status === 'held')
  assert.deepEqual([...new Set(held.map(({ customer_id }) => customer_id))], [ada.id])
  assert.equal(held.length, 3)
  return solution
}

function inWords(mode: Mode, listed: number, { list, calls, tokens }: Solution): string {
  const figure = (value: number) => value.toLocaleString('en').padStart(7)
  return `  ${mode.padEnd(7)}${figure(listed)} tools listed: ${figure(list)} tokens   done after ${calls} calls: ${figure(tokens)}`
}
