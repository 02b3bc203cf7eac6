import { CallFailure } from '@sluice/contract'
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

describe('B96 a whole query string that is a form goes by its encoding', () => {
  const sent = (encoding: object, value: unknown) => {
    const media = { schema: { type: 'object' }, encoding }
    const content = { 'application/x-www-form-urlencoded': media }
    return targetFor(withParameter({ name: 'q', in: 'querystring', content }, '3.2.0'), { q: value })
  }

  test.each<[object, unknown, string]>([
    [{ a: { explode: false } }, { a: [1, 2], b: 'x y' }, '/x?a=1,2&b=x+y'],
    // OpenAPI 3.2 4.12.6.
    [{}, { foo: 'a + b', bar: true }, '/x?foo=a+%2B+b&bar=true'],
    [{ a: { style: 'deepObject' } }, { a: { b: { c: 1 } } }, '/x?a[b][c]=1'],
    [{}, { a: { b: 1 } }, '/x?a=%7B%22b%22%3A1%7D'],
    [{}, { a: 1, n: null, c: 2 }, '/x?a=1&c=2'],
  ])('%j of %j', (encoding, value, want) => expect(sent(encoding, value)).toBe(want))
})

test('B96 a whole query string needs no name (OpenAPI 3.2 4.12.1)', () => {
  const content = { 'application/x-www-form-urlencoded': { schema: { type: 'object' } } }
  const paths = { '/x': { get: { parameters: [{ in: 'querystring', content }] } } }
  const document = { ...openapi(paths), openapi: '3.2.0' }
  expect(read(document).diagnostics).toEqual([])
  expect(targetFor(document, { query: { a: 1 } })).toBe('/x?a=1')
})

describe('B73, B94 null where a parameter may be null', () => {
  const nullable = { type: ['string', 'null'] }
  const json = { content: { 'application/json': { schema: { type: ['object', 'null'] } } } }

  test('as JSON it has a form', () => {
    expect(targetFor(withParameter({ name: 'q', in: 'query', ...json }), { q: null })).toBe('/x?q=null')
    expect(headerOf(requestFor(withParameter({ name: 'x-q', in: 'header', ...json }), { 'x-q': null }), 'x-q')).toBe(
      'null',
    )
  })

  test.each(['query', 'header', 'cookie'])(
    'in a %s it has none: an optional one is left out, a required one refused',
    (place) => {
      const parameter = { name: 'zz', in: place, schema: nullable }
      const { url, headers } = requestFor(withParameter(parameter), { zz: null })
      expect(JSON.stringify([url, headers])).not.toMatch(/zz/)
      expect(() => requestFor(withParameter({ ...parameter, required: true }), { zz: null })).toThrow(
        `zz is required and null, which cannot be written in a ${place}`,
      )
    },
  )
})

