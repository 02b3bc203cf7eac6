import { describe, expect, test } from 'vitest'
import { bodyText, headerOf, openapi, requestFor, targetFor, withParameter } from './testing/read-one.ts'

describe('B18 a whole query string goes by its media type', () => {
  test.each([
    ['application/json', { a: 1, b: ['x&y'] }, '/x?%7B%22a%22%3A1%2C%22b%22%3A%5B%22x%26y%22%5D%7D'],
    ['application/x-www-form-urlencoded', { a: 1, b: ['x&y'] }, '/x?a=1&b=x%26y'],
    ['text/plain', 'a b&c', '/x?a%20b%26c'],
  ])('%s', (type, value, want) => {
    const parameter = { name: 'q', in: 'querystring', content: { [type]: { schema: {} } } }
    expect(targetFor(withParameter(parameter, '3.2.0'), { q: value })).toBe(want)
  })
})

test.each([
  ['a%2Fb', 'a%2Fb'],
  ['a/b%2fc', 'a/b%2fc'],
  ['100% %zz %2', '100%25%20%25zz%20%252'],
  ['%26=%0D', '%26=%0D'],
  ['&#+', '%26%23%2B'],
])('B22 B90 allowReserved lets what is percent-encoded in %j be', (value, want) => {
  const parameter = { name: 'q', in: 'query', allowReserved: true, schema: {} }
  expect(targetFor(withParameter(parameter), { q: value })).toBe(`/x?q=${want}`)
})

describe('B21 ranges of media types never go on the wire', () => {
  const sent = (content: object, args: Record<string, unknown>) => {
    const request = requestFor(openapi({ '/x': { post: { requestBody: { required: true, content } } } }), args)
    return { type: headerOf(request, 'content-type'), body: bodyText(request) }
  }
  const PNG = 'data:image/png;base64,AAAA'

  test.each<[string, unknown, string]>([
    ['image/*', PNG, 'image/png'],
    ['image/*', { data: 'AAAA', contentType: 'image/jpeg' }, 'image/jpeg'],
    ['image/*', { data: 'AAAA', contentType: 'text/html' }, 'application/octet-stream'],
    ['image/*', { data: 'AAAA', contentType: 'image/x\r\nx-evil: 1' }, 'application/octet-stream'],
    ['image/*', 'AAAA', 'application/octet-stream'],
    ['image/png', { data: 'AAAA', contentType: 'image/jpeg' }, 'image/png'],
    ['text/*', 'hello', 'text/plain'],
  ])('a body of %s given %j is %s', (type, body, want) => {
    expect(sent({ [type]: {} }, { body }).type).toBe(want)
  })

  test.each<[string, unknown, string]>([
    ['image/png, image/jpeg', { data: 'AAAA', contentType: 'image/jpeg' }, 'image/jpeg'],
    ['image/png, image/jpeg', { data: 'AAAA', contentType: 'image/gif' }, 'image/png'],
    ['image/*', PNG, 'image/png'],
    ['image/*', 'AAAA', 'application/octet-stream'],
  ])('a file of a form, encoded as %s and given %j, is %s', (contentType, f, want) => {
    const schema = { type: 'object', properties: { f: { type: 'string', format: 'binary' } } }
    const { body } = sent({ 'multipart/form-data': { schema, encoding: { f: { contentType } } } }, { f })
    expect(body).toContain(`\r\nContent-Type: ${want}\r\n`)
  })

  test('a part that is no file takes the first that can be written', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' }, b: { type: 'object' } } }
    const encoding = { a: { contentType: 'text/*, text/csv, text/html' }, b: { contentType: 'application/*' } }
    const { body } = sent({ 'multipart/form-data': { schema, encoding } }, { a: 'x', b: { c: 1 } })
    expect([...body!.matchAll(/Content-Type: (.*)\r/g)].map((match) => match[1])).toEqual([
      'text/csv',
      'application/json',
    ])
  })
})
