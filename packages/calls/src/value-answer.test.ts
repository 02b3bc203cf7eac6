import { expect, test } from 'vitest'
import type { ResponseBody } from './read-response.ts'
import { valueAnswer } from './value-answer.ts'

const about = { status: 200, mimeType: 'x/y' } as const
const shownTo = (answer: ResponseBody) => valueAnswer(answer).value

test.each<[string, ResponseBody, string]>([
  ['JSON', { ...about, headers: [], kind: 'json', text: '{"a":1.10}' }, '{"a":1.10}'],
  ['text', { ...about, headers: [], kind: 'text', text: 'a "b"' }, '"a \\"b\\""'],
  ['nothing', { ...about, headers: [], kind: 'empty' }, 'null'],
  ['bytes', { ...about, headers: [], kind: 'binary', bytes: Buffer.from([0, 1]) }, '"AAE="'],
])('B187 code is given %s whole', (_what, answer, json) => expect(shownTo(answer)?.json).toBe(json))

test('B135 of its headers what is said of the answer, and nothing that keeps a session', () => {
  const headers = [
    ['Location', '/a'],
    ['set-cookie', 'a=b'],
    ['x-total-count', '3'],
    ['server', 'x'],
  ] as const
  expect(shownTo({ ...about, headers, kind: 'empty' })?.headers).toEqual({ location: '/a', 'x-total-count': '3' })
})

test('B135 a header that stands several times has all its values', () => {
  const headers = [
    ['link', '</a>; rel=self'],
    ['link', '</b>; rel=next'],
  ] as const
  expect(shownTo({ ...about, headers, kind: 'empty' })?.headers).toEqual({ link: '</a>; rel=self, </b>; rel=next' })
})

test('B136 of a HEAD all that says something', () => {
  const headers = [
    ['docker-content-digest', 'sha256:ab'],
    ['set-cookie', 'a=b'],
    ['X-Subject-Token', 'abc'],
  ] as const
  const { value } = valueAnswer({ ...about, headers, kind: 'empty' }, true)
  expect(value?.headers).toEqual({ 'docker-content-digest': 'sha256:ab' })
})

test('B137 a part of a stream is an error that holds it, since code would take it for the whole', () => {
  const part: ResponseBody = { ...about, headers: [], kind: 'text', text: '{"n":1}\n', isPart: true }
  expect(() => valueAnswer(part)).toThrow(
    expect.objectContaining({ kind: 'upstream', status: 200, said: '"{\\"n\\":1}\\n"' }),
  )
})
