import { expect, test } from 'vitest'
import { compareValues } from './compare-values.ts'

const values = (of: Record<string, unknown>) => new Map(Object.entries(of))

test('what differs is told setting by setting, at its file and pointer', () => {
  const before = values({ 'a.yaml': { tools: { 'x/y': { enabled: true, tags: ['a', 'b'] }, gone: {} } }, 'b.yaml': {} })
  const after = values({ 'a.yaml': { tools: { 'x/y': { enabled: false, tags: ['b', 'a'] } } }, 'c.yaml': { new: 1 } })
  expect(compareValues(before, after)).toEqual([
    { change: 'changed', path: 'a.yaml', pointer: '/tools/x~1y/enabled', before: true, after: false },
    { change: 'changed', path: 'a.yaml', pointer: '/tools/x~1y/tags', before: ['a', 'b'], after: ['b', 'a'] },
    { change: 'removed', path: 'a.yaml', pointer: '/tools/gone', before: {} },
    { change: 'removed', path: 'b.yaml', pointer: '', before: {} },
    { change: 'added', path: 'c.yaml', pointer: '', after: { new: 1 } },
  ])
})

test('the order of keys is no difference', () => {
  expect(
    compareValues(values({ a: { b: 1, c: [{ d: 1, e: 2 }] } }), values({ a: { c: [{ e: 2, d: 1 }], b: 1 } })),
  ).toEqual([])
})
