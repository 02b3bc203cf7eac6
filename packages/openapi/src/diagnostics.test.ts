import { describe, expect, test } from 'vitest'
import { definitionOf, definitions, headerOf, openapi, read, requestFor, withParameter } from './testing/read-one.ts'

const told = (document: object) => read(document).diagnostics.map(({ code, pointer }) => `${code} ${pointer}`)
const swagger = (item: object, more: object = {}) => ({
  swagger: '2.0',
  host: 'api.test',
  paths: { '/x': item },
  ...more,
})
const ask = (schema: object) => ({ get: { parameters: [{ name: 'q', in: 'query', schema }] } })

describe('what a document gets wrong is said', () => {
  const schemas = {
    Self: { $ref: '#/components/schemas/Self' },
    A: { $ref: '#/components/schemas/B' },
    B: { allOf: [{ $ref: '#/components/schemas/A' }] },
    Base: { type: 'object', properties: { k: {} }, anyOf: [{ $ref: '#/components/schemas/Heir' }] },
    Heir: { allOf: [{ $ref: '#/components/schemas/Base' }, { properties: { h: {} } }] },
    Tree: { type: 'object', properties: { kid: { $ref: '#/components/schemas/Tree' } } },
  }
  test('two parameters that are the whole query: the first is sent, the other is said to be left out', () => {
    const whole = (name: string) => ({ name, in: 'querystring', content: { 'application/json': { schema: {} } } })
    const document = { ...openapi({ '/x': { get: { parameters: [whole('a'), whole('b')] } } }), openapi: '3.2.0' }
    expect(told(document)).toEqual(['parameter-invalid /paths/~1x/get/parameters/1'])
    expect(Object.keys(definitionOf(document).operation.inputSchema.properties as object)).toEqual(['a'])
  })

  test.each<[string, object, string[]]>([
    [
      'B12 a schema that refers to itself',
      openapi({ '/x': ask({ $ref: '#/components/schemas/Self' }) }, { components: { schemas } }),
      ['ref-circular /components/schemas/Self'],
    ],
    [
      'B12 two that refer to each other',
      openapi({ '/x': ask({ $ref: '#/components/schemas/A' }) }, { components: { schemas } }),
      ['ref-circular /components/schemas/A'],
    ],
    [
      'B12 not a base whose choices build on it',
      openapi({ '/x': ask({ $ref: '#/components/schemas/Base' }) }, { components: { schemas } }),
      [],
    ],
    [
      'B14 not a tree',
      openapi({ '/x': ask({ $ref: '#/components/schemas/Tree' }) }, { components: { schemas } }),
      ['schema-elided /paths/~1x/get'],
    ],
    [
      'B17 an operationId that two operations have',
      openapi({ '/x': { get: { operationId: 'a' }, post: { operationId: 'a' }, put: { operationId: 'b' } } }),
      ['operation-id-twice /paths/~1x/post/operationId'],
    ],
    [
      'B26 each name of a path that is not declared',
      openapi({ '/x/{a}/{b}': { get: {} } }),
      ['path-parameter-undeclared /paths/~1x~1{a}~1{b}/get', 'path-parameter-undeclared /paths/~1x~1{a}~1{b}/get'],
    ],
    [
      'a style that there is not',
      openapi({ '/x': { get: { parameters: [{ name: 'q', in: 'query', style: 'bogus', schema: {} }] } } }),
      ['style-unknown /paths/~1x/get/parameters/0/style'],
    ],
    [
      'S14 a style of another place: a parameter in a path, a header, a cookie',
      openapi({
        '/x/{p}': {
          get: {
            parameters: [
              { name: 'p', in: 'path', required: true, style: 'deepObject', schema: {} },
              { name: 'h', in: 'header', style: 'pipeDelimited', schema: {} },
              { name: 'c', in: 'cookie', style: 'pipeDelimited', schema: {} },
              { name: 'q', in: 'query', style: 'simple', schema: {} },
            ],
          },
        },
      }),
      [0, 1, 2, 3].map((index) => `style-unfit /paths/~1x~1{p}/get/parameters/${index}/style`),
    ],
    [
      'B95 multi, which Swagger 2.0 has in queries and forms alone',
      swagger({ get: { parameters: [{ name: 'h', in: 'header', type: 'array', collectionFormat: 'multi' }] } }),
      ['style-unfit /paths/~1x/get/parameters/0/collectionFormat'],
    ],
    [
      'not a delimiter that Swagger 2.0 has in every place',
      swagger({ get: { parameters: [{ name: 'h', in: 'header', type: 'array', collectionFormat: 'pipes' }] } }),
      [],
    ],
    [
      'B66 a parameter with two media types, with a schema too, with no media type, with what is none',
      openapi({
        '/x': {
          get: {
            parameters: [
              { name: 'a', in: 'query', content: { 'application/json': {}, 'text/plain': {} } },
              { name: 'b', in: 'query', schema: {}, content: { 'application/json': {} } },
              { name: 'c', in: 'query', content: {} },
              { name: 'd', in: 'query', content: { json: { schema: {} } } },
            ],
          },
        },
      }),
      [
        'parameter-content /paths/~1x/get/parameters/0/content',
        'parameter-content /paths/~1x/get/parameters/1/content',
        'parameter-content /paths/~1x/get/parameters/2/content',
        'media-type-invalid /paths/~1x/get/parameters/3/content/json',
      ],
    ],
    [
      'B162 B165 B166 a server whose URL is cut, is never called, or has a hole',
      openapi(
        { '/x': { get: {}, servers: [{ url: 'https://api.test/v1#top' }] } },
        {
          servers: [
            { url: 'https://api.test/v1?key=1' },
            { url: 'wss://api.test' },
            { url: 'https://{host}/v1' },
            { url: 'https://a:b@api.test' },
            { url: '/v1' },
            {},
            { url: 'https://{e}.test', variables: { e: { enum: ['a', 'b'], default: 'c' } } },
          ],
        },
      ),
      [
        'server-url-cut /servers/0/url',
        'server-unread /servers/1/url',
        'server-unread /servers/2/url',
        'server-unread /servers/3/url',
        'server-unread /servers/5/url',
        'server-variable /servers/6/url',
        'server-url-cut /paths/~1x/servers/0/url',
      ],
    ],
    [
      'B96 a whole query beside a part of one',
      {
        ...openapi({
          '/x': {
            get: {
              parameters: [
                { name: 'all', in: 'querystring', content: { 'application/x-www-form-urlencoded': {} } },
                { name: 'q', in: 'query', schema: {} },
              ],
            },
          },
        }),
        openapi: '3.2.0',
      },
      ['querystring-mixed /paths/~1x/get/parameters/0'],
    ],
    [
      'a collectionFormat that there is not',
      swagger({ get: { parameters: [{ name: 'q', in: 'query', type: 'array', collectionFormat: 'brackets' }] } }),
      ['style-unknown /paths/~1x/get/parameters/0/collectionFormat'],
    ],
  ])('%s', (_name, document, want) => expect(told(document)).toEqual(want))
})

