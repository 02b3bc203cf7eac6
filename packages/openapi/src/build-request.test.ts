import { CallFailure } from '@sluice/contract'
import { exactNumber } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import { bodyText, definitionOf, headerOf, openapi, requestFor, targetFor, withParameter } from './testing/read-one.ts'

const ARRAY = ['blue', 'black', 'brown']
const OBJECT = { R: 100, G: 200, B: 150 }

test('a fragment that tells operations apart is not sent, and holds no argument', () => {
  const parameters = [{ name: 'fields', in: 'query', schema: { type: 'string' } }]
  const document = openapi({ '/files/{id}#add/{x}': { put: { parameters } } })
  expect(Object.keys(definitionOf(document).operation.inputSchema.properties as object)).toEqual(['id', 'fields'])
  expect(targetFor(document, { id: 1, fields: 'x' })).toBe('/files/1?fields=x')
})

test('B25 what a document writes bare in a path is encoded, what it encoded stays', () => {
  const document = openapi({ '/Pull DOC/größe/%7Bx%7D/{id}|y?a=b c': { get: {} } })
  expect(targetFor(document, { id: 'a b' })).toBe('/Pull%20DOC/gr%C3%B6%C3%9Fe/%7Bx%7D/a%20b%7Cy?a=b%20c')
})

test('B25 a query in the path that a query parameter says again is one argument, sent once', () => {
  const parameters = [{ name: 'page', in: 'query', schema: { type: 'integer' } }]
  const document = openapi({ '/rides?type=1&page={page}&as={form}': { get: { parameters } } })
  expect(definitionOf(document).operation.inputSchema).toMatchObject({
    properties: { form: { type: 'string' }, page: { type: 'integer' } },
    required: ['form'],
  })
  expect(targetFor(document, { page: 2, form: 'a&b' })).toBe('/rides?type=1&as=a%26b&page=2')
  expect(targetFor(document, { form: 'x' })).toBe('/rides?type=1&as=x')
})

test('a declared User-Agent is the caller’s alone', () => {
  const own = openapi({ '/a': { get: { parameters: [{ name: 'User-Agent', in: 'header' }] } } })
  const agents = (document: object, args: Record<string, unknown>) =>
    requestFor(document, args)
      .headers.filter(([name]) => name.toLowerCase() === 'user-agent')
      .map(([, value]) => value)
  expect([agents(own, { 'User-Agent': 'mine/1' }), agents(own, {})]).toEqual([['mine/1'], []])
  expect(agents(openapi({ '/a': { get: {} } }), {})).toEqual(['Sluice'])
})

test('what a parameter Accept lists is what is asked for', () => {
  const parameters = [{ name: 'Accept', in: 'header', schema: { enum: ['text/csv', 'application/vnd.x+json'] } }]
  const document = openapi({ '/a': { get: { parameters } } })
  expect(headerOf(requestFor(document, {}), 'accept')).toBe('application/vnd.x+json')
})

test('B109 a data URL that is broken is refused in words', () => {
  const schema = { type: 'object', properties: { f: { type: 'string', format: 'binary' } } }
  const document = openapi({ '/x': { post: { requestBody: { content: { 'multipart/form-data': { schema } } } } } })
  expect(() => requestFor(document, { f: 'data:,%zz' })).toThrow(CallFailure)
})

