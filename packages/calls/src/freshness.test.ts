import type { HeaderList, HttpResponse } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { conditionsOf, freshMsOf, renewed } from './freshness.ts'

type Headers = Record<string, string | string[]>

function answer(headers: Headers, more: Partial<HttpResponse> = {}): HttpResponse {
  const pairs = Object.entries(headers).flatMap(([name, values]) => [values].flat().map((one) => [name, one] as const))
  return { status: 200, headers: pairs, body: Buffer.from('{}'), ...more }
}

const NEVER = undefined
const DATE = 'Thu, 26 Nov 2026 10:00:00 GMT'

describe('how long an answer may be used without asking again, in seconds', () => {
  test.each<[string, Headers, number | undefined]>([
    ['the API says nothing', {}, Number.POSITIVE_INFINITY],
    ['max-age', { 'cache-control': 'public, max-age=60' }, 60],
    ['names in any case, values in quotes, blanks between', { 'Cache-Control': 'Public , MAX-AGE = "60"' }, 60],
    ['an age so far', { 'cache-control': 'max-age=60', age: '45' }, 15],
    ['an age that is past it', { 'cache-control': 'max-age=60', age: '60' }, NEVER],
    ['private: the credential is in the key', { 'cache-control': 'private, max-age=60' }, 60],
    ['the shorter of two', { 'cache-control': ['max-age=60', 's-maxage=10'] }, 10],
    ['the shorter of one said twice', { 'cache-control': 'max-age=60, max-age=5' }, 5],
    ['what is no number', { 'cache-control': 'max-age=soon' }, NEVER],
    ['a negative one', { 'cache-control': 'max-age=-1' }, NEVER],
    ['one that counts years', { 'cache-control': `max-age=${'9'.repeat(400)}`, age: '1' }, Number.POSITIVE_INFINITY],
    ['one inside the text of another directive', { 'cache-control': 'x="max-age=0, no-store", max-age=60' }, 60],
    ['a text that is never closed hides nothing', { 'cache-control': 'x="a, no-store' }, NEVER],
    ['Expires', { date: DATE, expires: 'Thu, 26 Nov 2026 10:01:00 GMT' }, 60],
    ['max-age before Expires', { 'cache-control': 'max-age=60', date: DATE, expires: DATE }, 60],
    ['Expires in the past', { date: DATE, expires: 'Thu, 19 Nov 1981 08:52:00 GMT' }, NEVER],
    ['Expires that is no date', { expires: '0' }, NEVER],
    ['Expires that is none, without a date', { expires: '-1' }, NEVER],
    ['S60 no-store', { 'cache-control': 'no-store' }, NEVER],
    ['S60 no-store among others, in a second header', { 'cache-control': ['max-age=60', 'No-Store'] }, NEVER],
    ['S60 no-store wins over a validator', { 'cache-control': 'no-store', etag: '"a"' }, NEVER],
    ['S60 what sets a cookie', { 'set-cookie': 'sid=1', 'cache-control': 'max-age=60', etag: '"a"' }, NEVER],
    ['Vary: *', { vary: ['accept', 'x, *'] }, NEVER],
    ['Vary by what is in the key', { vary: 'accept, authorization', 'cache-control': 'max-age=60' }, 60],
    ['no-cache without a validator is of no use', { 'cache-control': 'no-cache, max-age=60' }, NEVER],
    ['no-cache with one is asked about each time', { 'cache-control': 'no-cache, max-age=60', etag: '"a"' }, 0],
    ['max-age=0 with one too', { 'cache-control': 'max-age=0', 'last-modified': DATE }, 0],
  ])('%s', (_name, headers, seconds) => {
    const want = seconds === undefined ? undefined : seconds * 1000
    expect(freshMsOf(answer(headers))).toBe(want)
  })

  test.each([201, 202, 205, 206, 301, 304, 400, 401, 404, 429, 500, 503])('S60 an answer of %i is not kept', (status) =>
    expect(freshMsOf(answer({ 'cache-control': 'max-age=60', etag: '"a"' }, { status }))).toBeUndefined(),
  )
  test.each([200, 203, 204])('an answer of %i is', (status) =>
    expect(freshMsOf(answer({}, { status }))).toBeGreaterThan(0),
  )
  test('a stream that was closed before its end is not kept', () =>
    expect(freshMsOf(answer({}, { isPart: true }))).toBeUndefined())
})

test.each<[string, Headers, HeaderList]>([
  ['an ETag', { ETag: 'W/"a"' }, [['if-none-match', 'W/"a"']]],
  ['a date', { 'last-modified': DATE }, [['if-modified-since', DATE]]],
  [
    'both',
    { etag: '"a"', 'last-modified': DATE },
    [
      ['if-none-match', '"a"'],
      ['if-modified-since', DATE],
    ],
  ],
  ['neither', {}, []],
  ['what could not be sent as it is', { etag: '"a\u0080"', 'last-modified': 'a\r\nb: c' }, []],
  ['what is too long to send', { etag: `"${'a'.repeat(1000)}"` }, []],
])('the API is asked by %s', (_name, headers, want) => expect(conditionsOf(answer(headers).headers)).toEqual(want))

describe('an answer that is still right', () => {
  const kept = {
    response: answer({ etag: '"a"', age: '50', 'content-type': 'text/plain', 'x-left': '9', 'x-same': '1' }),
    at: [0],
    freshMs: 0,
  }
  const told = (headers: Headers) => renewed(kept, answer(headers, { status: 304, body: Buffer.alloc(0) }))

  test('keeps its status, body and type, and has what else is new', () => {
    const news = { ETag: '"a"', 'X-Left': '8', 'content-type': 'text/html', 'content-length': '0' }
    expect(told(news)).toEqual({
      status: 200,
      headers: [
        ['content-type', 'text/plain'],
        ['x-same', '1'],
        ['ETag', '"a"'],
        ['X-Left', '8'],
      ],
      body: kept.response.body,
    })
  })
  test.each<[string, Headers, boolean]>([
    ['names none', {}, true],
    ['names it weakly', { etag: 'W/"a"' }, true],
    ['names another', { etag: '"b"' }, false],
  ])('a 304 that %s', (_name, headers, isRight) => expect(told(headers) !== undefined).toBe(isRight))
})
