import { expect, test } from 'vitest'
import { createListCache } from './list-cache.ts'

test('a page is written once for all who see the same, and anew for others', async () => {
  const cache = createListCache()
  const [one, other] = [{}, {}]
  let written = 0
  const get = async (scope: object, variant: string) =>
    (await cache.get(scope, variant, async () => new Uint8Array(++written)))!.length
  const lengths: number[] = []
  for (const [scope, variant] of [
    [one, 'a'],
    [one, 'a'],
    [other, 'a'],
    [one, 'b'],
    [one, 'a'],
  ] as const)
    lengths.push(await get(scope, variant))
  expect(lengths).toEqual([1, 1, 2, 3, 1])
})

test('who asks while it is written gets the same, and what failed is tried again', async () => {
  const cache = createListCache()
  const scope = {}
  let tries = 0
  const encode = async () => {
    if (++tries === 1) throw new Error('not yet')
    return new Uint8Array(1)
  }
  const ask = () => cache.get(scope, 'a', encode)
  const both = await Promise.allSettled([ask(), ask()])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  const [first, second] = await Promise.all([ask(), ask()])
  expect(first).toBe(second)
  expect(tries).toBe(2)
})

test('a page that there is not is not kept', async () => {
  const cache = createListCache()
  const scope = {}
  let asked = 0
  const none = async () => void asked++ as undefined
  expect(await cache.get(scope, 'a', none)).toBeUndefined()
  expect(await cache.get(scope, 'a', none)).toBeUndefined()
  expect(asked).toBe(2)
})

test('what was used longest ago makes room', async () => {
  const cache = createListCache(100)
  const scope = {}
  const written: string[] = []
  const use = (variant: string) =>
    cache.get(scope, variant, async () => {
      written.push(variant)
      return new Uint8Array(40)
    })
  for (const variant of ['a', 'b', 'a', 'c', 'a', 'b']) await use(variant)
  expect(written).toEqual(['a', 'b', 'c', 'b'])
})