/** The tables of OpenAPI 3.1.1, 4.8.12.4 "Style Examples". */
describe('path parameters', () => {
  const path = (style: string, explode: boolean, version?: string) => (value: unknown) =>
    targetFor(withParameter({ name: 'color', in: 'path', style, explode, schema: {} }, version), {
      color: value,
    }).slice('/x/'.length, -'/y'.length)

  test.each<[string, string, boolean, unknown, string]>([
    ['B78', 'simple', false, 'blue', 'blue'],
    ['B78', 'simple', false, ARRAY, 'blue,black,brown'],
    ['B78', 'simple', true, ARRAY, 'blue,black,brown'],
    ['B79', 'simple', false, OBJECT, 'R,100,G,200,B,150'],
    ['B79', 'simple', true, OBJECT, 'R=100,G=200,B=150'],
    ['B80', 'label', false, 'blue', '.blue'],
    ['B80', 'label', false, ARRAY, '.blue,black,brown'],
    ['B80', 'label', true, ARRAY, '.blue.black.brown'],
    ['B81', 'label', false, OBJECT, '.R,100,G,200,B,150'],
    ['B81', 'label', true, OBJECT, '.R=100.G=200.B=150'],
    ['B82', 'matrix', false, 'blue', ';color=blue'],
    ['B82', 'matrix', false, ARRAY, ';color=blue,black,brown'],
    ['B82', 'matrix', true, ARRAY, ';color=blue;color=black;color=brown'],
    ['B82', 'matrix', false, OBJECT, ';color=R,100,G,200,B,150'],
    ['B82', 'matrix', true, OBJECT, ';R=100;G=200;B=150'],
  ])('%s %s explode=%s %j', (_row, style, explode, value, want) => expect(path(style, explode)(value)).toBe(want))

  test.each([
    ['3.0.3', '.blue.black.brown', '.R.100.G.200.B.150'],
    ['3.1.0', '.blue.black.brown', '.R.100.G.200.B.150'],
    ['3.0.4', '.blue,black,brown', '.R,100,G,200,B,150'],
    ['3.2.0', '.blue,black,brown', '.R,100,G,200,B,150'],
  ])('B80 B81 label of version %s follows the table of that version', (version, array, object) => {
    expect(path('label', false, version)(ARRAY)).toBe(array)
    expect(path('label', false, version)(OBJECT)).toBe(object)
  })

  test.each([
    ['wow!', 'wow%21'],
    ['a b', 'a%20b'],
    ['a/b', 'a%2Fb'],
    ['a\\b', 'a%5Cb'],
    ['a;x=1', 'a%3Bx%3D1'],
    ['x?admin=1', 'x%3Fadmin%3D1'],
    ['x#f', 'x%23f'],
    ['x&y', 'x%26y'],
    ['%2e%2e', '%252e%252e'],
    ['..%2f', '..%252f'],
    ['日本', '%E6%97%A5%E6%9C%AC'],
    ['\uD800', '%EF%BF%BD'],
    ['...', '...'],
  ])('B76 B77 S12 S13 %j stays one segment', (value, want) => expect(path('simple', false)(value)).toBe(want))

  test.each([['.'], ['..'], [''], ['a\u0000b'], [[]], [{}]])(
    'B77 B83 S12 %j is refused, and nothing is sent',
    (value) => {
      expect(() => path('simple', false)(value)).toThrow(CallFailure)
    },
  )

  test.each([
    ['/f/{name}{opts}/x', { name: '..', opts: '1' }],
    ['/f/{name};v={opts}', { name: '..', opts: '1' }],
    ['/f/{name}/x', { name: '..;a' }],
    ['/f/{name}/x', { name: '.;' }],
  ])('S12 dots before a semicolon, which servers strip, are refused: %s', (path, args) => {
    const own = (name: string, style: string) => ({
      name,
      in: 'path',
      required: true,
      style,
      schema: { type: 'string' },
    })
    const parameters = [
      own('name', 'simple'),
      ...(path.includes('opts') ? [own('opts', path.includes('=') ? 'simple' : 'matrix')] : []),
    ]
    expect(() => requestFor(openapi({ [path]: { get: { parameters } } }), args)).toThrow(/would change the path/)
  })

  test('S12 a value that makes dots together with its template is refused', () => {
    const document = openapi({
      '/x/{a}.{b}': {
        get: {
          parameters: [
            { name: 'a', in: 'path' },
            { name: 'b', in: 'path' },
          ],
        },
      },
    })
    expect(targetFor(document, { a: 'one', b: 'two' })).toBe('/x/one.two')
    const dot = openapi({ '/x/.{a}/y': { get: { parameters: [{ name: 'a', in: 'path' }] } } })
    expect(() => targetFor(dot, { a: '.' })).toThrow(/would change the path/)
  })

  test.each([
    ['/books/{book-id}:archive', '/books/7:archive'],
    ['/files/{a}{b}', '/files/12'],
    ['/x?type=1', '/x?type=1'],
  ])('B25 %s', (template, want) => {
    const names = [...template.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]!)
    const document = openapi({
      [template]: { get: { parameters: names.map((name) => ({ name, in: 'path', required: true })) } },
    })
    const values: Record<string, unknown> = { 'book-id': 7, a: 1, b: 2 }
    expect(targetFor(document, Object.fromEntries(names.map((name) => [name, values[name]])))).toBe(want)
  })
})

