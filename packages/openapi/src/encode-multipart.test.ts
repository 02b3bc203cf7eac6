import { checkSchema } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import { bodyText, definitionOf, headerOf, openapi, read, requestFor } from './testing/read-one.ts'

type Fields = Array<[string, string]>

/** The name and the text of each part. */
function partsFor(document: object, args: Record<string, unknown>): Fields {
  const body = bodyText(requestFor(document, args))!
  return [...body.matchAll(/name="([^"]*)".*?\r\n\r\n(.*?)\r\n--/gs)].map((match) => [match[1]!, match[2]!])
}

const multipart = (field: object, encoding: object, version = '3.1.1') => {
  const media = { schema: { type: 'object', properties: { f: field } }, encoding: { f: encoding } }
  return {
    ...openapi({ '/x': { post: { requestBody: { content: { 'multipart/form-data': media } } } } }),
    openapi: version,
  }
}

describe('B111 a style of a part (OpenAPI 3.1)', () => {
  test.each<[object, unknown, Fields]>([
    [
      {},
      ['a', 'b'],
      [
        ['f', 'a'],
        ['f', 'b'],
      ],
    ],
    [
      {},
      [['a'], ['b', 'c']],
      [
        ['f', '["a"]'],
        ['f', '["b","c"]'],
      ],
    ],
    [{ style: 'form', explode: false }, ['a', 'b'], [['f', 'a,b']]],
    [{ style: 'pipeDelimited' }, ['a', 'b,c'], [['f', 'a|b,c']]],
    [
      { style: 'form' },
      { x: 1, y: 'z' },
      [
        ['x', '1'],
        ['y', 'z'],
      ],
    ],
    [{ style: 'form', explode: false }, { x: 1, y: 'z' }, [['f', 'x,1,y,z']]],
    [
      { style: 'deepObject' },
      { x: { y: 1 }, z: ['a', 'b'] },
      [
        ['f[x][y]', '1'],
        ['f[z][]', 'a'],
        ['f[z][]', 'b'],
      ],
    ],
  ])('%j of %j', (encoding, value, want) => {
    expect(partsFor(multipart({}, encoding), { f: value })).toEqual(want)
  })

  test('a value that holds the delimiter is refused', () => {
    expect(() => partsFor(multipart({}, { explode: false }), { f: ['a,b', 'c'] })).toThrow(/between them/)
  })

  test('3.0 has styles in forms that are urlencoded alone', () => {
    expect(partsFor(multipart({}, { explode: false }, '3.0.3'), { f: ['a', 'b'] })).toEqual([
      ['f', 'a'],
      ['f', 'b'],
    ])
  })
})

describe('B95 collectionFormat in a multipart form of Swagger 2.0', () => {
  const swagger = (field: object) => {
    const parameters = [{ name: 'f', in: 'formData', type: 'array', items: { type: 'string' }, ...field }]
    const post = { consumes: ['multipart/form-data'], parameters }
    return { swagger: '2.0', info: {}, host: 'api.test', paths: { '/x': { post } } }
  }

  test.each<[string | undefined, Fields]>([
    [undefined, [['f', 'a,b']]],
    ['csv', [['f', 'a,b']]],
    ['pipes', [['f', 'a|b']]],
    [
      'multi',
      [
        ['f', 'a'],
        ['f', 'b'],
      ],
    ],
  ])('%s', (collectionFormat, want) => {
    expect(partsFor(swagger({ collectionFormat }), { f: ['a', 'b'] })).toEqual(want)
  })

  test('that of inner lists is said to be left out', () => {
    const document = swagger({ items: { type: 'array', items: { type: 'string' }, collectionFormat: 'pipes' } })
    expect(read(document).diagnostics.map(({ code }) => code)).toEqual(['collection-format-left-out'])
  })
})

describe('headers and types of a part', () => {
  test('B112 a file has the media type that its schema says', () => {
    const document = multipart({ type: 'array', items: { type: 'string', contentMediaType: 'image/png' } }, {})
    expect(bodyText(requestFor(document, { f: ['aGk='] }))).toContain('Content-Type: image/png\r\n\r\nhi')
  })

  test.each<[object, object, string]>([
    [{ contentEncoding: 'base64' }, {}, 'application/octet-stream\r\nContent-Transfer-Encoding: base64'],
    [
      { contentEncoding: 'base64url' },
      { contentType: 'image/png' },
      'image/png\r\nContent-Transfer-Encoding: base64url',
    ],
    [
      { contentEncoding: 'base64' },
      { headers: { 'content-transfer-encoding': { schema: { const: 'BASE64' } }, 'X-A': { schema: { const: 1 } } } },
      'application/octet-stream\r\ncontent-transfer-encoding: BASE64\r\nX-A: 1',
    ],
    [{ contentEncoding: 'base64\r\nX-Evil: 1' }, { contentType: 'text/plain' }, 'text/plain'],
  ])('B112 a text that is encoded says so in its part: %j with %j', (schema, encoding, want) => {
    const one = { type: 'string', ...schema }
    const list = { type: 'array', items: one }
    const text = `Content-Type: ${want}\r\n\r\naGk=\r\n`
    expect(bodyText(requestFor(multipart(one, encoding), { f: 'aGk=' }))).toContain(text)
    expect(bodyText(requestFor(multipart(list, encoding), { f: ['aGk=', 'aGk='] }))!.split(text)).toHaveLength(3)
  })

  test('B111 a required header that has no value is said to be left out', () => {
    const headers = { 'X-A': { required: true, schema: { type: 'string' } }, 'X-B': { schema: { type: 'string' } } }
    const { diagnostics } = read(multipart({ type: 'string' }, { headers }))
    expect(diagnostics).toMatchObject([{ code: 'part-header-left-out', message: expect.stringContaining('X-A') }])
    expect(definitionOf(multipart({ type: 'string' }, { headers })).operation.body).toBeDefined()
  })
})

