import { checkSchema } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import { fillPlaceholder } from './fill-placeholder.ts'
import {
  bodyText,
  definitionOf,
  headerOf,
  openapi,
  read,
  requestFor,
  targetFor,
  withParameter,
} from './testing/read-one.ts'

const POINT = {
  type: 'object',
  properties: { x: { type: 'integer', xml: { attribute: true } }, y: { type: 'string' } },
}
const XML = '<?xml version="1.0" encoding="UTF-8"?>'
const codes = (document: object) => read(document).diagnostics.map(({ code, pointer }) => `${code} ${pointer}`)

describe('B66 B94 a parameter with content is written in its media type', () => {
  const sent = (type: string, media: object, value: unknown) => {
    const document = withParameter({ name: 'q', in: 'query', content: { [type]: media } })
    expect(checkSchema(definitionOf(document).operation.inputSchema, { q: value })).toEqual([])
    expect(codes(document)).toEqual([])
    return decodeURIComponent(targetFor(document, { q: value }).slice('/x?q='.length))
  }
  const form = 'application/x-www-form-urlencoded'

  test.each<[string, object, unknown, string]>([
    ['application/json', { schema: POINT }, { x: 1 }, '{"x":1}'],
    ['application/vnd.x+json; v=1', { schema: { type: 'string' } }, 'a', '"a"'],
    ['application/json', { schema: { type: 'string', contentMediaType: 'application/json' } }, '{"a":1}', '{"a":1}'],
    ['application/xml', { schema: POINT }, { x: 1, y: 'a<b' }, `${XML}<q x="1"><y>a&lt;b</y></q>`],
    ['application/xml', { schema: { ...POINT, xml: { name: 'Point' } } }, { y: 'z' }, `${XML}<Point><y>z</y></Point>`],
    ['text/xml', { schema: { type: 'string' } }, '<a/>', '<a/>'],
    [form, { schema: POINT }, { x: 1, y: 'a b&c' }, 'x=1&y=a+b%26c'],
    [form, { schema: {}, encoding: { l: { explode: false } } }, { l: [1, 2] }, 'l=1,2'],
    ['application/x-ndjson', { schema: { type: 'array' } }, [{ a: 1 }, 2], '{"a":1}\n2\n'],
    ['text/csv', { schema: { type: 'string' } }, 'a,b', 'a,b'],
    ['text/plain', { schema: { type: 'integer' } }, 5, '5'],
    ['*/*', { schema: { type: 'string' } }, 'a', 'a'],
  ])('%s of %j given %j', (type, media, value, want) => expect(sent(type, media, value)).toBe(want))

  test.each(['text/csv', 'text/plain', 'multipart/form-data', 'image/png'])(
    'an object as %s is taken as the very text, and that is said',
    (type) => {
      const document = withParameter({ name: 'q', in: 'query', content: { [type]: { schema: POINT } } })
      expect(codes(document)).toEqual([
        `content-type-unwritten /paths/~1x/get/parameters/0/content/${type.replace('/', '~1')}/schema`,
      ])
      expect(definitionOf(document).operation.inputSchema).toMatchObject({ properties: { q: { type: 'string' } } })
      expect(targetFor(document, { q: 'x,y' })).toBe('/x?q=x%2Cy')
    },
  )

  test('an object where nothing is described is refused as CSV, before anything is sent', () => {
    const document = withParameter({ name: 'q', in: 'query', content: { 'text/csv': {} } })
    expect(() => targetFor(document, { q: { a: 1 } })).toThrow(/q is written as text\/csv/)
  })

  test('B97 B99 JSON in a header is written in characters that a header can hold', () => {
    const document = withParameter({ name: 'X-Arg', in: 'header', content: { 'application/json': { schema: {} } } })
    expect(headerOf(requestFor(document, { 'X-Arg': { n: 'é☃😀' } }), 'x-arg')).toBe(
      '{"n":"\\u00e9\\u2603\\ud83d\\ude00"}',
    )
  })

  test('B96 a whole query string that is XML has its shape', () => {
    const content = { 'application/xml': { schema: { ...POINT, xml: { name: 'P' } } } }
    const target = targetFor(withParameter({ name: 'q', in: 'querystring', content }, '3.2.0'), { q: { x: 1 } })
    expect(decodeURIComponent(target)).toBe(`/x?${XML}<P x="1"></P>`)
  })
})

const body = (type: string, properties: object, encoding: object, more: object = {}) =>
  openapi(
    { '/x': { post: { requestBody: { content: { [type]: { schema: { type: 'object', properties }, encoding } } } } } },
    more,
  )

