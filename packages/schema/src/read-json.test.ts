import { describe, expect, test } from 'vitest'
import { parseJsonAsWritten, stringifyJson } from './exact-json.ts'
import { readJson } from './read-json.ts'

describe('B143 a JSON text that is read once', () => {
  test.each([
    ['{"a":[1,{"b":"x"}]}', { depth: 3, isMinified: true, isExact: true }],
    ['7', { depth: 0, isMinified: true, isExact: true }],
    ['""', { depth: 0, isMinified: true, isExact: true }],
    ['{"a": 1}', { depth: 1, isMinified: false, isExact: true }],
    ['[1]\n', { depth: 1, isMinified: false, isExact: true }],
    // Within texts neither brackets, blanks nor digits count.
    [String.raw`["[[ {", "\"[ ", "\\", "1.0 12345678901234567890"]`, { depth: 1, isMinified: false, isExact: true }],
    [String.raw`["\\\\","["]`, { depth: 1, isMinified: true, isExact: true }],
    ['[123456789012345]', { depth: 1, isMinified: true, isExact: true }],
    ['[12345678901234567890]', { depth: 1, isMinified: true, isExact: false }],
    ['[-12345678901234567890,1]', { depth: 1, isMinified: true, isExact: false }],
    ['[9007199254740991]', { depth: 1, isMinified: true, isExact: true }],
    ['[9007199254740993]', { depth: 1, isMinified: true, isExact: false }],
    ['[0.1,-0.5,12.25,-7]', { depth: 1, isMinified: true, isExact: true }],
    ['1.0', { depth: 0, isMinified: true, isExact: false }],
    ['-0', { depth: 0, isMinified: true, isExact: false }],
    ['1e5', { depth: 0, isMinified: true, isExact: false }],
    ['1E+400', { depth: 0, isMinified: true, isExact: false }],
    ['0.0000001', { depth: 0, isMinified: true, isExact: false }],
    ['1e-7', { depth: 0, isMinified: true, isExact: true }],
    ['3.14159265358979323846', { depth: 0, isMinified: true, isExact: false }],
  ])('%s', (text, form) => {
    expect(readJson(text)).toEqual({ text, value: JSON.parse(text), ...form })
  })

  test('is exact only where its value is written back as it came', () => {
    const numbers = Array.from({ length: 3_000 }, (_, n) => {
      const digits = String(Math.abs(Math.sin(n + 1))).slice(2, 3 + (n % 17))
      return `${n % 3 ? '' : '-'}${n % 5 ? '0' : (n * 7919) % 1_000}.${digits}${n % 7 ? '' : `e${(n % 61) - 30}`}`
    })
    const exact = numbers.filter((text) => readJson(text).isExact)
    expect(exact.length).toBeGreaterThan(1_000)
    expect(numbers.length - exact.length).toBeGreaterThan(500)
    for (const text of exact) expect([text, stringifyJson(JSON.parse(text))]).toEqual([text, text])
    for (const text of numbers) expect(stringifyJson(parseJsonAsWritten(text))).toBe(text)
  })

  test.each(['', '{', '[1,]', '{"a":1}x', 'NaN', "{'a':1}"])('%j is none', (text) => {
    expect(() => readJson(text)).toThrow(SyntaxError)
  })
})
