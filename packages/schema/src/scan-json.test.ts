import { describe, expect, test } from 'vitest'
import { parseJsonAsWritten, stringifyJson } from './exact-json.ts'
import { scanJson } from './scan-json.ts'

describe('B143 a JSON text that is looked at once', () => {
  test.each([
    ['{"a":[1,{"b":"x"}]}', { isMinified: true, isExact: true }],
    ['7', { isMinified: true, isExact: true }],
    ['""', { isMinified: true, isExact: true }],
    ['{"a": 1}', { isMinified: false, isExact: true }],
    ['[1]\n', { isMinified: false, isExact: true }],
    // Within texts neither brackets, blanks nor digits count.
    [String.raw`["[[ {", "\"[ ", "\\", "1.0 12345678901234567890"]`, { isMinified: false, isExact: true }],
    [String.raw`["\\\\","["]`, { isMinified: true, isExact: true }],
    ['[123456789012345]', { isMinified: true, isExact: true }],
    ['[12345678901234567890]', { isMinified: true, isExact: false }],
    ['[-12345678901234567890,1]', { isMinified: true, isExact: false }],
    ['[9007199254740991]', { isMinified: true, isExact: true }],
    ['[9007199254740993]', { isMinified: true, isExact: false }],
    ['[0.1,-0.5,12.25,-7]', { isMinified: true, isExact: true }],
    ['1.0', { isMinified: true, isExact: false }],
    ['-0', { isMinified: true, isExact: false }],
    ['1e5', { isMinified: true, isExact: false }],
    ['1E+400', { isMinified: true, isExact: false }],
    ['0.0000001', { isMinified: true, isExact: false }],
    ['1e-7', { isMinified: true, isExact: true }],
    ['3.14159265358979323846', { isMinified: true, isExact: false }],
  ])('%s', (text, form) => {
    expect(scanJson(text, 500)).toEqual({ text, ...form })
  })

  test('is exact only where its value is written back as it came', () => {
    const numbers = Array.from({ length: 3_000 }, (_, n) => {
      const digits = String(Math.abs(Math.sin(n + 1))).slice(2, 3 + (n % 17))
      return `${n % 3 ? '' : '-'}${n % 5 ? '0' : (n * 7919) % 1_000}.${digits}${n % 7 ? '' : `e${(n % 61) - 30}`}`
    })
    const exact = numbers.filter((text) => scanJson(text, 500)!.isExact)
    expect(exact.length).toBeGreaterThan(1_000)
    expect(numbers.length - exact.length).toBeGreaterThan(500)
    for (const text of exact) expect([text, stringifyJson(JSON.parse(text))]).toEqual([text, text])
    for (const text of numbers) expect(stringifyJson(parseJsonAsWritten(text))).toBe(text)
  })

  test.each(['', '{', '[1,]', '{"a":1}x', 'NaN', "{'a':1}"])('%j is none', (text) => {
    expect(scanJson(text, 500)).toBeUndefined()
  })

  test('what is nested deeper than it may be is none, however deep it goes on', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(scanJson(nested(500), 500)).toBeDefined()
    expect(scanJson(nested(501), 500)).toBeUndefined()
    expect(scanJson(nested(1_000_000), 500)).toBeUndefined()
    expect(scanJson('{"a":{"b":[]}}', 3)).toBeDefined()
    expect(scanJson('{"a":{"b":[]}}', 2)).toBeUndefined()
  })

  test('takes just what JSON.parse takes: each text with anything put at any place of it', () => {
    const edited = WHOLE.flatMap((text) =>
      Array.from({ length: text.length + 1 }, (_, at) =>
        PIECES.flatMap((piece) => [0, 1, 2].map((without) => text.slice(0, at) + piece + text.slice(at + without))),
      ).flat(),
    )
    const pairs = PIECES.flatMap((first) => PIECES.map((second) => first + second))
    const isTaken = (text: string) => scanJson(text, 500) !== undefined
    const others = [...edited, ...pairs].filter((text) => isTaken(text) !== isTakenByParse(text))
    expect(others).toEqual([])
    expect(edited.filter(isTaken).length).toBeGreaterThan(4_000)
  })
})

const WHOLE = [
  '{"a":[1,{"b":"x"}],"c":null}',
  '[true,false,null,-0.5e+10,12.25,0]',
  String.raw`{"\u00e9":"\"\\\/\b\f\n\r\t\ud83d"}`,
  ' [ { } , [ ] , "" ]\n',
  '-120.5E-3',
  '"\u00e9\u2028\ud800"',
]
const PIECES = [
  ...Array.from('{}[]:,"\\/bfnrtux0123456789.-+eE \n\t\r\u0000\u001f\u007f\u00a0\ufeff\ud800'),
  ...[
    '',
    'true',
    'null',
    'fals',
    '"a"',
    '"a":',
    '1e',
    '00',
    '-',
    String.raw`\u12`,
    String.raw`\u12fg`,
    String.raw`\uD83D`,
    '[[',
    ']]',
  ],
]

function isTakenByParse(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
