import { describe, expect, test } from 'vitest'
import { takeApart } from './take-apart.ts'

const parts = (body: string) => {
  const { fields, document } = takeApart(Buffer.from(body))
  return { fields, ...(document ? { document: Buffer.from(document).toString() } : {}) }
}

describe('the body of an import, taken apart beside the event loop', () => {
  test.each([
    [
      'a document and what is said of it',
      '{"text":"openapi: 3.1.0 é","enable":"all"}',
      { fields: { enable: 'all' }, document: 'openapi: 3.1.0 é' },
    ],
    ['an empty document', '{"text":""}', { fields: {}, document: '' }],
    ['none', '{"url":"https://a.example"}', { fields: { url: 'https://a.example' } }],
    ['a text that is no text is left to be refused', '{"text":1}', { fields: { text: 1 } }],
    ['no object is left to be refused', '["text"]', { fields: ['text'] }],
  ])('%s', (_what, body, want) => {
    expect(parts(body)).toEqual(want)
  })

  test('S20 a key that would reach prototypes is refused wherever it stands', () => {
    for (const body of [
      '{"text":"a","__proto__":{}}',
      '{"enable":{"constructor":{"prototype":{}}}}',
      '{"\\u005f_proto__":{}}',
    ])
      expect(() => parts(body)).toThrow(expect.objectContaining({ code: 'invalid-json' }))
  })

  test('what is no JSON is told with its place', () => {
    expect(() => parts('{"text":"a",}')).toThrow(
      expect.objectContaining({ detail: expect.stringContaining('Line 1, column 13') }),
    )
  })
})
