import { describe, expect, test } from 'vitest'
import { approximate, isExactNumber, minifyJson, parseJson, stringifyJson } from './exact-json.ts'

describe('B56 B143 numbers that a double cannot hold keep their digits', () => {
  test.each([
    '{"id":9007199254740993}',
    '[12345678901234567890,-98765432109876543210]',
    '{"price":0.10000000000000000555}',
    '{"huge":1e400}',
  ])('%s comes back as it was', (text) => expect(stringifyJson(parseJson(text))).toBe(text))

  test('a number that a double holds stays a number', () => {
    const value = parseJson('{"a":1234567890123456,"b":1.5,"note":"1234567890123456789"}')
    expect(value).toEqual({ a: 1234567890123456, b: 1.5, note: '1234567890123456789' })
  })

  test('a schema is checked against the rounded number', () => {
    const value = parseJson('{"id":9007199254740993,"list":[9007199254740993]}') as { id: unknown }
    expect(isExactNumber(value.id)).toBe(true)
    expect(approximate(value)).toEqual({ id: 9007199254740992, list: [9007199254740992] })
  })
})

test('minifying takes texts of megabytes, and leaves what escapes and quotes have within', () => {
  const long = JSON.stringify({ a: `\\ " ${'x y'.repeat(4_000_000)}`, b: '\\', c: ' ' }, null, 1)
  expect(minifyJson(long)).toBe(JSON.stringify(JSON.parse(long)))
})

test('minifying drops the white space between tokens and nothing else', () => {
  const text = '{\n  "a b" : [1, 2.50,\t"x \\" y  z"] ,\r\n "10": 1, "2": 12345678901234567890 }'
  expect(minifyJson(text)).toBe('{"a b":[1,2.50,"x \\" y  z"],"10":1,"2":12345678901234567890}')
})
