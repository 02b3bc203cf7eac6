import { describe, expect, test } from 'vitest'
import { bodyText, definitionOf, headerOf, openapi, read, requestFor } from './testing/read-one.ts'

const O = { type: 'object', properties: { a: { type: 'string' } } }
const told = (document: object) => read(document).diagnostics.map(({ code, pointer }) => `${code} ${pointer}`)
const at = (index: number) => `/paths/~1x/post/parameters/${index}`

describe('B2 B11 a body that OpenAPI 3 writes as Swagger 2.0 did is read, and that is said', () => {
  const sent = (post: object, args: Record<string, unknown>, more: object = {}) => {
    const request = requestFor(openapi({ '/x': { post, ...more } }), args)
    return [headerOf(request, 'content-type')?.split(';')[0], bodyText(request)]
  }

  test('as a whole', () => {
    const post = { parameters: [{ in: 'body', name: 'b', required: true, schema: O }] }
    expect(told(openapi({ '/x': { post } }))).toEqual([`parameter-body ${at(0)}`])
    expect(sent(post, { a: 'x' })).toEqual(['application/json', '{"a":"x"}'])
    expect(sent({ ...post, consumes: ['application/xml'] }, { a: 'x' })[0]).toBe('application/xml')
  })

  test('field by field, with and without a schema of its own', () => {
    const parameters = [
      { in: 'formData', name: 'a', required: true, schema: { type: 'string', maxLength: 3 } },
      { in: 'formData', name: 'b', type: 'integer' },
    ]
    expect(told(openapi({ '/x': { post: { parameters } } }))).toEqual([
      `parameter-body ${at(0)}`,
      `parameter-body ${at(1)}`,
    ])
    expect(definitionOf(openapi({ '/x': { post: { parameters } } })).operation.inputSchema).toMatchObject({
      properties: { a: { type: 'string', maxLength: 3 }, b: { type: 'integer' } },
      required: ['a'],
    })
    expect(sent({ parameters }, { a: 'x y', b: 1 })).toEqual(['application/x-www-form-urlencoded', 'a=x+y&b=1'])
  })

  test('a file', () => {
    const parameters = [{ in: 'formData', name: 'f', schema: { type: 'file' } }]
    expect(sent({ parameters }, { f: 'aGk=' })).toEqual([
      'multipart/form-data',
      expect.stringContaining('\r\n\r\nhi\r\n'),
    ])
  })

  test('that of a path, unless the operation has one', () => {
    const shared = { parameters: [{ in: 'body', name: 'b', schema: O }] }
    expect(sent({}, { a: 'x' }, shared)).toEqual(['application/json', '{"a":"x"}'])
    const own = { parameters: [{ in: 'body', name: 'c', schema: { type: 'object', properties: { z: {} } } }] }
    expect(sent(own, { z: 1 }, shared)).toEqual(['application/json', '{"z":1}'])
  })

  test('beside a `requestBody` it is left out', () => {
    const requestBody = { content: { 'application/json': { schema: O } } }
    const post = { requestBody, parameters: [{ in: 'formData', name: 'f', schema: { type: 'string' } }] }
    expect(told(openapi({ '/x': { post } }))).toEqual([`parameter-invalid ${at(0)}`])
    expect(sent(post, { a: 'x' })).toEqual(['application/json', '{"a":"x"}'])
  })
})
