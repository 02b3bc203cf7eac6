import { expect, test } from 'vitest'
import { createListCache } from './list-cache.ts'

const pages = (bytes: number) => new Map([['', new Uint8Array(bytes)]])

test('a list is written once for all who see the same, and anew for others', () => {
  const cache = createListCache()
  const [one, other] = [{}, {}]
  let written = 0
  const encode = () => pages(++written)
  const get = (scope: object, variant: string) => cache.get(scope, variant, encode).get('')!.length
  expect([get(one, 'a'), get(one, 'a'), get(other, 'a'), get(one, 'b'), get(one, 'a')]).toEqual([1, 1, 2, 3, 1])
})

test('what was used longest ago makes room', () => {
  const cache = createListCache(100)
  const scope = {}
  const written: string[] = []
  const use = (variant: string) =>
    cache.get(scope, variant, () => {
      written.push(variant)
      return pages(40)
    })
  for (const variant of ['a', 'b', 'a', 'c', 'a', 'b']) use(variant)
  expect(written).toEqual(['a', 'b', 'c', 'b'])
})
