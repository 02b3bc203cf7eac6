import { describe, expect, test } from 'vitest'
import { findJsonFault } from './find-json-fault.ts'

describe('where a text stops being JSON', () => {
  test.each<[string, string, [line: number, column: number], string, RegExp]>([
    ['a text that is cut short', '{"name": "x", "servers": ["a"', [1, 30], '/servers/0', /cut short/],
    ['a comma too many in an object', '{\n  "name": "x",\n}', [3, 1], '', /Remove the comma/],
    ['a comma too many in a list', '{"servers": ["a", ]}', [1, 19], '/servers/1', /Remove the comma/],
    ['single quotes', "{'name': 1}", [1, 2], '', /double quotes/],
    ['a name without quotes', '{"a": {name: 1}}', [1, 8], '/a', /double quotes/],
    ['no comma', '{"a": [1 2]}', [1, 10], '/a/0', /comma/],
    ['a word', 'hello', [1, 1], '', /Send JSON/],
    ['two values', '{} {}', [1, 4], '', /one JSON value/],
    ['a line break in a text', '{"a/b": "x\ny"}', [1, 9], '/a~1b', /End the string/],
    ['an escape that is none', '["\\x"]', [1, 2], '/0', /End the string/],
    ['a number that is none', '[01]', [1, 3], '/0', /comma/],
    ['no colon', '{"a" 1}', [1, 6], '/a', /Send JSON/],
    ['nothing', '', [1, 1], '', /cut short/],
  ])('%s', (_name, text, [line, column], pointer, fix) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError)
    expect(findJsonFault(text)).toMatchObject({ line, column, pointer, fix: expect.stringMatching(fix) })
    expect(findJsonFault(text)!.detail).toMatch(`Line ${line}, column ${column}: `)
  })

  test.each(['{"a":[1,-0.5e+3,"\\u00e9\\n",{},[],null,true,false]}', ' 1 ', '"x"', '[[[]]]'])('%s has none', (text) => {
    expect(findJsonFault(text)).toBeUndefined()
  })

  test('S20 a million brackets are walked, not climbed into', () => {
    expect(findJsonFault('['.repeat(1_000_000))).toMatchObject({ column: 1_000_001, fix: expect.stringMatching(/cut/) })
  })
})
