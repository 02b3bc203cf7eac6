import { expect, test } from 'vitest'
import { createRoster } from './roster.ts'

test('a roster holds what entered and did not leave, whoever leaves first', () => {
  const roster = createRoster<string>()
  const leave = new Map(['a', 'b', 'c', 'd', 'e'].map((name) => [name, roster.enter(name)]))
  const there = () => roster.all().toSorted().join('')
  expect(there()).toBe('abcde')
  leave.get('b')!()
  expect(there()).toBe('acde')
  leave.get('b')!()
  expect(there()).toBe('acde')
  leave.get('e')!()
  leave.get('a')!()
  leave.get('a')!()
  expect(there()).toBe('cd')
  const again = roster.enter('f')
  leave.get('d')!()
  leave.get('c')!()
  expect(there()).toBe('f')
  again()
  expect(there()).toBe('')
})
