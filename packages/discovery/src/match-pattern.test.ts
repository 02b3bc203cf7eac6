import { expect, test } from 'vitest'
import { matchesPattern } from './match-pattern.ts'

test.each([
  ['/repos/{owner}/issues', '/repos/*/issues', true],
  ['/repos/{owner}/issues/{id}', '/repos/*/issues', false],
  ['List_Orders', 'list_*', true],
  ['list_orders', '*order*', true],
  ['aba', 'ab*ba', false],
  ['anything', '*', true],
  ['/pets', '/pets', true],
  ['/pets/1', '/pets', false],
  ['aXbXc', 'a*b*c', true],
])('%j fits %j: %j', (text, pattern, fits) => {
  expect(matchesPattern(text, pattern)).toBe(fits)
})

test('a pattern of a thousand stars takes no time', () => {
  expect(matchesPattern('a'.repeat(5_000), `${'*a'.repeat(500)}*b`)).toBe(false)
})
