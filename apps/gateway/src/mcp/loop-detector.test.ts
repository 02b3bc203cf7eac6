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

test('what it remembers is bounded', () => {
  const detector = createLoopDetector(60, () => 0)
  for (let n = 0; n < 60; n++) detector.count('k', 't', 'first')
  for (let n = 0; n < 5_000; n++) detector.count('k', 't', n)
  expect(detector.count('k', 't', 'first')).toBeUndefined()
})

test('where it is turned off it counts nothing', () => {
  const detector = createLoopDetector(0)
  for (let n = 0; n < 200; n++) expect(detector.count('k', 't', 1)).toBeUndefined()
})