describe('parts without names (OpenAPI 3.2)', () => {
  const mixed = (media: object, type = 'multipart/mixed') => ({
    ...openapi({ '/x': { post: { requestBody: { required: true, content: { [type]: media } } } } }),
    openapi: '3.2.0',
  })
  const sent = (document: object, body: unknown) => {
    expect(checkSchema(definitionOf(document).operation.inputSchema, { body })).toEqual([])
    return bodyText(requestFor(document, { body }))!.replaceAll(/--sluice-[0-9a-f]+/g, '--b')
  }
  const F = { type: 'string', format: 'binary' }

  test('B108 go by their place', () => {
    const document = mixed({
      schema: { type: 'array', prefixItems: [{ type: 'object' }, F, { type: 'array' }] },
      prefixEncoding: [{}, { contentType: 'image/png' }],
    })
    expect(read(document).diagnostics).toEqual([])
    expect(sent(document, [{ a: 1 }, 'aGk=', [1]])).toBe(
      '--b\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n' +
        '--b\r\nContent-Type: image/png\r\n\r\nhi\r\n' +
        '--b\r\nContent-Type: application/json\r\n\r\n[1]\r\n--b--\r\n',
    )
  })

  test('B110 all alike, a file with its name', () => {
    const document = mixed({ itemSchema: F, itemEncoding: { contentType: 'image/*' } }, 'multipart/related')
    const file = { filename: 'a.png', contentType: 'image/png', data: 'aGk=' }
    expect(sent(document, [file])).toBe(
      '--b\r\nContent-Disposition: attachment; filename="a.png"\r\nContent-Type: image/png\r\n\r\nhi\r\n--b--\r\n',
    )
  })

  test('a form has none: its fields have names', () => {
    const document = mixed({ schema: { type: 'array', items: F } }, 'multipart/form-data')
    expect(read(document).diagnostics.map(({ code }) => code)).toEqual(['body-no-object'])
  })
})

describe('B109 what a multipart type says of itself stays, but for its boundary (RFC 2387 3.1)', () => {
  test.each([
    [
      'multipart/related; type="application/json"; start="<m>"',
      'multipart/related; type="application/json"; start="<m>"',
    ],
    ['multipart/form-data; boundary=abc', 'multipart/form-data'],
    ['multipart/mixed;boundary="a;b"; charset=utf-8', 'multipart/mixed; charset=utf-8'],
  ])('%s', (declared, want) => {
    const media = { schema: { type: 'object', properties: { f: { type: 'string' } } } }
    const document = openapi({ '/x': { post: { requestBody: { content: { [declared]: media } } } } })
    const type = headerOf(requestFor(document, { f: 'x' }), 'content-type')!
    expect(type.replace(/; boundary=sluice-[0-9a-f]{40}$/, '')).toBe(want)
    expect(type).toMatch(/; boundary=sluice-/)
  })
})

test.each([
  [{ schema: { const: 'v' } }, 'X-P: v'],
  [{ content: { 'text/plain': { schema: { const: 'v' } } } }, 'X-P: v'],
  [{ content: { 'application/json': { schema: { default: 'v' } } } }, 'X-P: "v"'],
  [{ content: { 'text/plain': { schema: { enum: [7] } } } }, 'X-P: 7'],
])('B111 a header of a part has the value that the document gives it: %j', (header, want) => {
  const document = multipart({ type: 'string' }, { headers: { 'X-P': header } })
  expect(bodyText(requestFor(document, { f: 'x' }))).toContain(`\r\n${want}\r\n`)
})

describe('B109 a part that nothing is said of (OpenAPI 3.1.1 4.8.15.1)', () => {
  const sent = (field: object, value: unknown, version = '3.1.1') =>
    bodyText(requestFor(multipart(field, {}, version), { f: value }))!.replaceAll(/--sluice-[0-9a-f]+/g, '--')

  test.each<[object, unknown]>([
    [{}, { data: 'aGk=' }],
    [{}, 'data:application/octet-stream;base64,aGk='],
    [{ type: 'array', items: {} }, [{ contentType: 'application/octet-stream', data: 'aGk=' }]],
  ])('%j: %j is a file', (field, value) => {
    expect(sent(field, value)).toContain('; filename="f"\r\nContent-Type: application/octet-stream\r\n\r\nhi\r\n')
  })

  test('what does not say that it is a file goes as it is, and the model is told of both', () => {
    expect(sent({}, 'aGk=')).toContain('name="f"\r\n\r\naGk=\r\n')
    expect(sent({}, { a: 1 })).toContain('{"a":1}')
    const { properties } = definitionOf(multipart({}, {})).wireSchema as { properties: { f: { description: string } } }
    expect(properties.f.description).toMatch(/A file is given as a data URL, or as an object/)
  })

  test('before 3.1 it is a text or JSON', () => {
    expect(sent({}, { data: 'aGk=' }, '3.0.3')).toContain('{"data":"aGk="}')
  })
})

