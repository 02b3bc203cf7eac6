import { importSpec } from '@sluice/openapi'
import { describe, expect, test, vi } from 'vitest'
import { toTool } from './build-catalog.ts'
import { leanTool } from './lean-tool.ts'
import { untouchedTool } from './untouched-tool.ts'
import { createWholeTools } from './whole-tools.ts'

const schema = { type: 'object', properties: { id: { type: 'integer' } } }
const responses = { 200: { description: 'ok', content: { 'application/json': { schema } } } }
const parameters = [{ name: 'limit', in: 'query', schema: { type: 'integer' } }]
const text = JSON.stringify({
  openapi: '3.1.0',
  info: {},
  paths: Object.fromEntries(['a', 'b', 'c'].map((name) => [`/${name}`, { get: { parameters, responses } }])),
})
const ROWS = importSpec({ text }, { countTokens: () => 1 }).operations.map((derived) =>
  untouchedTool(derived.name, 'u', derived),
)
const whole = (row = ROWS[0]!) => toTool({ ...row, structuredContent: true }, {} as never, new Map())

/** Tools of ten bytes each, and what makes them. */
function leanTools(mostBytes: number) {
  const tools = createWholeTools(mostBytes)
  return ROWS.map((row) => {
    const make = vi.fn(() => whole(row))
    return { tool: leanTool(whole(row), make, 10, tools), make }
  })
}

describe('a tool whose schemas are there only while they are used', () => {
  test('is the same, and so are its copies', () => {
    for (const { tool } of leanTools(0)) {
      const same = whole(ROWS.find(({ name }) => name === tool.name))
      expect(tool).toEqual(same)
      expect({ ...tool, name: 'other' }).toEqual({ ...same, name: 'other' })
      expect({ ...tool.operation }).toEqual(same.operation)
      expect(Object.keys(tool).toSorted()).toEqual(Object.keys(same).toSorted())
    }
  })

  test('has no more of them than it had', () => {
    const { outputSchema: _output, answer: _answer, ...without } = whole()
    const tool = leanTool(without, () => without, 10, createWholeTools(100))
    expect(Object.keys(tool).toSorted()).toEqual(Object.keys(without).toSorted())
  })

  test('is made once as long as there is room', () => {
    const tools = leanTools(30)
    for (const { tool } of [...tools, ...tools]) expect(tool.inputSchema).toBe(tool.operation.inputSchema)
    expect(tools.map(({ make }) => make.mock.calls.length)).toEqual([0, 0, 0])
  })

  test('makes room for another that is wanted, unless it was used meanwhile', () => {
    const tools = leanTools(20)
    const read = (...positions: number[]) => {
      for (const at of positions) expect(tools[at]!.tool.wireSchema).toEqual(whole(ROWS[at]).wireSchema)
      return tools.map(({ make }) => make.mock.calls.length)
    }
    expect(read(0, 1, 0, 1)).toEqual([0, 0, 0])
    // The first is the oldest of three that were used.
    expect(read(2)).toEqual([0, 0, 1])
    expect(read(1, 0)).toEqual([1, 0, 1])
    expect(read(1, 0)).toEqual([1, 0, 1])
    expect(read(2)).toEqual([1, 0, 2])
  })
})