describe('B103, B114 a body is in the charset that its media type declares (RFC 9110 8.3.2)', () => {
  const schema = { type: 'string' }
  const sent = (contentType: string, body: unknown, own: object = schema) => {
    const { headers, body: data } = requestFor(
      openapi({ '/x': { post: { requestBody: { content: { [contentType]: { schema: own } } } } } }),
      { body },
    )
    return [headers.find(([name]) => name === 'content-type')![1], Buffer.from(data as Uint8Array).toString('latin1')]
  }

  test.each<[string, string, string, string]>([
    ['text/plain; charset=iso-8859-1', 'é', 'text/plain; charset=iso-8859-1', '\u00E9'],
    ['text/plain; charset=ISO-8859-1', '€', 'text/plain; charset=utf-8', '\u00E2\u0082\u00AC'],
    ['text/plain; charset="windows-1252"; x=y', '€', 'text/plain; charset="windows-1252"; x=y', '\u0080'],
    ['text/plain;charset=iso-8859-5', 'Ж', 'text/plain;charset=iso-8859-5', '\u00B6'],
    ['text/plain; charset=iso-8859-1', 'plain', 'text/plain; charset=iso-8859-1', 'plain'],
    ['text/plain; charset=us-ascii', 'é', 'text/plain; charset=utf-8', '\u00C3\u00A9'],
    ['text/csv; charset=utf-16', 'a', 'text/csv; charset=utf-16', '\u00FF\u00FEa\u0000'],
    ['text/csv; charset=utf-16be', 'a', 'text/csv; charset=utf-16be', '\u0000a'],
    ['text/plain; charset=utf-8', 'é', 'text/plain; charset=utf-8', '\u00C3\u00A9'],
    ['text/plain; charset=shift_jis', 'あ', 'text/plain; charset=utf-8', '\u00E3\u0081\u0082'],
  ])('%s of %s', (contentType, text, type, bytes) => expect(sent(contentType, text)).toEqual([type, bytes]))

  test('what is ASCII is a text still, which interceptors are shown', () => {
    const content = { 'application/json; charset=iso-8859-1': { schema: { type: 'array' } } }
    const document = openapi({ '/x': { post: { requestBody: { content } } } })
    expect(requestFor(document, { body: ['é'] }).body).toBe('["\\u00e9"]')
  })

  test('JSON is written in characters that are the same in each', () => {
    const [type, text] = sent('application/json; charset=iso-8859-1', { a: 'é€' }, { type: 'array' })
    expect([type, text]).toEqual(['application/json; charset=iso-8859-1', '{"a":"\\u00e9\\u20ac"}'])
  })

  test('a form is percent-encoded as UTF-8, and says so where that tells', () => {
    const form = (a: string) => {
      const content = { 'application/x-www-form-urlencoded; charset=iso-8859-1': { schema: { properties: { a: {} } } } }
      const request = requestFor(openapi({ '/x': { post: { requestBody: { content } } } }), { a })
      return [headerOf(request, 'content-type'), request.body]
    }
    expect(form('e')).toEqual(['application/x-www-form-urlencoded; charset=iso-8859-1', 'a=e'])
    expect(form('é')).toEqual(['application/x-www-form-urlencoded; charset=utf-8', 'a=%C3%A9'])
  })

  test('an XML document names its own', () => {
    const own = { type: 'array', items: { type: 'string' }, xml: { name: 'l', wrapped: true } }
    const [, latin] = sent('application/xml; charset=iso-8859-1', ['é'], own)
    expect(latin).toBe('<?xml version="1.0" encoding="iso-8859-1"?><l><l>\u00E9</l></l>')
    const [type, other] = sent('application/xml; charset=iso-8859-1', ['€'], own)
    expect(type).toBe('application/xml; charset=utf-8')
    expect(other).toContain('encoding="UTF-8"')
  })
})

describe('a text stays one in types of texts that are no `text/`', () => {
  test.each(['application/jwt', 'application/sparql-query', 'application/csv', 'application/graphql'])('%s', (type) => {
    const content = { [type]: { schema: { type: 'string' } } }
    const request = requestFor(openapi({ '/x': { post: { requestBody: { content } } } }), { body: 'a.b c' })
    expect([bodyText(request), headerOf(request, 'content-type')]).toEqual(['a.b c', type])
  })
})

describe('S17 a cookie in its own style (OpenAPI 3.2 4.12.6)', () => {
  const cookie = withParameter(
    { name: 'cookie', in: 'cookie', style: 'cookie', explode: true, schema: { type: 'object' } },
    '3.2.0',
  )

  test('is written as it is, spaces within too', () => {
    const args = { cookie: { greeting: 'Hello%2C world!', code: 42 } }
    expect(headerOf(requestFor(cookie, args), 'cookie')).toBe('greeting=Hello%2C world!; code=42')
  })

  test.each(['a; b=c', 'a\r\nx: y', ' a', 'a ', 'a\tb', 'a, b'])('%j is refused', (value) => {
    expect(() => requestFor(cookie, { cookie: { v: value } })).toThrow(/cannot begin or end with spaces/)
  })
})

describe('B66 a parameter whose content is JSON is JSON, whatever its place', () => {
  const json = (name: string, place: string) =>
    withParameter({ name, in: place, content: { 'application/json': { schema: { type: 'string' } } } })

  test('in a path and a query', () => {
    expect(targetFor(json('v', 'path'), { v: 'a' })).toBe('/x/%22a%22/y')
    expect(targetFor(json('v', 'query'), { v: 'a' })).toBe('/x?v=%22a%22')
  })

  test.each([
    ['header', 'x-v', '"a"'],
    ['cookie', 'cookie', 'x-v=%22a%22'],
  ])('in a %s', (place, header, want) => {
    expect(headerOf(requestFor(json('x-v', place), { 'x-v': 'a' }), header)).toBe(want)
  })
})

