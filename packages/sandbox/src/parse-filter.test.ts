import { expect, test } from 'vitest'
import { FilterSyntaxError } from './filter-syntax-error.ts'
import { parseFilter } from './parse-filter.ts'

function fault(expression: string): string {
  try {
    parseFilter(expression)
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error
    expect(error.message).toMatch(new RegExp(` at position ${error.position}$`))
    return error.message
  }
  throw new Error(`${expression} was accepted`)
}

test.each([
  'foo',
  '@',
  '*',
  'foo.bar[0].baz[-1]',
  'foo[*].{id: id, "a b": c.d}',
  'foo[1:10:2] | [0]',
  "foo[?a == 'x' && b > `1` || !c].[a, b]",
  'sort_by(foo, &bar.baz)[].length(@)',
  "'raw \\' string'",
  '`{"json": [1, 2]}`',
  '"quoted \\" \\\\ identifier"',
  'foo\n\t.bar',
  `${'!'.repeat(1_999)}a`,
])('accepts %s', (expression) => {
  expect(parseFilter(expression)).toHaveProperty('type')
})

test.each([
  ['', 'Something is missing at position 1'],
  ['foo.', 'Something is missing at position 5'],
  ['foo[', 'Something is missing at position 5'],
  ['foo[0:', 'Something is missing at position 7'],
  ['foo ||', 'Something is missing at position 7'],
  ['length(foo', 'Something is missing at position 11'],
  ['(foo.)', 'Unexpected ) at position 6'],
  ['foo.1', 'Unexpected 1 at position 5'],
  ['foo.[]', 'Unexpected [] at position 5'],
  ['foo bar', 'Unexpected bar at position 5'],
  ['foo | | bar', 'Unexpected | at position 7'],
  ['foo[0:a]', 'Unexpected a at position 7'],
  ['[:::]', 'Unexpected : at position 4'],
  ['foo[1:2:3:4]', 'Unexpected : at position 10'],
  ['foo[abc]', 'Unexpected abc at position 5'],
  ['{a: b, }', 'Unexpected } at position 8'],
  ['{a b}', 'Unexpected b at position 4'],
  ['[a,,b]', 'Unexpected , at position 4'],
  ['a.b[*].{x: y, z}', 'Unexpected } at position 16'],
  ['()', 'Unexpected ) at position 2'],
  ['foo[*](bar)', 'Unexpected ( at position 7'],
  ['"length"(@)', 'Unexpected ( at position 9'],
  ['foo EOF', 'Unexpected EOF at position 5'],
  ['foo#', 'Unexpected # at position 4'],
  ['foo = bar', 'Unexpected = at position 5'],
  ['foo-bar', 'Unexpected - at position 4'],
  ['foo.\u{1F600}', 'Unexpected \u{1F600} at position 5'],
  ['foo."bar', 'Unclosed " at position 5'],
  ["foo == 'bar", "Unclosed ' at position 8"],
  ['foo."\\x"', 'Invalid JSON in "\\x" at position 5'],
  ['foo == `[1,`', 'Invalid JSON in `[1,` at position 8'],
  ['foo | nope(@)', 'Unknown function nope() at position 7'],
  ['toString(@)', 'Unknown function toString() at position 1'],
  ['x'.repeat(2_001), 'More than 2000 characters at position 2001'],
  ['('.repeat(2_000), 'Something is missing at position 2001'],
])('B176 refuses "%s" with the place of the fault', (expression, message) => {
  expect(fault(expression)).toBe(message)
})
