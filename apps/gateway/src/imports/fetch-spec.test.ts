import type { HeaderList, HttpRequest } from '@sluice/contract'
import { expect, test } from 'vitest'
import { fetchIfChanged } from './fetch-spec.ts'

const DATE = 'Wed, 25 Nov 2026 10:00:00 GMT'

function site(status: number, headers: HeaderList) {
  const asked: HttpRequest[] = []
  const send = async (request: HttpRequest) => {
    asked.push(request)
    return { status, headers, body: new Uint8Array([123]) }
  }
  return { asked, send: send as never }
}

test.each<[string, HeaderList, string | null]>([
  [
    'its entity tag',
    [
      ['ETag', 'W/"1"'],
      ['Last-Modified', DATE],
    ],
    'W/"1"',
  ],
  ['the date of its last change where it has no tag', [['Last-Modified', DATE]], DATE],
  ['nothing', [], null],
])('B16 a document is remembered by %s', async (_name, headers, validator) => {
  const fetched = await fetchIfChanged('https://x.test/o', null, [], site(200, headers).send, [])
  expect(fetched).toEqual({ bytes: new Uint8Array([123]), validator })
})

test.each([
  ['"1"', 'if-none-match'],
  ['W/"1"', 'if-none-match'],
  [DATE, 'if-modified-since'],
])('B16 what is remembered as %s is asked for again by %s', async (validator, name) => {
  const { asked, send } = site(304, [])
  expect(await fetchIfChanged('https://x.test/o', validator, [], send, [])).toBeUndefined()
  expect(asked[0]!.headers.filter(([key]) => key.startsWith('if-'))).toEqual([[name, validator]])
})
