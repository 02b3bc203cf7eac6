import { expect, test } from 'vitest'
import { beginsWithVerb, readIntent } from './read-intent.ts'

test.each([
  ['please list the open pull requests', ['GET']],
  ['which repositories have I starred?', ['GET']],
  ['Remove an ingredient and retrieve the rest', ['DELETE']],
  ['create a new branch', ['POST']],
  ['merge a pull request', ['POST', 'PUT', 'PATCH']],
  ['open pull requests', ['POST']],
  ['pod logs', []],
])('%j is led by %j', (text, methods) => {
  const { leading } = readIntent(text)
  expect(methods.every((method) => leading.has(method))).toBe(true)
  if (methods.length === 0) expect([...leading]).toEqual([])
})

test('my things are those of the caller', () => {
  expect(readIntent('show my playlists').isOwn).toBe(true)
  expect(readIntent('show the playlists').isOwn).toBe(false)
})

test.each([
  ['delete the pod', true],
  ['kick the member', true],
  ['fats and sugars', false],
])('%j begins with a verb: %j', (text, does) => {
  expect(beginsWithVerb(text)).toBe(does)
})