describe('query parameters', () => {
  const query = (parameter: object, value: unknown) =>
    targetFor(withParameter({ name: 'color', in: 'query', schema: {}, ...parameter }), { color: value }).slice(
      '/x'.length,
    )

  test.each<[string, object, unknown, string]>([
    ['B84 form exploded is the default', {}, ARRAY, '?color=blue&color=black&color=brown'],
    ['B84 form', { explode: false }, ARRAY, '?color=blue,black,brown'],
    ['B85 form exploded object', {}, OBJECT, '?R=100&G=200&B=150'],
    ['B85 form object', { explode: false }, OBJECT, '?color=R,100,G,200,B,150'],
    ['B86 spaceDelimited', { style: 'spaceDelimited', explode: false }, ARRAY, '?color=blue%20black%20brown'],
    ['B86 pipeDelimited', { style: 'pipeDelimited', explode: false }, ARRAY, '?color=blue%7Cblack%7Cbrown'],
    [
      'B86 pipeDelimited exploded',
      { style: 'pipeDelimited', explode: true },
      ARRAY,
      '?color=blue&color=black&color=brown',
    ],
    ['B87 deepObject', { style: 'deepObject', explode: true }, OBJECT, '?color[R]=100&color[G]=200&color[B]=150'],
    [
      'B88 deepObject nested',
      { style: 'deepObject' },
      { a: { b: 1 }, c: [1, 2], d: [{ e: 1 }, { e: 2 }] },
      '?color[a][b]=1&color[c][]=1&color[c][]=2&color[d][0][e]=1&color[d][1][e]=2',
    ],
    ['B74 an empty text is sent when given', {}, '', '?color='],
    ['B92 an empty list is left out', {}, [], ''],
    ['B92 an empty object is left out', { explode: false }, {}, ''],
    [
      'B89 delimiters inside values are encoded',
      { explode: false },
      ['a,b', 'c|d', 'e&f', 'g=h', 'i+j', 'k#l'],
      '?color=a%2Cb,c%7Cd,e%26f,g%3Dh,i%2Bj,k%23l',
    ],
    ['S14 a value cannot add a parameter', {}, 'a&b=c', '?color=a%26b%3Dc'],
    [
      'B90 allowReserved keeps reserved characters',
      { allowReserved: true },
      "/:?[]@!$'()*,;=",
      "?color=/:?[]@!$'()*,;=",
    ],
    [
      'B90 allowReserved still encodes what would end or split',
      { allowReserved: true },
      'a&b#c+d',
      '?color=a%26b%23c%2Bd',
    ],
    ['B91 booleans', {}, true, '?color=true'],
    ['B91 numbers without exponent', {}, 1e21, '?color=1000000000000000000000'],
    ['B91 small numbers without exponent', {}, 1.5e-7, '?color=0.00000015'],
    ['B56 exact numbers', {}, exactNumber('9007199254740993'), '?color=9007199254740993'],
    [
      'B94 content is JSON text',
      { schema: undefined, content: { 'application/json': {} } },
      { a: 1 },
      '?color=%7B%22a%22%3A1%7D',
    ],
  ])('%s', (_name, parameter, value, want) => expect(query(parameter, value)).toBe(want))

  test.each([
    ['ids[]', 'ids', '?ids[]=1&ids[]=2'],
    ['$filter', 'filter', '?$filter=1&$filter=2'],
    ['__proto__', 'proto', '?__proto__=1&__proto__=2'],
    ['constructor', 'constructor', '?constructor=1&constructor=2'],
    ['a b&c', 'a_b_c', '?a%20b%26c=1&a%20b%26c=2'],
  ])('B39 B93 B96 the name %s is an argument %s and comes back on the wire', (name, argument, want) => {
    expect(targetFor(withParameter({ name, in: 'query', schema: {} }), { [argument]: [1, 2] })).toBe(`/x${want}`)
  })

  test('B96 one argument is the whole query', () => {
    const document = withParameter(
      {
        name: 'q',
        in: 'querystring',
        content: { 'application/x-www-form-urlencoded': { schema: { type: 'object' } } },
      },
      '3.2.0',
    )
    expect(targetFor(document, { q: { a: 1, b: ['x y', 'z'] } })).toBe('/x?a=1&b=x+y&b=z')
  })

  test.each([
    ['csv', '?ids=1,2'],
    ['ssv', '?ids=1%202'],
    ['tsv', '?ids=1%092'],
    ['pipes', '?ids=1%7C2'],
    ['multi', '?ids=1&ids=2'],
    [undefined, '?ids=1,2'],
  ])('B95 collectionFormat %s of Swagger 2', (collectionFormat, want) => {
    const parameters = [{ name: 'ids', in: 'query', type: 'array', items: { type: 'integer' }, collectionFormat }]
    const document = {
      swagger: '2.0',
      info: {},
      host: 'api.test',
      basePath: '/v1',
      paths: { '/x': { get: { parameters } } },
    }
    expect(targetFor(document, { ids: [1, 2] })).toBe(`/x${want}`)
  })
})

