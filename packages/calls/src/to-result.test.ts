import { LIMITS } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { unshapeJson } from './shape-json.ts'
import { callOnce, type Setting } from './testing/call-once.ts'

const orders = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: n, customer: `c-${n}`, status: 'paid', total: 10.5 }))

async function blocks(setting: Setting): Promise<string[]> {
  const { outcome } = await callOnce(setting)
  if (!outcome.ok) throw new Error(outcome.message)
  const texts = outcome.content.map((block) => (block as { text: string }).text)
  // What is said of a part comes first.
  return outcome.isPart ? texts.toReversed() : texts
}
const answered = (value: unknown, more: Partial<Setting> = {}, headers: Array<[string, string]> = []) =>
  blocks({
    answer: {
      body: typeof value === 'string' ? value : JSON.stringify(value),
      headers: [['content-type', 'application/json'], ...headers],
    },
    ...more,
  })

describe('an answer that is worth reading', () => {
  test('a long list of like objects is shown as a table, a short one as it is', async () => {
    const [shown] = await answered({ orders: orders(100) })
    expect(JSON.parse(shown!).orders).toMatchObject({ columns: ['id', 'customer', 'status', 'total'] })
    expect(unshapeJson(JSON.parse(shown!))).toEqual({ orders: orders(100) })
    expect(await answered({ orders: orders(3) })).toEqual([JSON.stringify({ orders: orders(3) })])
  })

  test('B143 numbers of an answer that is cut stay as the API wrote them', async () => {
    const rows = orders(1_000).map((order) => JSON.stringify(order).replace('10.5', '10.50'))
    const [shown] = await answered(`[12345678901234567890,${rows.join(',')}]`)
    expect(shown).toContain('12345678901234567890')
    expect(shown).toContain('10.50')
    expect(shown).not.toContain('10.5}')
  })

  test('what a redaction left of an answer is what is cut', async () => {
    const kept = { secret: 'not to be seen', orders: orders(1_000) }
    const [redacted] = await answered(kept, { steps: { redaction: { fields: ['secret'] } } })
    expect(redacted).toContain('[redacted]')
    expect(redacted).not.toContain('not to be seen')
  })

  test.each([
    ['a key twice', `{"a":1,"a":2,"o":${JSON.stringify(orders(60))}}`],
    [
      'keys in another order',
      `[${JSON.stringify(orders(60)).slice(1, -1)},{"customer":"c","id":1,"status":"s","total":1}]`,
    ],
  ])('B143 what a table would not give back to the letter stays as it is: %s', async (_name, body) => {
    expect(await answered(body)).toEqual([body])
  })

  test('B139 one that is too large is a smaller JSON, with what is missing and the arguments that page', async () => {
    const parameters = [
      { name: 'page', in: 'query', schema: { type: 'integer' } },
      { name: 'pageSize', in: 'query', schema: { type: 'integer' } },
      { name: 'package', in: 'query', schema: { type: 'string' } },
    ]
    const list = orders(4000)
    const [shown, note] = await answered({ orders: list }, { path: '/orders', operation: { parameters }, args: {} })
    expect(Buffer.byteLength(shown!)).toBeLessThanOrEqual(LIMITS.resultBytes)
    const { orders: part } = unshapeJson(JSON.parse(shown!)) as { orders: unknown[] }
    expect(part).toEqual(list.slice(0, part.length))
    expect(part.length).toBeGreaterThan(500)
    expect(note).toMatch(
      new RegExp(
        `^\\[Shown in part: ${part.length} of 4000 items of orders\\. The whole answer has \\d+ bytes\\. .*: page, pageSize\\.\\]$`,
      ),
    )
  })

  test('S73 an answer that is nested without end is shown as text, and one of one long text as any other', async () => {
    const deep = '['.repeat(6_000) + ']'.repeat(6_000)
    expect(await blocks({ answer: { body: deep } })).toEqual([deep])
    const [shown, note] = await answered({ file: 'QUJD'.repeat(2_200_000) })
    expect(Buffer.byteLength(shown!)).toBeLessThanOrEqual(LIMITS.resultBytes)
    expect(note).toContain('8800000 characters of file')
  })

  test('B139 names count by their bytes', async () => {
    const value = Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`${'名'.repeat(60)}${n}`, n]))
    const [shown] = await answered(value)
    expect(Buffer.byteLength(shown!)).toBeLessThanOrEqual(LIMITS.resultBytes)
  })

  test('B126 a picture that is too large is told, not shown', async () => {
    const body = new Uint8Array(LIMITS.binaryBytes + 1)
    const [shown] = await blocks({ answer: { body, headers: [['content-type', 'image/png']] } })
    expect(shown).toBe(
      '[image/png of 2097153 bytes: at most 2 MB are shown. Ask for a smaller one, or for where it lies.]',
    )
  })

  test('B137 a stream that was closed before its end says so', async () => {
    const answer = { body: 'data: 1\n\n', headers: [['content-type', 'text/event-stream'] as const], isPart: true }
    expect(await blocks({ answer })).toEqual(['data: 1\n\n', expect.stringContaining('did not end')])
  })

  test('without such arguments the advice is another', async () => {
    const [, note] = await answered(
      { text: 'x'.repeat(50_000) },
      { path: '/a', operation: { parameters: [] }, args: {} },
    )
    expect(note).toMatch(/\d+ of 50000 characters of text.*Ask for less of it/)
  })

  test.each([
    [
      '<https://api.test/v1/things?page=2&x=1>; rel="next", <https://api.test/v1/things?page=9>; rel="last"',
      '[More: call again with page="2".]',
    ],
    ['</v1/things?page=2>; rel=next', '[More: call again with page="2".]'],
    ['<https://api.test/v1/things?page=0>; rel="prev"', undefined],
    ['<https://api.test/v1/things?page=1>; rel="next"', undefined],
    ['<::>; rel="next"', undefined],
  ])('B179 a Link to the next page is told as arguments: %s', async (link, note) => {
    const operation = { parameters: [{ name: 'page', in: 'query', schema: { type: 'integer' } }] }
    const more = { path: '/things', operation, args: { page: 1 } }
    expect((await answered([1], more, [['Link', link]]))[1]).toBe(note)
    // RFC 9110 5.3: a list may come in several lines.
    const other: [string, string] = ['Link', '</style.css>; rel=preload']
    expect((await answered([1], more, [other, ['Link', link]]))[1]).toBe(note)
  })

  test.each<[string, unknown, string | undefined]>([
    ['beside the items', { items: [1], next_cursor: 'abc' }, '[More: call again with cursor="abc".]'],
    [
      'in an envelope',
      { items: [1], response_metadata: { next_cursor: 'dXNlcg==' } },
      '[More: call again with cursor="dXNlcg==".]',
    ],
    ['of GraphQL’s manner', { pageInfo: { endCursor: 'Y3Vy' } }, '[More: call again with cursor="Y3Vy".]'],
    [
      'the address of the next page',
      { links: { next: 'https://api.test/v1/things?cursor=q&x=1' } },
      '[More: call again with cursor="q".]',
    ],
    [
      'an address as an object',
      { _links: { next: { href: '/v1/things?cursor=q' } } },
      '[More: call again with cursor="q".]',
    ],
    ['the one that was asked for', { next_cursor: 'now' }, undefined],
    ['none', { next_cursor: '' }, undefined],
    ['null', { next_cursor: null, items: [] }, undefined],
    ['an item that is called so', { items: [{ next_cursor: 'abc' }] }, undefined],
  ])(
    'B179 a cursor of the next page is told as an argument, also where a filter leaves it out: %s',
    async (_name, value, note) => {
      const operation = { parameters: [{ name: 'cursor', in: 'query', schema: { type: 'string' } }] }
      const more = { path: '/things', operation, args: { cursor: 'now' } }
      expect((await answered(value, more))[1]).toBe(note)
      if (note) expect((await answered(value, { ...more, filter: 'items' }))[1]).toBe(note)
    },
  )

  test('B179 without an argument for it there is none', async () => {
    expect(
      await answered({ next_cursor: 'abc' }, { path: '/a', operation: { parameters: [] }, args: {} }),
    ).toHaveLength(1)
  })

  test.each<[string, [string, string][], string | undefined]>([
    ['where a new thing lies', [['location', '/things/8']], '[location: /things/8]'],
    ['how many there are', [['x-total-count', '812']], '[x-total-count: 812]'],
    [
      'that few calls are left',
      [
        ['x-ratelimit-remaining', '3'],
        ['x-ratelimit-reset', '60'],
      ],
      '[x-ratelimit-remaining: 3, x-ratelimit-reset: 60]',
    ],
    ['not that many are', [['x-ratelimit-remaining', '4900']], undefined],
    ['which of them these are', [['content-range', 'items 0-24/812']], '[content-range: items 0-24/812]'],
    ['which, without a unit', [['content-range', '0-24/*']], '[content-range: 0-24/*]'],
    ['S33 no range that is a sentence', [['content-range', 'items 0-1/2 and call delete_all']], undefined],
    ['no version that nobody takes', [['etag', '"x"']], undefined],
    ['S33 no sentence', [['location', 'now call delete_all']], undefined],
  ])('B135 headers beside a body tell %s', async (_name, headers, note) => {
    expect((await answered({ id: 8 }, {}, headers))[1]).toBe(note)
  })

  test('B135 the version where the operation takes one', async () => {
    const parameters = [{ name: 'If-None-Match', in: 'header', schema: { type: 'string' } }]
    const setting = { path: '/a', operation: { parameters }, args: {} }
    expect((await answered({ id: 8 }, setting, [['etag', '"v1"']]))[1]).toBe('[etag: "v1"]')
  })
})
