import { expect, test } from 'vitest'
import { parseFilter } from './parse-filter.ts'
import { runsInProcess } from './runs-in-process.ts'

const runs = (expression: string, body = '{"a":1}') => runsInProcess(parseFilter(expression), body)

test.each([
  'total',
  'a.b[0].c[-1]',
  'items[*].{id: id, name: name, owner: owner.login, tags: tags[].name}',
  'items[1:10].[id, name] | [0]',
  "items[?state == 'open' && !draft].{n: number, t: title}",
  'data.*.name[]',
  '{total: total, items: items[*].id}',
])('a plain projection of a small body does: %s', (expression) => {
  expect(runs(expression)).toBe(true)
})

test.each(['length(a)', 'a[*].{n: to_string(@)}', 'sort_by(a, &b)', 'a[?contains(b, `1`)]', '[keys(@)]'])(
  'a filter with functions does not: %s',
  (expression) => {
    expect(runs(expression)).toBe(false)
  },
)

test.each([
  '[@,@]|'.repeat(20),
  '[@,@].'.repeat(20),
  '[@,@][*].'.repeat(20),
  '{a:@,b:@}.*.'.repeat(20),
  '[@,@][].'.repeat(20),
  '[?@].[@,@]|'.repeat(20),
])('S26 a filter that repeats what it repeated does not: %s…', (repeat) => {
  expect(runs(`${repeat}[@,@]`)).toBe(false)
})

test('parts side by side are added, parts one inside the other multiplied', () => {
  const body = `[${'0,'.repeat(999)}0]`
  expect(runs(`[*].[${'@,'.repeat(40)}@]`, body)).toBe(true)
  expect(runs(`[${'@,'.repeat(40)}@]|[@,@,@,@]`, body)).toBe(false)
})

test('a long literal counts, for it may be written once for every value', () => {
  const literal = `\`"${'x'.repeat(1_000)}"\``
  expect(runs(`[*].[${literal}]`, '[1]')).toBe(true)
  expect(runs(`[*].[${literal}]`, `[${'0,'.repeat(99)}0]`)).toBe(false)
})

test('a body above 64 kB does not, nor one with too many values for the filter', () => {
  const text = (chars: number) => JSON.stringify('x'.repeat(chars - 2))
  expect(runs('@', text(64 * 1024))).toBe(true)
  expect(runs('@', text(64 * 1024 + 1))).toBe(false)
  expect(runs('[*].{a: a, b: b, c: c}', `[${'{},'.repeat(20_000)}{}]`)).toBe(false)
})