describe('header and cookie parameters', () => {
  const header = (explode: boolean, value: unknown) =>
    headerOf(
      requestFor(withParameter({ name: 'X-Color', in: 'header', explode, schema: {} }), { 'X-Color': value }),
      'x-color',
    )

  test.each<[string, boolean, unknown, string]>([
    ['B97', false, 'blue', 'blue'],
    ['B97', false, ARRAY, 'blue,black,brown'],
    ['B97', false, OBJECT, 'R,100,G,200,B,150'],
    ['B97', true, OBJECT, 'R=100,G=200,B=150'],
  ])('%s explode=%s %j', (_row, explode, value, want) => expect(header(explode, value)).toBe(want))

  test.each(['a\r\nX-Admin: 1', 'a\nb', 'a\u0000b', 'snow ☃'])('B99 S15 %j is refused', (value) => {
    expect(() => header(false, value)).toThrow(CallFailure)
  })

  test.each<[string, object, unknown, string]>([
    ['B101 a plain value', {}, 5, 'id=5'],
    ['B101 a list', { explode: false }, [3, 4, 5], 'id=3,4,5'],
    ['S17 a value cannot add a cookie', {}, 'a=b; admin=1', 'id=a%3Db%3B%20admin%3D1'],
    ['B101 3.2 style cookie, exploded', { style: 'cookie', explode: true }, { a: 1, b: 2 }, 'a=1; b=2'],
  ])('%s', (_name, parameter, value, want) => {
    const request = requestFor(withParameter({ name: 'id', in: 'cookie', schema: {}, ...parameter }, '3.2.0'), {
      id: value,
    })
    expect(headerOf(request, 'cookie')).toBe(want)
  })

  test('S17 a bare cookie that would end early is refused', () => {
    const document = withParameter({ name: 'id', in: 'cookie', style: 'cookie', schema: {} }, '3.2.0')
    expect(() => requestFor(document, { id: 'a; admin=1' })).toThrow(CallFailure)
  })

  test.each([['a=1; session'], ['a\r\nx'], ['a b'], [''], ['é']])(
    'S17 the key %j of an exploded cookie is refused',
    (key) => {
      const document = withParameter({ name: 'id', in: 'cookie', style: 'cookie', explode: true, schema: {} }, '3.2.0')
      expect(() => requestFor(document, { id: { [key]: 'evil' } })).toThrow(CallFailure)
    },
  )

  test('several cookies are one header', () => {
    const parameters = ['a', 'b'].map((name) => ({ name, in: 'cookie', schema: {} }))
    expect(headerOf(requestFor(openapi({ '/x': { get: { parameters } } }), { a: 1, b: 'x y' }), 'cookie')).toBe(
      'a=1; b=x%20y',
    )
  })
})

