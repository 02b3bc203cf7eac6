import { expect, test } from 'vitest'
import { nearestName } from './nearest-name.ts'

test.each([
  ['limt', 'limit'],
  ['pageSize', 'page_size'],
  ['Author', 'author'],
  ['zzz', undefined],
])('%s was probably meant as %s', (given, want) => {
  expect(nearestName(given, ['limit', 'page_size', 'author', 'q'])).toBe(want)
})

test.each([
  ['ab', ['ba', 'abc'], 'ba'],
  ['lsit_orders', ['list_order', 'list_orders'], 'list_orders'],
  ['get_order', ['get_orders', 'get-order', 'getOrder'], 'get-order'],
  ['orders_list', ['list_orders'], undefined],
  ['', ['a', 'b'], 'a'],
  ['schlüssel', ['schlussel'], 'schlussel'],
  ['x'.repeat(1_000_000), ['x'.repeat(48)], 'x'.repeat(48)],
])('%.20s among %j', (given, candidates, want) => expect(nearestName(given, candidates)).toBe(want))