describe('B89 S14 what would look like something else on the wire is refused', () => {
  const query = (parameter: object, value: unknown) => () =>
    targetFor(withParameter({ name: 'q', in: 'query', schema: {}, ...parameter }), { q: value })

  test.each<[object, unknown]>([
    [{ style: 'pipeDelimited', explode: false }, ['a|b', 'c']],
    [{ style: 'spaceDelimited', explode: false }, ['a b', 'c']],
    [{ style: 'pipeDelimited', explode: false }, { 'a|b': 'c' }],
    [{ style: 'deepObject' }, { 'k][x': 1 }],
    [{ style: 'deepObject' }, { k: { 'a]': 1 } }],
  ])('%j of %j', (parameter, value) => expect(query(parameter, value)).toThrow(CallFailure))

  test('a comma within a value is encoded even where reserved characters are allowed', () => {
    expect(query({ explode: false, allowReserved: true }, ['a,b', 'c/d'])()).toBe('/x?q=a%2Cb,c/d')
  })
})

describe('S14 B182 what an object spreads does not speak for another parameter', () => {
  const document = (spread: { in: string; [key: string]: unknown }, more: object = {}) => {
    const place = spread.in === 'cookie' ? 'cookie' : 'query'
    const parameters = [spread, { name: 'tenant', in: place, schema: { type: 'string' } }]
    return { ...openapi({ '/x': { get: { parameters } } }, more), openapi: '3.2.0' }
  }
  const free = { name: 'f', in: 'query', schema: { type: 'object', additionalProperties: true } }
  const cookie = { ...free, in: 'cookie', style: 'cookie' }
  const $ref = '#/components/schemas/Page'
  const components = { schemas: { Page: { type: 'object', properties: { tenant: { type: 'string' } } } } }
  const said = { name: 'f', in: 'query', schema: { $ref } }

  test.each<[string, object, Record<string, unknown>]>([
    ['that is given', document(free), { f: { tenant: 'b' }, tenant: 'a' }],
    ['that is not given', document(free), { f: { tenant: 'b' } }],
    ['as a list', document(free), { f: { 'tenant[]': 'b' } }],
    ['that both may say, where both do', document(said, { components }), { f: { tenant: 'b' }, tenant: 'a' }],
    ['of cookies', document(cookie), { f: { tenant: 'b' }, tenant: 'a' }],
  ])('%s', (_name, one, args) => expect(() => requestFor(one, args)).toThrow(/is the name of the parameter tenant/))

  test('of a whole query', () => {
    const content = { 'application/x-www-form-urlencoded': { schema: { type: 'object' } } }
    const whole = document({ name: 'f', in: 'querystring', content })
    expect(() => requestFor(whole, { f: { tenant: 'b' } })).toThrow(/is the name of the parameter tenant/)
    expect(targetFor(whole, { f: { other: 'b' }, tenant: 'a' })).toBe('/x?tenant=a&other=b')
  })

  test('what the document says of the object too may be given there alone, and null says nothing', () => {
    expect(targetFor(document(said, { components }), { f: { tenant: 'b' } })).toBe('/x?tenant=b')
    expect(targetFor(document(free), { f: { tenant: null, a: 1 }, tenant: 'a' })).toBe('/x?a=1&tenant=a')
    expect(targetFor(document({ ...free, style: 'deepObject' }), { f: { tenant: 'b' }, tenant: 'a' })).toBe(
      '/x?f[tenant]=b&tenant=a',
    )
  })
})

describe('B95 collectionFormat in other places than a query', () => {
  const sent = (place: string, collectionFormat: string) => {
    const array = { type: 'array', items: { type: 'string' }, collectionFormat, required: true }
    const parameters = [{ name: 'v', in: place, ...array }]
    const path = place === 'path' ? '/x/{v}' : '/x'
    const document = {
      swagger: '2.0',
      info: {},
      host: 'api.test',
      basePath: '/v1',
      paths: { [path]: { get: { parameters } } },
    }
    const request = requestFor(document, { v: ['a', 'b'] })
    return place === 'path' ? request.url.split('/').at(-1) : headerOf(request, 'v')
  }

  test.each([
    ['path', 'csv', 'a,b'],
    ['path', 'ssv', 'a%20b'],
    ['path', 'tsv', 'a%09b'],
    ['path', 'pipes', 'a%7Cb'],
    ['header', 'csv', 'a,b'],
    ['header', 'pipes', 'a|b'],
  ])('%s, %s', (place, format, want) => expect(sent(place, format)).toBe(want))
})