describe('bodies', () => {
  const post = (content: object, more: object = {}) =>
    openapi({ '/x': { post: { requestBody: { required: true, content, ...more } } } })
  const sent = (content: object, args: Record<string, unknown>, more?: object) => {
    const request = requestFor(post(content, more), args)
    return { type: headerOf(request, 'content-type'), body: bodyText(request) }
  }
  const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more })

  test.each([
    ['application/json'],
    ['application/json; charset=utf-8'],
    ['application/json-patch+json'],
    ['application/vnd.api+json'],
  ])('B103 %s is JSON with that very type', (type) => {
    expect(sent({ [type]: { schema: { type: 'array' } } }, { body: [{ op: 'add' }] })).toEqual({
      type,
      body: '[{"op":"add"}]',
    })
  })

  test('B44 B117 properties are arguments and reach the body under their own names', () => {
    const schema = { allOf: [{ $ref: '#/components/schemas/Base' }, object({ body: {}, data: {}, 'a.b': {} })] }
    const document = {
      ...post({ 'application/json': { schema } }),
      components: { schemas: { Base: object({ requestBody: {} }) } },
    }
    expect(bodyText(requestFor(document, { body: 1, data: { x: 2 }, 'a.b': 3, requestBody: 4 }))).toBe(
      '{"requestBody":4,"body":1,"data":{"x":2},"a.b":3}',
    )
  })

  test('B38 one name in four places is four arguments', () => {
    const parameters = ['path', 'query', 'header'].map((place) => ({
      name: 'id',
      in: place,
      required: true,
      schema: {},
    }))
    const requestBody = { required: true, content: { 'application/json': { schema: object({ id: {} }) } } }
    const request = requestFor(openapi({ '/x/{id}': { post: { parameters, requestBody } } }), {
      id: 'p',
      query_id: 'q',
      header_id: 'h',
      body_id: 'b',
    })
    expect(request.url).toBe('https://api.test/v1/x/p?id=q')
    expect([headerOf(request, 'id'), bodyText(request)]).toEqual(['h', '{"id":"b"}'])
  })

  test('B105 an optional body that is not given is not sent, and an empty one is', () => {
    const content = { 'application/json': { schema: object({ a: {} }) } }
    expect(sent(content, {}, { required: false })).toEqual({ type: undefined, body: undefined })
    expect(sent(content, {}, { required: true })).toEqual({ type: 'application/json', body: '{}' })
    expect(sent({ 'application/json': { schema: { type: 'object' } } }, { body: {} }, { required: false })).toEqual({
      type: 'application/json',
      body: '{}',
    })
  })

  test.each([
    ['B60 a list', { type: 'array' }, [1, 2], '[1,2]'],
    ['B60 a text', { type: 'string' }, 'x', '"x"'],
    ['B60 false', { type: 'boolean' }, false, 'false'],
    ['B59 a map', { type: 'object', additionalProperties: {} }, { a: 1 }, '{"a":1}'],
    ['B45 a union', { oneOf: [object({ a: {} }), object({ b: {} })] }, { b: 2 }, '{"b":2}'],
    ['B61 a body without schema', undefined, { free: 1 }, '{"free":1}'],
    [
      'B120 key order, unicode and digits',
      {},
      { b: 'ü<&>', a: exactNumber('12345678901234567890') },
      '{"b":"ü<&>","a":12345678901234567890}',
    ],
  ])('%s is one argument and bare JSON', (_name, schema, value, want) => {
    expect(sent({ 'application/json': { schema } }, { body: value }).body).toBe(want)
  })

  test('B118 nested properties are kept whole', () => {
    expect(
      sent(
        { 'application/json': { schema: object({ item: object({ id: {}, createdAt: {} }) }) } },
        { item: { id: 1, createdAt: 'x' } },
      ).body,
    ).toBe('{"item":{"id":1,"createdAt":"x"}}')
  })

  test('B107 a form: lists repeat, objects are JSON text unless the encoding has a style, spaces are plus', () => {
    const schema = object({ name: {}, tags: { type: 'array' }, address: { type: 'object' }, ok: {} })
    const args = { name: 'a b&c', tags: ['x', 'y'], address: { city: 'Ulm', geo: { lat: 1 } }, ok: true }
    expect(sent({ 'application/x-www-form-urlencoded': { schema } }, args)).toEqual({
      type: 'application/x-www-form-urlencoded',
      body: 'name=a+b%26c&tags=x&tags=y&address=%7B%22city%22%3A%22Ulm%22%2C%22geo%22%3A%7B%22lat%22%3A1%7D%7D&ok=true',
    })
  })

  test('B107 a form by its encoding', () => {
    const media = {
      schema: object({ ids: {}, meta: {} }),
      encoding: { ids: { style: 'pipeDelimited', explode: false }, meta: { contentType: 'application/json' } },
    }
    expect(sent({ 'application/x-www-form-urlencoded': media }, { ids: [1, 2], meta: { a: 1 } }).body).toBe(
      'ids=1%7C2&meta=%7B%22a%22%3A1%7D',
    )
  })

  test('B108 B109 B110 a multipart form: fields, a JSON part, files and lists of files', () => {
    const file = { type: 'string', format: 'binary' }
    const schema = object({
      title: {},
      meta: { type: 'object' },
      doc: file,
      pages: { type: 'array', items: file },
      none: file,
    })
    const pages = [
      'data:image/png;base64,AAEC',
      { filename: 'b".txt\r\nX: 1', contentType: 'text/plain', data: 'aGk=' },
    ]
    const { type, body } = sent(
      { 'multipart/form-data': { schema } },
      { title: 'T', meta: { a: 1 }, doc: 'aGVsbG8=', pages },
    )
    const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(type!)![1]!
    const parts = body!
      .split(`--${boundary}`)
      .slice(1, -1)
      .map((part) => part.trim())
    expect(parts).toEqual([
      'Content-Disposition: form-data; name="title"\r\n\r\nT',
      'Content-Disposition: form-data; name="meta"\r\nContent-Type: application/json\r\n\r\n{"a":1}',
      'Content-Disposition: form-data; name="doc"; filename="doc"\r\nContent-Type: application/octet-stream\r\n\r\nhello',
      'Content-Disposition: form-data; name="pages"; filename="pages"\r\nContent-Type: image/png\r\n\r\n\u0000\u0001\u0002',
      'Content-Disposition: form-data; name="pages"; filename="b%22.txt%0D%0AX: 1"\r\nContent-Type: text/plain\r\n\r\nhi',
    ])
    expect(body!.endsWith(`--${boundary}--\r\n`)).toBe(true)
  })

  test('S19 B187 a boundary never stands in the content, and the same arguments give the same bytes', () => {
    const media = { 'multipart/form-data': { schema: object({ a: {} }) } }
    const first = sent(media, { a: 'x' })
    const boundary = first.type!.split('boundary=')[1]!
    expect(sent(media, { a: 'x' })).toEqual(first)
    expect(sent(media, { a: `--${boundary}--` }).type).not.toContain(boundary)
  })

  test.each([
    ['B113 bytes', 'application/octet-stream', 'aGVsbG8=', 'hello'],
    ['B113 an image from a data URL', 'image/png', 'data:image/png;base64,aGk=', 'hi'],
    ['B114 text', 'text/plain', 'say "hi"', 'say "hi"'],
    ['B114 CSV', 'text/csv', 'a,b\n1,2', 'a,b\n1,2'],
    ['B115 XML as text', 'application/xml', '<a/>', '<a/>'],
    ['B116 NDJSON', 'application/x-ndjson', [{ a: 1 }, { a: 2 }], '{"a":1}\n{"a":2}\n'],
  ])('%s', (_name, type, value, want) => {
    expect(sent({ [type]: { schema: { type: 'string' } } }, { body: value })).toEqual({ type, body: want })
  })

  test.each(['not base64!', 'Hello', 'HelloWorld', 'Hello World', 'aGk=x', 'aGl=', 'data:;base64,Hello', 'data:,%zz'])(
    'B109 %s is no base64, and is refused and not sent as other bytes',
    (body) => expect(() => sent({ 'image/png': {} }, { body })).toThrow(/base64 or as a data URL, such as/),
  )

  test.each([
    ['in lines', ' aGVs\r\n bG8=\n', 'application/octet-stream', 'hello'],
    ['without padding', 'aGVsbG8', 'application/octet-stream', 'hello'],
    ['in capitals', 'DATA:text/csv;BASE64,aGk=', 'text/csv', 'hi'],
    ['percent-encoded', 'data:text/csv;base64,aGk%3D', 'text/csv', 'hi'],
    ['of bytes that are no text', 'data:image/gif,%FF%00a', 'image/gif', '\u00FF\u0000a'],
    ['of a charset', 'data:text/csv;charset=latin1;base64,6Q==', 'text/csv;charset=latin1', '\u00E9'],
    ['of parameters alone', 'data:;charset=utf-8,hi', 'text/plain;charset=utf-8', 'hi'],
  ])('B109 a file given %s', (_how, body, type, want) => {
    const content = { '*/*': { schema: { type: 'string', format: 'binary' } } }
    const request = requestFor(openapi({ '/x': { post: { requestBody: { content } } } }), { body })
    expect(headerOf(request, 'content-type')).toBe(type)
    expect(Buffer.from(request.body as Uint8Array).toString('latin1')).toBe(want)
  })

  test('B104 JSON where it is offered, else as the argument contentType says', () => {
    const schema = object({ a: {} })
    expect(sent({ 'application/xml': { schema }, 'application/json': { schema } }, { a: 1 }).type).toBe(
      'application/json',
    )
    const forms = { 'multipart/form-data': { schema }, 'application/x-www-form-urlencoded': { schema } }
    expect(sent(forms, { a: 1 }).type).toBe('application/x-www-form-urlencoded')
    expect(sent(forms, { a: 1, contentType: 'multipart/form-data' }).type).toMatch(/^multipart\/form-data; boundary=/)
  })

  test('B106 a DELETE sends its body', () => {
    const requestBody = { required: true, content: { 'application/json': { schema: object({ ids: {} }) } } }
    expect(bodyText(requestFor(openapi({ '/x': { delete: { requestBody } } }), { ids: [1] }))).toBe('{"ids":[1]}')
  })
})

test('B161 base path and path meet in one slash, and a trailing slash is kept', () => {
  const document = { ...openapi({ '/x/': { get: {} } }), servers: [{ url: 'https://api.test/v1/' }] }
  expect(requestFor(document, {}).url).toBe('https://api.test/v1/x/')
})

test('B164 an operation with base URLs of its own is called there', () => {
  const document = openapi({
    '/x': { servers: [{ url: 'https://path.test' }], get: {}, post: { servers: [{ url: 'https://op.test/v2' }] } },
  })
  const { paths } = document as { paths: Record<string, Record<string, unknown>> }
  expect(requestFor(openapi({ '/x': { ...paths['/x'], post: undefined } }), {}).url).toBe('https://path.test/x')
  expect(requestFor(openapi({ '/x': { ...paths['/x'], get: undefined } }), {}).url).toBe('https://op.test/v2/x')
})
