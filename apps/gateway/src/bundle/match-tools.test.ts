import type { BundleTool } from '@sluice/contract'
import { expect, test } from 'vitest'
import { matchTools, type ToolRow } from './match-tools.ts'

const row = (id: string, name: string, operation: string): ToolRow => {
  const [method, path] = operation.split(' ')
  return { id, name, method, path, origin: method === 'MANUAL' ? 'manual' : 'spec' } as unknown as ToolRow
}
const wanted = (operation?: string): BundleTool => ({ enabled: true, ...(operation ? { operation } : {}) })
const matched = (tools: Record<string, BundleTool>, rows: ToolRow[]) => {
  const { pairs, missing, extra } = matchTools(tools, rows)
  return {
    pairs: Object.fromEntries(pairs.map(({ name, row: { id } }) => [name, id])),
    missing: missing.map(({ name }) => name),
    extra: extra.map(({ id }) => id),
  }
}

test('a name on the same operation is the same tool, whatever came first', () => {
  const rows = [row('1', 'list', 'GET /a'), row('2', 'open', 'GET /a')]
  expect(matched({ open: wanted('GET /a'), list: wanted('GET /a') }, rows)).toEqual({
    pairs: { open: '2', list: '1' },
    missing: [],
    extra: [],
  })
})

test('a tool of another name becomes the one of its operation; further ones are made', () => {
  const rows = [row('1', 'list_a', 'GET /a'), row('2', 'list_b', 'GET /b')]
  expect(matched({ mine: wanted('GET /a'), further: wanted('GET /a') }, rows)).toEqual({
    pairs: { mine: '1' },
    missing: ['further'],
    extra: ['2'],
  })
})

test('names that went round stay with their operations', () => {
  const rows = [row('1', 'a', 'GET /a'), row('2', 'b', 'GET /b')]
  expect(matched({ a: wanted('GET /b'), b: wanted('GET /a') }, rows).pairs).toEqual({ a: '2', b: '1' })
})

test('a manual tool is its name alone, and none of a document becomes one', () => {
  const rows = [row('1', 'note', 'MANUAL /x'), row('2', 'list', 'GET /a')]
  expect(matched({ note: wanted(), list: wanted() }, rows)).toEqual({
    pairs: { note: '1' },
    missing: ['list'],
    extra: ['2'],
  })
})