describe('B116 records', () => {
  const sent = (type: string, schema: object, body: unknown) =>
    bodyText(requestFor(openapi({ '/x': { post: { requestBody: { content: { [type]: { schema } } } } } }), { body }))

  test('a JSON text sequence has its separators', () => {
    expect(sent('application/json-seq', { type: 'array' }, [{ a: 1 }, 2])).toBe('\u001E{"a":1}\n\u001E2\n')
    expect(sent('application/geo+json-seq', { type: 'array' }, [1])).toBe('\u001E1\n')
  })

  test('a raw text goes as it is', () => {
    expect(sent('application/x-ndjson', { type: 'string' }, '{"a":1}\n{"a":2}\n')).toBe('{"a":1}\n{"a":2}\n')
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

describe('B90 allowReserved in other places than a query', () => {
  const RESERVED = ":/?#[]@!$&'()*+,;="
  const inPath = (parameter: object, value: unknown, version = '3.2.0') => {
    const document = withParameter({ name: 'v', in: 'path', allowReserved: true, schema: {}, ...parameter }, version)
    return targetFor(document, { v: value }).slice('/x/'.length, -'/y'.length)
  }

  test.each<[string, object, unknown, string]>([
    ['keeps what a segment can hold', {}, RESERVED, ":%2F%3F%23%5B%5D@!$&'()*+,;="],
    ['S12 S13 encodes again what is percent-encoded', {}, '..%2f..%5Cx%00', '..%252f..%255Cx%2500'],
    ['S13 keeps a semicolon out of a matrix', { style: 'matrix' }, 'a;b=c,d', ';v=a%3Bb%3Dc%2Cd'],
    ['keeps what a label can hold', { style: 'label' }, 'a:b', '.a:b'],
    ['encodes the items of a list', {}, ['a,b', 'c:d'], 'a%2Cb,c%3Ad'],
    ['encodes the values of an object', { explode: true }, { k: 'a=b' }, 'k=a%3Db'],
  ])('%s', (_name, parameter, value, want) => expect(inPath(parameter, value)).toBe(want))

  test.each(['..', '.', '..;x'])('S12 S13 %j never changes the path', (value) => {
    expect(() => inPath({}, value)).toThrow(CallFailure)
  })

  test('S14 in the query of a path it begins no other pair', () => {
    const parameters = [{ name: 'v', in: 'path', required: true, allowReserved: true, schema: {} }]
    const document = { ...openapi({ '/x?a={v}': { get: { parameters } } }), openapi: '3.2.0' }
    expect(targetFor(document, { v: 'b&c=d' })).toBe('/x?a=b%26c%3Dd')
  })

  test('S17 in a cookie it keeps what a cookie can hold', () => {
    const document = withParameter({ name: 'v', in: 'cookie', allowReserved: true, schema: {} }, '3.2.0')
    expect(headerOf(requestFor(document, { v: `${RESERVED} "` }), 'cookie')).toBe("v=:/?#[]@!$&'()*+%2C%3B=%20%22")
  })

  test.each(['3.0.4', '3.1.1'])('%s has it in a query alone, and that is said', (version) => {
    const document = withParameter({ name: 'v', in: 'path', allowReserved: true, schema: {} }, version)
    expect(read(document).diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      'info allow-reserved-ignored',
    ])
    expect(inPath({}, 'a:b', version)).toBe('a%3Ab')
  })

  test.each(['path', 'cookie'])('a secret in a %s is written the same', (place) => {
    const document = withParameter({ name: 'v', in: place, allowReserved: true, schema: {} }, '3.2.0')
    const { operation } = definitionOf(document)
    const request = requestFor(document, { v: 'placeholder' })
    const placeholder = { argument: 'v', token: 'placeholder' }
    expect(fillPlaceholder(request, operation, placeholder, RESERVED)).toEqual(requestFor(document, { v: RESERVED }))
  })
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
