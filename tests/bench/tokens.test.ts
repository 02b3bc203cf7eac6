import { CALL_TOOL, codeTool, DESCRIBE_TOOL, searchTool } from '@sluice/discovery'
import { expect, test } from 'vitest'
import type { ToolClient } from '../../examples/many-tools/conversation.ts'
import { readHits } from '../../examples/many-tools/read-hits.ts'
import { type AgentTask, solveTask } from '../../examples/many-tools/solve-task.ts'
import { unseenWords } from '../../examples/many-tools/unseen-words.ts'
import { largeApi } from '../support/large-api.ts'
import { catalogOf } from '../support/sessions-of.ts'
import { tooHeavy, weighLists } from './weigh-lists.ts'

// What `npm run bench -- tokens` and the demo judge with: an agent that would know too much, or lists that are too long.

test('the lists of sixty tools are weighed by mode, and what is above a bound is named', async () => {
  const weights = weighLists(await catalogOf(largeApi('http://127.0.0.1'), 'http://127.0.0.1', 'direct'))
  expect(weights.tools).toBe(60)
  expect(weights.direct).toBeGreaterThan(3 * weights.search)
  expect(weights.code).not.toBe(weights.search)
  expect(weights.inventory).toBeGreaterThan(20)
  expect(tooHeavy(weights)).toEqual([])
  expect(tooHeavy({ ...weights, search: 1_501, code: 1_500, inventory: 501 })).toEqual([
    'search is 1501 tokens; 1500 are the most.',
    'inventory is 501 tokens; 500 are the most.',
  ])
})

test.each([
  ['a value of the goal', { name: 'shop.test.' }, []],
  ['a value that nobody showed', { name: 'other.test.' }, ['other']],
  ['the name of an argument that nobody showed', { label: 'shop' }, ['label']],
  ['an identifier that nobody showed', { name: ['shop', 7] }, ['7']],
  ['a decision, which needs no source', { name: true }, []],
  ['code that names its own values', { name: 'const all = name.map((one) => one.shop)' }, []],
  ['code that reads a field which nobody showed', { name: 'const all = name.secret' }, ['secret']],
])('%s', (_what, args, want) => {
  expect(unseenWords(args, 'Make the zone shop.test. with a "name".')).toEqual(want)
})

test('hits are read as a search shows them; notes are none', () => {
  const text = [
    'get_order({ order_id: number }): { id: number }',
    '  GET /orders/{order_id} – Read one order',
    'make({ a: … })',
    '  POST /orders – Make an order',
    'bare_name',
    '  DELETE /orders – Delete all',
    'More: page 2.',
    'Call with call_tool {"name": …}.',
  ].join('\n')
  expect(readHits(text)).toEqual([
    { name: 'get_order', route: 'GET /orders/{order_id}', isWhole: true },
    { name: 'make', route: 'POST /orders', isWhole: false },
    { name: 'bare_name', route: 'DELETE /orders', isWhole: false },
  ])
})

const TASK: AgentTask = {
  goal: 'Read the order 7.',
  needs: { read: ['read an order', 'GET /orders/{order_id}'] },
  solve: 'return (await api.read({ order_id: 7 })).data.id',
}

/** Answers each tool with what stands here, and keeps what it was asked. */
function clientOf(answers: Readonly<Record<string, string>>, asked: unknown[] = []): ToolClient {
  return {
    listTools: async () => [searchTool('1 tool.'), DESCRIBE_TOOL, CALL_TOOL, codeTool('all')],
    callTool: async (name, args) => {
      asked.push([name, args])
      return { text: answers[name]!, isError: false }
    },
  }
}

const HIT = 'get_order({ order_id: number }): { id: number }\n  GET /orders/{order_id} – Read one order'

test('an agent searches, then calls what it found; list, requests and answers are counted', async () => {
  const asked: unknown[] = []
  const client = clientOf({ search_tools: HIT, call_tool: '{"id":7}' }, asked)
  const solution = await solveTask(TASK, 'search', client)
  expect(asked).toEqual([
    ['search_tools', { query: TASK.goal }],
    ['call_tool', { name: 'get_order', arguments: { order_id: 7 } }],
  ])
  expect(solution).toMatchObject({ answer: 7, calls: 2 })
  expect(solution.list).toBeGreaterThan(5)
  expect(solution.tokens).toBeGreaterThan(solution.list + 40)
})

test('what a signature leaves out is asked for before the call', async () => {
  const asked: unknown[] = []
  const found = 'get_order({ … })\n  GET /orders/{order_id} – Read one'
  const task = { ...TASK, solve: 'return (await api.read({ order_id: 7, depth: 7 })).data.id' }
  const described = 'get_order({ order_id: number, depth?: number })'
  await solveTask(
    task,
    'search',
    clientOf({ search_tools: found, describe_tools: described, call_tool: '{"id":7}' }, asked),
  )
  expect(asked[1]).toEqual(['describe_tools', { names: ['get_order'], format: 'signature' }])
  expect(asked).toHaveLength(3)
})

test('code names the tools that were found, and what it answers is the answer', async () => {
  const asked: unknown[] = []
  const solution = await solveTask(TASK, 'code', clientOf({ search_tools: HIT, run_code: '7' }, asked))
  expect(asked[1]).toEqual(['run_code', { code: 'return (await api.get_order({ order_id: 7 })).data.id' }])
  expect(solution).toMatchObject({ answer: 7, calls: 2 })
})

test.each([
  [
    'no hit is right',
    'search',
    { search_tools: HIT.replace('GET', 'PUT') },
    /no tool that is shown is right for "read an/,
  ],
  ['an answer lacks what is needed', 'search', { search_tools: HIT, call_tool: 'Done.' }, /it cannot go on/],
  ['code answers no value', 'code', { search_tools: HIT, run_code: 'Done.' }, /the code answered Done/],
] as const)('a task is not solved where %s', async (_why, mode, answers, message) => {
  await expect(solveTask(TASK, mode, clientOf(answers))).rejects.toThrow(message)
})

test('a task is not solved where a value was never shown, or a call failed', async () => {
  const answers = { search_tools: HIT, call_tool: '{"id":7}' }
  const vague = { ...TASK, goal: 'Read an order.' }
  const message = 'call_tool is called with what was never shown: 7'
  await expect(solveTask(vague, 'search', clientOf(answers))).rejects.toThrow(message)
  const failing: ToolClient = { ...clientOf(answers), callTool: async () => ({ text: 'It is away.', isError: true }) }
  await expect(solveTask(TASK, 'search', failing)).rejects.toThrow('search_tools failed: It is away.')
})
