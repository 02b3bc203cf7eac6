import { expect, test } from 'vitest'
import { createLoopDetector } from './loop-detector.ts'

test('S73 the same call is one too many after sixty in a minute, and well again in the next', () => {
  let time = 0
  const detector = createLoopDetector(60, () => time)
  const call = (args: unknown = { a: 1 }, caller = 'k', tool = 't') => detector.count(caller, tool, args)
  for (let n = 0; n < 60; n++) expect(call()).toBeUndefined()
  expect(call()).toBe(61)
  expect([call({ a: 2 }), call({ a: 1 }, 'other'), call({ a: 1 }, 'k', 'other')]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  expect(call()).toBe(62)
  time = 60_000
  expect(call()).toBeUndefined()
})

test('what it remembers is bounded: what was called five thousand others ago is known still, ten thousand ago no more', () => {
  const detector = createLoopDetector(60, () => 0)
  const others = (from: number) => {
    for (let n = 0; n < 5_000; n++) detector.count('k', 't', from + n)
  }
  for (let n = 0; n < 60; n++) detector.count('k', 't', 'first')
  others(0)
  expect(detector.count('k', 't', 'first')).toBe(61)
  others(10_000)
  expect(detector.count('k', 't', 'first')).toBe(62)
  others(20_000)
  others(30_000)
  expect(detector.count('k', 't', 'first')).toBeUndefined()
})

test('where it is turned off it counts nothing', () => {
  const detector = createLoopDetector(0)
  for (let n = 0; n < 200; n++) expect(detector.count('k', 't', 1)).toBeUndefined()
})
