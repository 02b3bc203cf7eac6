import { expect, test } from 'vitest'
import { stem, termsOf, wordsOf } from './words.ts'

test.each([
  ['getUserV2', ['get', 'user', 'v2']],
  ['HTTPServer_list', ['http', 'server', 'list']],
  ['/repos/{owner}/pulls', ['repos', 'owner', 'pulls']],
  ["the artist's albums", ['the', 'artist', 'albums']],
  ['Größe ändern', ['größe', 'ändern']],
  ['', []],
])('takes %j apart', (text, words) => {
  expect(wordsOf(text)).toEqual(words)
})

test.each([
  ['companies', 'company'],
  ['deploying', 'deployment'],
  ['stopped', 'stop'],
  ['boxes', 'box'],
  ['statuses', 'status'],
  ['releases', 'release'],
])('%s and %s are one', (one, other) => {
  expect(stem(one)).toBe(stem(other))
})

test.each([
  ['user', 'use'],
  ['author', 'auth'],
  ['process', 'processor'],
])('%s and %s keep apart where a stem would be too short', (one) => {
  expect(stem(one).length).toBeGreaterThanOrEqual(3)
})

test('leaves out what says nothing', () => {
  expect(termsOf('Could you please list all of the pods in it?')).toEqual(['list', 'pod'])
})