describe('a parameter is written all the same', () => {
  const sent = (parameter: { name: string; in: string; [key: string]: unknown }, value: unknown) =>
    requestFor(withParameter({ schema: {}, ...parameter }), { v: value })
  const OBJECT = { a: 1, b: 2 }

  test.each<[string, string, unknown, string]>([
    ['path', 'deepObject', OBJECT, '/x/a,1,b,2/y'],
    ['path', 'form', OBJECT, '/x/a,1,b,2/y'],
    ['path', 'pipeDelimited', [1, 2], '/x/1%7C2/y'],
    ['query', 'simple', [1, 2], '/x?v=1,2'],
    ['query', 'matrix', [1, 2], '/x?v=1&v=2'],
  ])('in a %s with the style %s', (place, style, value, want) => {
    expect(sent({ name: 'v', in: place, style }, value).url).toBe(`https://api.test/v1${want}`)
  })

  test.each([
    ['header', 'form', 'v', 'a,1,b,2'],
    ['cookie', 'deepObject', 'cookie', 'v=a,1,b,2'],
  ])('in a %s with the style %s', (place, style, header, want) => {
    expect(headerOf(sent({ name: 'v', in: place, style }, OBJECT), header)).toBe(want)
  })

  test('the first media type counts, and a schema where content has none', () => {
    const url = (parameter: object) => sent({ name: 'v', in: 'query', ...parameter }, 'a').url
    expect(url({ schema: undefined, content: { 'application/json': {}, 'text/plain': {} } })).toContain('?v=%22a%22')
    expect(url({ content: { 'application/json': {} } })).toContain('?v=%22a%22')
    expect(url({ content: {} })).toContain('?v=a')
    expect(url({ content: { json: {} } })).toContain('?v=%22a%22')
  })
})

