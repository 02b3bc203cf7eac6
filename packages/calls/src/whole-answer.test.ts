import { LIMITS } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { callTool } from './call-tool.ts'
import { callOf } from './testing/call-once.ts'

const PNG = Buffer.from('iVBORw0KGgo=', 'base64')

async function readOf(
  type: string | undefined,
  body: string | Uint8Array,
  more: { status?: number; isPart?: boolean } = {},
) {
  return callTool({ ...callOf({}), reader: 'resource' }, {
    send: async () => ({
      status: 200,
      ...more,
      headers: type === undefined ? [] : [['content-type', type]],
      body: typeof body === 'string' ? Buffer.from(body) : body,
    }),
    openSecret: () => '',
    tokens: { get: async () => '', discard: () => false },
    intercept: async () => ({ outputText: '', logs: [] }),
    filter: async () => '',
    project: async () => '',
    faultOf: () => undefined,
  } as Parameters<typeof callTool>[1])
}

describe('B175 an answer that is read as a resource', () => {
  const rows = JSON.stringify(
    Array.from({ length: 5_000 }, (_, id) => ({ id, title: 'The same' })),
    null,
    1,
  )
  test.each<[string | undefined, string | Uint8Array, string, object]>([
    ['application/json; charset=utf-8', rows, 'application/json', { type: 'text', text: rows }],
    ['text/markdown', '# Hi', 'text/markdown', { type: 'text', text: '# Hi' }],
    [undefined, '{"a": 1}', 'application/json', { type: 'text', text: '{"a": 1}' }],
    [undefined, 'plain', 'text/plain', { type: 'text', text: 'plain' }],
    ['image/png', PNG, 'image/png', { type: 'image', data: 'iVBORw0KGgo=' }],
    ['application/pdf', PNG, 'application/pdf', { type: 'resource', resource: { blob: 'iVBORw0KGgo=' } }],
    ['text/plain', '', 'text/plain', { type: 'text', text: '' }],
  ])('of %s is given whole, as it is', async (type, body, mimeType, content) => {
    const outcome = await readOf(type, body)
    expect(outcome).toMatchObject({ ok: true, mimeType, content: [content] })
    expect(outcome).not.toHaveProperty('isPart')
  })

  test('of several parts is as many, each with its media type', async () => {
    const body = '--b\r\nContent-Type: text/csv\r\n\r\na,b\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--'
    expect(await readOf('multipart/mixed; boundary=b', body)).toMatchObject({
      content: [
        { resource: { mimeType: 'text/csv', text: 'a,b' } },
        { resource: { mimeType: 'image/png', blob: 'eA==' } },
      ],
    })
  })

  test('that is too large, or did not end, is refused: a part of a document is none', async () => {
    expect(await readOf('text/plain', 'x'.repeat(LIMITS.binaryBytes + 1))).toMatchObject({
      ok: false,
      kind: 'too-large',
    })
    expect(await readOf('text/plain', 'x', { isPart: true })).toMatchObject({ ok: false, kind: 'upstream' })
    expect(await readOf('text/plain', 'no', { status: 500 })).toMatchObject({
      ok: false,
      kind: 'upstream',
      status: 500,
    })
  })
})