describe('B111 a part is written in the media type of its encoding', () => {
  const sent = (field: object, contentType: string, value: unknown, more: object = {}) => {
    const document = body('multipart/form-data', { f: field }, { f: { contentType } }, more)
    expect(checkSchema(definitionOf(document).operation.inputSchema, { f: value })).toEqual([])
    expect(codes(document)).toEqual([])
    const text = bodyText(requestFor(document, { f: value }))!
    return [...text.matchAll(/Content-Type: (.*)\r\n\r\n(.*?)\r\n--/gs)].map(
      ([, type, content]) => `${type}: ${content}`,
    )
  }
  const schemas = { Point: POINT }
  const $ref = '#/components/schemas/Point'

  test.each<[object, string, unknown, string[]]>([
    [{ type: 'string' }, 'application/json', 'a "b"', ['application/json: "a \\"b\\""']],
    [
      { type: 'string', contentMediaType: 'application/json' },
      'application/json',
      '{"a":1}',
      ['application/json: {"a":1}'],
    ],
    [{ type: 'array', items: { type: 'string' } }, 'application/json', ['a'], ['application/json: "a"']],
    [POINT, 'application/xml', { x: 1 }, [`application/xml: ${XML}<f x="1"></f>`]],
    [{ $ref }, 'application/xml', { x: 1 }, [`application/xml: ${XML}<Point x="1"></Point>`]],
    [{ type: 'array', items: { $ref } }, 'text/xml', [{ x: 1 }], [`text/xml: ${XML}<Point x="1"></Point>`]],
    [{ type: 'string' }, 'application/xml', '<a/>', ['application/xml: <a/>']],
    [POINT, 'application/x-www-form-urlencoded', { x: 1, y: 'a b' }, ['application/x-www-form-urlencoded: x=1&y=a+b']],
    [{ type: 'string' }, 'text/csv', 'a,b', ['text/csv: a,b']],
    [POINT, 'application/xml, application/json', { x: 1 }, [`application/xml: ${XML}<f x="1"></f>`]],
  ])('%j as %s given %j', (field, type, value, want) =>
    expect(sent(field, type, value, { components: { schemas } })).toEqual(want),
  )

  test('an object, or a list of them, as CSV is taken as the very text, and that is said', () => {
    const encoding = { f: { contentType: 'text/csv' }, l: { contentType: 'text/csv' } }
    const document = body('multipart/form-data', { f: POINT, l: { type: 'array', items: POINT } }, encoding)
    const at = '/paths/~1x/post/requestBody/content/multipart~1form-data/schema'
    expect(codes(document)).toEqual([`content-type-unwritten ${at}`, `content-type-unwritten ${at}`])
    expect(definitionOf(document).operation.inputSchema).toMatchObject({
      properties: { f: { type: 'string' }, l: { type: 'array', items: { type: 'string' } } },
    })
    expect(bodyText(requestFor(document, { f: 'a,b' }))).toContain('Content-Type: text/csv\r\n\r\na,b\r\n')
  })

  test('a style is written by itself: its media type does not count', () => {
    const document = body('multipart/form-data', { f: {} }, { f: { style: 'form', contentType: 'application/json' } })
    expect(bodyText(requestFor(document, { f: 'a' }))).toMatch(/name="f"\r\n\r\na\r\n/)
  })
})

describe('B107 B111 a field of an urlencoded form is written in the media type of its encoding', () => {
  const sent = (field: object, encoding: object, value: unknown) => {
    const document = body('application/x-www-form-urlencoded', { f: field }, { f: encoding })
    return decodeURIComponent(bodyText(requestFor(document, { f: value }))!)
  }

  test.each<[object, object, unknown, string]>([
    [{ type: 'string' }, { contentType: 'application/json' }, 'a', 'f="a"'],
    [{ type: 'string' }, { contentType: 'text/plain' }, 'a', 'f=a'],
    [{ type: 'integer' }, { contentType: 'application/json' }, 5, 'f=5'],
    [POINT, { contentType: 'application/json' }, { x: 1 }, 'f={"x":1}'],
    [{ type: 'array', items: { type: 'string' } }, { contentType: 'application/json' }, ['a', 'b'], 'f="a"&f="b"'],
    [POINT, { contentType: 'text/xml' }, { x: 1 }, `f=${XML.replaceAll(' ', '+')}<f+x="1"></f>`],
    [POINT, { contentType: 'application/json', style: 'deepObject' }, { x: 1 }, 'f[x]=1'],
    [POINT, {}, { x: 1 }, 'f={"x":1}'],
  ])('%j with %j given %j', (field, encoding, value, want) => expect(sent(field, encoding, value)).toBe(want))

  test('an object as CSV is taken as the very text, and that is said', () => {
    const document = body('application/x-www-form-urlencoded', { f: POINT }, { f: { contentType: 'text/csv' } })
    expect(codes(document)).toEqual([expect.stringMatching(/^content-type-unwritten /)])
    expect(bodyText(requestFor(document, { f: 'a,b' }))).toBe('f=a%2Cb')
  })
})

