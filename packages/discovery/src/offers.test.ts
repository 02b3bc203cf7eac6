import { countTokens } from '@sluice/tokenizer'
import { expect, test } from 'vitest'
import { chooseMode } from './choose-mode.ts'
import { inventoryOf } from './inventory.ts'
import { CALL_TOOL, DESCRIBE_TOOL, searchTool } from './meta-tools.ts'
import { tool } from './testing/tool.ts'

test.each([
  ['auto', 40, 10_000, 'direct'],
  ['auto', 41, 100, 'search'],
  ['auto', 5, 10_001, 'search'],
  ['direct', 900, 90_000, 'direct'],
  ['search', 1, 10, 'search'],
] as const)('B181 a server set to %s with %i tools of %i tokens is %s', (setting, tools, tokens, mode) => {
  expect(chooseMode(setting, { tools, tokens })).toMatchObject({ mode, why: expect.stringContaining(`${tools} tools`) })
})

test('what there is is told by tag, the most frequent first; without tags, by path', () => {
  const tools = [
    tool('GET /a/x', { tags: ['orders'] }),
    tool('GET /b/x', { tags: ['orders', 'mine'] }),
    tool('GET /v1/books/{id}'),
  ]
  expect(inventoryOf(tools)).toBe('3 tools, by tag: orders (2), books (1), mine (1).')
  expect(inventoryOf([...tools, tool('GET /c', { upstream: 'crm', tags: ['orders'] })])).toBe(
    '4 tools of 2 APIs: api (3), crm (1). By tag: orders (3), books (1), mine (1).',
  )
})

test.each(['タグ', '客户退款', '😀', '👩‍👩‍👧', 'ཀཁ', 'ไทย', '_-.', '9f3b-', 'plain words '])(
  'the list stays within 1,500 tokens and its inventory within 500, however many tags of %s and APIs there are',
  (tag) => {
    const tools = Array.from({ length: 2_000 }, (_, at) =>
      tool(`GET /x${at}`, { tags: [`${tag.repeat(6)}${at}${'y'.repeat(at % 90)}`], upstream: `upstream-${at % 300}` }),
    )
    const inventory = inventoryOf(tools)
    expect(countTokens(inventory)).toBeLessThanOrEqual(500)
    expect(countTokens(JSON.stringify([searchTool(inventory), DESCRIBE_TOOL, CALL_TOOL]))).toBeLessThanOrEqual(1_500)
  },
)