describe('B107, B108 a part that is a form of its own (OpenAPI 3.2 4.15.3, "Nested Encoding")', () => {
  const sent = (type: string, media: object, body: object) => {
    const content = { [type]: media }
    const document = { ...openapi({ '/x': { post: { requestBody: { content } } } }), openapi: '3.2.0' }
    const text = bodyText(requestFor(document, body as Record<string, unknown>))!
    // Boundaries in the order in which they come.
    const names = [...new Set([...text.matchAll(/sluice-[0-9a-f]{40}/g)].map(([name]) => name))]
    return text.replaceAll(/sluice-[0-9a-f]{40}/g, (name) => 'AB'[names.indexOf(name)]!).replaceAll('\r\n', '\n')
  }

  test('of fields', () => {
    const schema = { type: 'object', properties: { a: { type: 'object' } } }
    const inner = { c: { style: 'pipeDelimited', explode: false } }
    const encoding = { a: { contentType: 'application/x-www-form-urlencoded', encoding: inner } }
    expect(sent('multipart/form-data', { schema, encoding }, { a: { c: [1, 2], d: 'x y' } })).toContain(
      'Content-Type: application/x-www-form-urlencoded\n\nc=1%7C2&d=x+y\n',
    )
  })

  test('of parts in their order, which is the example of the specification', () => {
    const schema = {
      type: 'array',
      prefixItems: [
        { type: 'array' },
        { type: 'array', prefixItems: [{ type: 'object', xml: { name: 'r' } }, { type: 'string' }, {}] },
      ],
    }
    const prefixEncoding = [
      {},
      {
        contentType: 'multipart/mixed',
        prefixEncoding: [{ contentType: 'application/xml' }, {}, { contentType: 'image/png' }],
      },
    ]
    const body = [[1], [{ n: 1 }, 'text', 'aGk=']]
    expect(sent('multipart/mixed', { schema, prefixEncoding }, { body })).toBe(
      '--A\nContent-Type: application/json\n\n[1]\n--A\nContent-Type: multipart/mixed; boundary=B\n\n' +
        '--B\nContent-Type: application/xml\n\n<?xml version="1.0" encoding="UTF-8"?><r><n>1</n></r>\n' +
        '--B\n\ntext\n--B\nContent-Type: image/png\n\nhi\n--B--\n\n--A--\n',
    )
  })

  test('of named parts with a file among them, which the model is told', () => {
    const inner = { type: 'object', properties: { t: { type: 'string' }, f: { type: 'string', format: 'binary' } } }
    const media = {
      schema: { type: 'object', properties: { p: inner } },
      encoding: { p: { contentType: 'multipart/form-data' } },
    }
    const file = { filename: 'a.txt', contentType: 'text/plain', data: 'aGk=' }
    expect(sent('multipart/form-data', media, { p: { t: 'x', f: file } })).toBe(
      '--A\nContent-Disposition: form-data; name="p"\nContent-Type: multipart/form-data; boundary=B\n\n' +
        '--B\nContent-Disposition: form-data; name="t"\n\nx\n' +
        '--B\nContent-Disposition: form-data; name="f"; filename="a.txt"\nContent-Type: text/plain\n\nhi\n--B--\n\n--A--\n',
    )
    const document = openapi({ '/x': { post: { requestBody: { content: { 'multipart/form-data': media } } } } })
    expect(JSON.stringify(definitionOf(document).wireSchema)).toContain('A file: base64, a data URL')
    expect(read(document).diagnostics).toEqual([])
  })
})

test('S24 a part that is made of itself, and parts of many levels, come to an end', () => {
  const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
  const media = { contentMediaType: 'multipart/mixed', type: 'object' }
  const names = Array.from({ length: 24 }, (_, n) => `L${n}`)
  const schemas = {
    Self: { ...media, properties: { self: ref('Self'), t: { type: 'string' } } },
    ...Object.fromEntries(
      names.map((name, n) => [name, { ...media, properties: { a: ref(`L${n + 1}`), b: ref(`L${n + 1}`) } }]),
    ),
    L24: { type: 'string' },
  }
  const schema = { type: 'object', properties: { s: ref('Self'), l: ref('L0') } }
  const paths = { '/x': { post: { requestBody: { content: { 'multipart/form-data': { schema } } } } } }
  expect(read(openapi(paths, { components: { schemas } })).coverage.imported).toBe(1)
})
