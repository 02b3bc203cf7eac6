import { expect, test } from 'vitest'
import { createBoundedMap } from './bounded-map.ts'

const held = (map: { values(): Iterable<number> }) => [...map.values()]

test('what was used longest ago makes room, and that is told', () => {
  let dropped = 0
  const map = createBoundedMap<number>({ mostEntries: 2, dropped: () => dropped++ })
  map.set('a', 1)
  map.set('b', 2)
  expect(map.get('a')).toBe(1)
  map.set('c', 3)
  expect([held(map), map.get('b'), dropped]).toEqual([[1, 3], undefined, 1])
  map.set('a', 4)
  expect([held(map), dropped]).toEqual([[3, 4], 1])
})

test('so much makes room as a heavy value needs, and what is put or taken away is weighed once', () => {
  const map = createBoundedMap<number>({ mostEntries: 100, mostWeight: 10, weigh: (value) => value })
  for (const [key, value] of Object.entries({ a: 3, b: 3, c: 4 })) map.set(key, value)
  expect(held(map)).toEqual([3, 3, 4])
  map.set('d', 5)
  expect(held(map)).toEqual([4, 5])
  map.set('d', 6)
  expect(held(map)).toEqual([4, 6])
  map.delete('d')
  map.delete('d')
  map.set('e', 6)
  expect(held(map)).toEqual([4, 6])
  map.set('huge', 11)
  expect(held(map)).toEqual([])
  map.set('f', 10)
  expect(held(map)).toEqual([10])
})
