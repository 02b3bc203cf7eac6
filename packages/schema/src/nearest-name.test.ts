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
