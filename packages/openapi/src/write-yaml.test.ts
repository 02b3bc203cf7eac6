import { canonicalJson, parseJson } from '@sluice/schema'
import { expect, test } from 'vitest'
import { readYaml } from './read-yaml.ts'
import { writeYaml } from './write-yaml.ts'

const ODD = [
  ...[
    'no',
    'yes',
    'on',
    '~',
    'null',
    'true',
    '1.0',
    '0x1f',
    '0o7',
    '1e3',
    '1_000',
    '12:30:45',
    '2030-01-31',
    '<<',
    '=',
    '-',
    '?',
  ],
  ...[
    '',
    ' ',
    ' a',
    'a ',
    '#a',
    'a #b',
    'a: b',
    '*a',
    '&a',
    '!a',
    '|',
    '%a',
    '@a',
    '`a',
    '"',
    "'",
    '{a',
    '[a',
    '\t',
    '\u00A0',
    '\uFEFF',
  ],
  ...['a\nb', 'a\n', '\na', 'a\n\n', ' a\n b', 'a\r\nb', 'a\n\n\nb', '---', '...', '日本', '\u2028', '\u0085'],
]

test.each(ODD.map((text) => [text]))('%j is read as it was written, as a value and as a key', (text) => {
  const value = { [text]: text, list: [text], deep: { list: [{ text }] } }
  expect(readYaml(writeYaml(value)).tree).toEqual(value)
})

test('what YAML 1.1 takes for something else is quoted', () => {
  expect(writeYaml({ a: ['no', '1_000', '2030-01-31'] })).toBe("a:\n  - 'no'\n  - '1_000'\n  - '2030-01-31'\n")
})

test('numbers, booleans and nothing stay what they are', () => {
  const value = { a: 1, b: -0.5, c: true, d: null, e: [], f: {}, g: 1e21 }
  expect(readYaml(writeYaml(value)).tree).toEqual(value)
})

test.each([
  '12345678901234567890',
  '-0.10000000000000000001',
  '2.5e-300',
  '1000000000000000000000',
  `-1${'0'.repeat(400)}.5`,
])('B143 %s keeps its digits', (digits) => {
  const value = { a: parseJson(digits), list: [parseJson(digits)] }
  expect(writeYaml(value)).toBe(`a: ${digits}\nlist:\n  - ${digits}\n`)
  expect(canonicalJson(readYaml(writeYaml(value)).tree)).toBe(canonicalJson(value))
})

test('the order of keys is the given one, and long lines stay whole', () => {
  const text = `${'word '.repeat(100)}end`
  expect(writeYaml({ b: text, a: 1 })).toBe(`b: ${text}\na: 1\n`)
})
