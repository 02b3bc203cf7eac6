import { expect, test } from 'vitest'
import { exactLength, parseExact } from './exact-number.ts'

const rewritten = (text: string) => JSON.stringify(parseExact(text))

test.each([
  '12345678901234567890',
  '-9007199254740993',
  '0.12345678901234567890',
  '51.507350921630859',
  '1e400',
  '-1E-400',
  `1${'0'.repeat(50)}`,
  '{"id":9007199254740993,"list":[9007199254740993]}',
])('%s comes out digit for digit', (text) => {
  expect(rewritten(text)).toBe(text)
})

test.each([
  ['9007199254740992', 9007199254740992],
  ['1.0000000000000000', 1],
  ['0.30000000000000004', 0.30000000000000004],
  ['1000000000000000000000', 1e21],
  ['1e+100', 1e100],
  ['-0.0000000000000000', -0],
])('%s is held by a double and stays an ordinary number', (text, number) => {
  expect(parseExact(text)).toBe(number)
})

test('text that merely looks like a number is left alone', () => {
  const text = '{"id":"12345678901234567890","12345678901234567890":"x"}'
  expect(rewritten(text)).toBe(text)
})

test('an exact number knows its length, other values have none', () => {
  expect(exactLength(parseExact('12345678901234567890') as object)).toBe(20)
  expect(exactLength({})).toBeUndefined()
})