describe('B146 B149 schemes that no credential can meet', () => {
  const securitySchemes = {
    digest: { type: 'http', scheme: 'Digest' },
    mutual: { type: 'mutualTLS' },
    key: { type: 'apiKey', in: 'header', name: 'X-Key' },
    unused: { type: 'http', scheme: 'hoba' },
  }

  test('are said, where an operation wants them', () => {
    const security = [{ digest: [], key: [] }, { mutual: [] }, { gone: [] }]
    const spec = read(openapi({ '/x': { get: { security } } }, { components: { securitySchemes } }))
    expect(spec.neededSchemes).toEqual(['key'])
    expect(spec.diagnostics.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      'security-unsupported /components/securitySchemes/digest',
      'security-unsupported /components/securitySchemes/mutual',
      'security-undeclared /paths/~1x/get/security',
    ])
    expect(spec.diagnostics[0]!.message).toContain('HTTP digest')
  })

  test.each([
    ['header', 'X Key', false],
    ['cookie', 'a=b', false],
    ['query', '', false],
    ['header', ' X-Key ', true],
    ['query', 'my key', true],
  ])('B145 a key in a %s named %j', (place, name, isMet) => {
    const key = { type: 'apiKey', in: place, name }
    const spec = read(
      openapi({ '/x': { get: { security: [{ key: [] }] } } }, { components: { securitySchemes: { key } } }),
    )
    expect(spec.diagnostics.map(({ code }) => code)).toEqual(isMet ? [] : ['security-unsupported'])
    if (isMet) expect(spec.securitySchemes.key).toEqual({ ...key, name: name.trim() })
  })

  test('in Swagger 2.0 too, where they stand there', () => {
    const securityDefinitions = { x: { type: 'hmac' } }
    expect(told(swagger({ get: { security: [{ x: [] }] } }, { securityDefinitions }))).toEqual([
      'security-unsupported /securityDefinitions/x',
    ])
  })

  test('a scheme named by its URI is that scheme (OpenAPI 3.2.0 4.30)', () => {
    const security = [{ '#/components/securitySchemes/key': [] }]
    const spec = read(openapi({ '/x': { get: {} } }, { components: { securitySchemes }, security }))
    expect(spec.neededSchemes).toEqual(['key'])
    expect(definitions(spec)[0]!.operation.security).toEqual([{ key: [] }])
  })
})

test.each([
  ['https://api.test/', '/v1', 'https://api.test/v1', ['host-invalid /host']],
  ['http://api.test:8080/base/', '', 'http://api.test:8080/base', ['host-invalid /host']],
  ['api.test/base', 'v1', 'https://api.test/base/v1', ['host-invalid /host']],
  ['api.test', '/', 'https://api.test', []],
  ['api.test:8080', '/v1/', 'https://api.test:8080/v1', []],
])('B2 the host %s with the base path %j is %s', (host, basePath, baseUrl, want) => {
  const document = { ...swagger({ get: {} }), host, basePath }
  expect(read(document).baseUrl).toBe(baseUrl)
  expect(told(document)).toEqual(want)
})

describe('B20 the body of a Swagger 2.0 operation wins over that of its path', () => {
  const body = (name: string) => ({ name: 'body', in: 'body', schema: { type: 'object', properties: { [name]: {} } } })
  const field = (name: string) => ({ name, in: 'formData', type: 'string' })
  test.each([
    ['a body over another', body('shared'), [{ ...body('own'), name: 'other' }], ['own']],
    ['a form over a body', body('shared'), [field('own')], ['own']],
    ['a body over a form', field('shared'), [body('own')], ['own']],
    ['a field joins others', field('shared'), [field('own')], ['shared', 'own']],
    ['a field over itself', field('own'), [{ ...field('own'), type: 'integer' }], ['own']],
  ])('%s', (_name, shared, parameters, want) => {
    const document = swagger({ parameters: [shared], post: { parameters } })
    expect(Object.keys(definitionOf(document).operation.inputSchema.properties as object)).toEqual(want)
    expect(told(document)).toEqual([])
  })
})
