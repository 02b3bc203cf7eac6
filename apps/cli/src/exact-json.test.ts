import { expect, test } from 'vitest'
import { parseExactly } from './exact-json.ts'

test.each([
  '{"value":12345678901234567890}',
  '[9007199254740993,-9007199254740993,0.12345678901234567890]',
  '{"text":"12345678901234567890","n":1.5,"long":1234567890.12345}',
])('B182 what is read and sent again keeps its digits: %s', (text) => {
  expect(JSON.stringify(parseExactly(text))).toBe(text)
})

test('numbers that a double holds are numbers', () => {
  expect(parseExactly('[1,1.0,1e3,123456789012345]')).toEqual([1, 1, 1000, 123456789012345])
})
