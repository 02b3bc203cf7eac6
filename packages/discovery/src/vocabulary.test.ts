import { nearestName } from '@sluice/schema'
import { expect, test } from 'vitest'
import { createVocabulary } from './vocabulary.ts'

const uses = (counts: Readonly<Record<string, number>>) =>
  new Map(
    Object.entries(counts).map(([term, count]) => [term, { tools: Array.from({ length: count }, (_, at) => at) }]),
  )
const all = () => true

test('of two as near, what more tools have is meant', () => {
  expect(createVocabulary(uses({ dept: 2, delet: 90 })).nearest('delt', all)).toBe('delet')
  expect(createVocabulary(uses({ dept: 90, delet: 2 })).nearest('delt', all)).toBe('dept')
})

test('what is not accepted is not told', () => {
  expect(createVocabulary(uses({ dept: 2, delet: 90 })).nearest('delt', (term) => term !== 'delet')).toBe('dept')
})

test('what is short, or of other letters than a to z, is near to nothing', () => {
  const vocabulary = createVocabulary(uses({ ab: 1, abc: 1, größe: 1 }))
  expect([vocabulary.nearest('ad', all), vocabulary.nearest('grösse', all)]).toEqual([undefined, undefined])
})

test('whatever is near to a term is found: as near as where every one is looked at closely', () => {
  const letters = 'aabcdeeist7'
  let seed = 7
  const random = (below: number) => {
    seed = (seed * 48_271) % 0x7fffffff
    return seed % below
  }
  const word = () => Array.from({ length: 3 + random(9) }, () => letters[random(letters.length)]).join('')
  const terms = [...new Set(Array.from({ length: 400 }, word))]
  const vocabulary = createVocabulary(uses(Object.fromEntries(terms.map((term) => [term, 1]))))
  for (const asked of Array.from({ length: 300 }, word)) {
    expect(vocabulary.nearest(asked, all) === undefined, asked).toBe(nearestName(asked, terms) === undefined)
  }
})