describe('B103 B114 a body that is described as an object', () => {
  const whole = (type: string, schema: object = POINT) =>
    openapi({ '/x': { post: { requestBody: { content: { [type]: { schema } } } } } })
  const sent = (document: object, args: Record<string, unknown>) => {
    const request = requestFor(document, args)
    return [headerOf(request, 'content-type'), bodyText(request)]
  }

  test.each([
    'application/x-amz-json-1.1',
    'application/x-json',
    'application/vnd.x.json',
    'application/yaml',
    'text/x-yaml',
  ])('is JSON text as %s, which is a name of it or holds it', (type) => {
    expect(codes(whole(type))).toEqual([])
    expect(sent(whole(type), { x: 1, y: 'z' })).toEqual([type, '{"x":1,"y":"z"}'])
  })

  test('is a text of YAML where it is described as one', () => {
    expect(sent(whole('application/yaml', { type: 'string' }), { body: 'x: 1' })).toEqual(['application/yaml', 'x: 1'])
  })

  test.each([
    ['text/csv', 'a,b', 'a,b'],
    ['application/cbor', 'aGk=', 'hi'],
  ])('is taken as text or bytes as %s, and that is said', (type, body, want) => {
    expect(codes(whole(type))).toEqual([expect.stringMatching(/^content-type-unwritten .*schema$/)])
    expect(sent(whole(type), { body })).toEqual([type, want])
  })

  test.each([
    [{ type: 'file' }, 'application/octet-stream', 'hi'],
    [{ type: 'string', format: 'binary' }, 'application/octet-stream', 'hi'],
    [{ type: 'string' }, 'application/json', '"aGk="'],
  ])('B113 of Swagger 2.0 without a media type: %j is %s', (schema, type, want) => {
    const parameters = [{ in: 'body', name: 'b', schema }]
    const document = { swagger: '2.0', info: {}, host: 'a.test', paths: { '/x': { post: { parameters } } } }
    expect(sent(document, { body: 'aGk=' })).toEqual([type, want])
  })
})

describe('B182 a secret that stands for an argument is written as the argument would be', () => {
  const SECRET = 'a"<é &b'
  const token = 'placeholder'
  const json = { 'application/json': { schema: { type: 'string' } } }
  const posted = (type: string, contentType?: string) =>
    body(type, { f: { type: 'string' } }, { f: contentType ? { contentType } : {} })

  test.each<[string, object]>([
    ['JSON in a query', withParameter({ name: 'f', in: 'query', content: json })],
    ['JSON in a header', withParameter({ name: 'f', in: 'header', content: json })],
    ['text in a query', withParameter({ name: 'f', in: 'query', content: { 'text/plain': {} } })],
    ['JSON in a form', posted('application/x-www-form-urlencoded', 'application/json')],
    ['text in a form', posted('application/x-www-form-urlencoded')],
    ['a JSON body', posted('application/json')],
    ['a YAML body', posted('application/yaml')],
    ['an XML body', posted('application/xml')],
  ])('%s', (_name, document) => {
    const { operation } = definitionOf(document)
    const filled = fillPlaceholder(requestFor(document, { f: token }), operation, { argument: 'f', token }, SECRET)
    expect(filled).toEqual(requestFor(document, { f: SECRET }))
  })

  test.each([undefined, 'application/json', 'text/csv'])('a part of type %s', (type) => {
    const document = posted('multipart/form-data', type)
    const { operation } = definitionOf(document)
    const filled = fillPlaceholder(requestFor(document, { f: token }), operation, { argument: 'f', token }, SECRET)
    const content = (text: string) => /\r\n\r\n(.*?)\r\n--/s.exec(text)![1]
    expect(content(bodyText(filled)!)).toBe(content(bodyText(requestFor(document, { f: SECRET }))!))
  })
})
