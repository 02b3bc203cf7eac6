import type { OperationDefinition } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { encodeXml } from './encode-xml.ts'
import { importSpec } from './import-spec.ts'
import { definitions, openapi, read } from './testing/read-one.ts'

const told = (document: object) => read(document).diagnostics.map(({ code, pointer }) => [code, pointer])

describe('B11 nothing is lost in silence', () => {
  test.each<[string, object, unknown[]]>([
    ['a parameter that is a text', { parameters: ['foo'] }, ['parameter-invalid', '/paths/~1x/post/parameters/0']],
    ['parameters that are no list', { parameters: { a: {} } }, ['parameter-invalid', '/paths/~1x/post/parameters']],
    ['a body that is a text', { requestBody: 'x' }, ['body-invalid', '/paths/~1x/post/requestBody']],
    ['content that is a list', { requestBody: { content: [] } }, ['body-invalid', '/paths/~1x/post/requestBody']],
    ['a requirement that is a text', { security: ['key'] }, ['security-invalid', '/paths/~1x/post/security/0']],
  ])('%s', (_name, operation, want) => {
    expect(told(openapi({ '/x': { post: operation } }))).toEqual([want])
  })

  test.each<[string, object | string, string, object]>([
    ['a schema that is a list', [{ type: 'string' }] as never, '', {}],
    ['a schema that is a text', 'string', '', {}],
    ['properties that are a list', { type: 'object', properties: [{ a: {} }] }, '/properties', { type: 'object' }],
    ['a composition that is an object', { allOf: { type: 'string' } }, '/allOf', { allOf: [{ type: 'string' }] }],
    ['items that are a text', { type: 'array', items: 'string' }, '/items', { type: 'array' }],
    ['values that are a text', { type: 'string', enum: 'a' }, '/enum', { type: 'string' }],
    [
      'required as drafts before the fourth had it',
      { type: 'string', required: true },
      '/required',
      { type: 'string' },
    ],
    ['a type among others that is none', { type: ['objct', 'null'] }, '/type', {}],
  ])('%s: what is left is taken, and it is said where', (_name, schema, at, want) => {
    const document = openapi({ '/x': { get: { parameters: [{ name: 'q', in: 'query', schema }] } } })
    expect(told(document).map(([code, pointer]) => [code, pointer])).toEqual([
      [at === '/type' ? 'type-unknown' : 'schema-invalid', `/paths/~1x/get/parameters/0/schema${at}`],
    ])
    const [tool] = definitions(read(document))
    expect(tool!.operation.inputSchema.properties).toEqual({ q: want })
  })

  test('servers that are no list', () => {
    const document = openapi({ '/x': { get: {} } }, { servers: { url: 'https://a.test' } })
    expect(told(document)).toEqual([['server-unread', '/servers']])
  })

  test('paths of an extension, which are not read', () => {
    const document = openapi({ '/x': { get: {} } }, { 'x-ms-paths': { '/x?comp=list': { get: {} } } })
    expect(told(document)).toEqual([['paths-extension', '/x-ms-paths']])
  })

  test('a server that may be a host without its scheme', () => {
    const text = JSON.stringify(openapi({ '/x': { get: {} } }, { servers: [{ url: 'api.test/v1' }, { url: 'v1' }] }))
    const { diagnostics } = importSpec({ text, url: 'https://x.test/docs/api.json' }, { countTokens: () => 1 })
    expect(diagnostics).toMatchObject([
      {
        code: 'server-no-scheme',
        pointer: '/servers/0/url',
        message: expect.stringContaining('https://x.test/docs/api.test/v1'),
      },
    ])
  })

  test.each<[string, object]>([
    ['additionalOperations beside a method', { '/y': { post: {}, additionalOperations: { POST: {} } } }],
    ['additionalOperations in small letters', { '/y': { additionalOperations: { post: {}, POST: {} } } }],
    ['a path with and without its slash', { '/y': { post: {} }, y: { post: {} } }],
  ])('%s: the second is skipped with its reason', (_name, paths) => {
    const spec = read({ ...openapi(paths), openapi: '3.2.0' })
    expect(spec.coverage).toMatchObject({ operations: 2, imported: 1, skipped: 1 })
    expect(spec.diagnostics.at(-1)).toMatchObject({
      code: 'operation-skipped',
      message: expect.stringContaining('POST /y twice'),
    })
  })

  test('B22 a method in small letters among them is sent in capitals', () => {
    const spec = read({ ...openapi({ '/y': { additionalOperations: { post: {}, purge: {} } } }), openapi: '3.2.0' })
    expect(definitions(spec).map(({ operation }) => operation.method)).toEqual(['POST', 'purge'])
  })

  test('B11 a path that leads out of itself is skipped with its reason, not blamed on arguments (B26)', () => {
    const spec = read(openapi({ '/a/../b': { get: {} }, '/a/%2e': { get: {} }, '/a/..b': { get: {} } }))
    expect(spec.operations.map(({ path }) => path)).toEqual(['/a/..b'])
    expect(spec.diagnostics.map(({ code }) => code)).toEqual(['operation-skipped', 'operation-skipped'])
  })

  test('Swagger 2.0: a second body, a form beside one, a field without a name', () => {
    const swagger = (parameters: object[]) => ({
      swagger: '2.0',
      info: {},
      host: 'a.test',
      paths: { '/x': { post: { parameters } } },
    })
    const body = { in: 'body', name: 'a', schema: { type: 'object' } }
    const at = (index: number) => [['parameter-invalid', `/paths/~1x/post/parameters/${index}`]]
    expect(told(swagger([body, { ...body, name: 'b' }]))).toEqual(at(1))
    expect(told(swagger([body, { in: 'formData', name: 'f', type: 'string' }]))).toEqual(at(1))
    const nameless = swagger([
      { in: 'formData', type: 'string' },
      { in: 'formData', name: 'f', type: 'string' },
    ])
    expect(told(nameless)).toEqual(at(0))
    const [operation] = definitions(read(nameless))
    expect(Object.keys(operation!.operation.inputSchema.properties as object)).toEqual(['f'])
  })
})

test('B11 security that cannot be read is not read as none: what the document wants of all holds', () => {
  const securityOf = (security: unknown) =>
    definitions(read(openapi({ '/x': { get: { security } } }, { security: [{ key: [] }] })))[0]!.operation.security
  expect(securityOf(['key'])).toEqual([{ key: [] }])
  expect(securityOf('key')).toEqual([{ key: [] }])
  expect(securityOf(['key', { other: [] }])).toEqual([{ other: [] }])
  expect(securityOf([])).toEqual([])
})

describe('B12 coverage is right', () => {
  test('past what is kept, skipped operations and notes are still counted', () => {
    const paths = Object.fromEntries(
      Array.from({ length: 1_200 }, (_item, index) => [
        `/p${index}`,
        { get: { parameters: ['x'] }, post: 'no operation', put: { requestBody: { $ref: '#/gone' } } },
      ]),
    )
    const spec = read(openapi(paths))
    expect(spec.coverage).toEqual({ operations: 3_600, imported: 2_400, withDiagnostics: 2_400, skipped: 1_200 })
    expect(spec.diagnostics.at(-1)).toMatchObject({
      code: 'findings-more',
      message: '1600 more are not listed: 700 parameter-invalid, 700 ref-missing, 200 operation-skipped',
    })
  })

  test('a lost parameter of a path counts for each of its operations, one of Swagger 2.0 too', () => {
    const parameters = [{ $ref: '#/parameters/Gone' }]
    expect(read(openapi({ '/x': { parameters, get: {}, post: {} } })).coverage.withDiagnostics).toBe(2)
    const swagger = { swagger: '2.0', info: {}, host: 'a.test', paths: { '/x': { get: { parameters }, post: {} } } }
    expect(read(swagger).coverage.withDiagnostics).toBe(1)
  })

  test('operations of a path that is none, or that leads nowhere, are skipped with a reason', () => {
    const spec = read(
      openapi({ '/a': { $ref: '#/gone' }, 'https://x.test/y': { get: {}, put: {} }, '/t': 'text', '/ok': { get: {} } }),
    )
    expect(spec.coverage).toEqual({ operations: 5, imported: 1, withDiagnostics: 0, skipped: 4 })
    expect(spec.diagnostics.filter(({ code }) => code === 'operation-skipped')).toHaveLength(4)
  })
})

describe('C8 S17 what is no media type never becomes a header', () => {
  test.each([['text/plain\r\nx: y'], ['text/größe']])('%j of a body, a part and an answer', (type) => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } }
    const post = {
      requestBody: {
        content: { [type]: { schema }, 'multipart/form-data': { schema, encoding: { a: { contentType: type } } } },
      },
      responses: { 200: { content: { [type]: {} } } },
    }
    const spec = read(openapi({ '/x': { post } }))
    expect(spec.diagnostics.map(({ code }) => code)).toEqual(Array.from({ length: 3 }, () => 'media-type-invalid'))
    const text = JSON.stringify(definitions(spec)[0]!.operation)
    expect(text).not.toContain(JSON.stringify(type).slice(1, -1))
  })
})

test.each<[string, object[], string[]]>([
  ['another host', [{ url: 'https://other.test/v2' }], ['base-url-own']],
  ['another path of the same host', [{ url: 'https://api.test/v2' }], []],
  ['a relative one of a text that came from nowhere', [{ url: '/v2' }], ['base-url-unread']],
  ['a web socket', [{ url: 'wss://api.test' }], ['base-url-unread']],
])('B10 servers of an operation: %s', (_name, servers, want) => {
  const { diagnostics } = read(openapi({ '/x': { get: { servers } }, '/y': { servers, get: {} } }))
  expect(diagnostics.map(({ code }) => code)).toEqual([...want, ...want])
  if (want[0] === 'base-url-own') expect(diagnostics[0]!.message).toContain('https://other.test')
})

describe('B27 names that JavaScript has a meaning for', () => {
  test('a security scheme called __proto__', () => {
    const schemes =
      '{"__proto__": {"type": "http", "scheme": "bearer"}, "constructor": {"type": "http", "scheme": "basic"}}'
    const { securitySchemes } = read(openapi({}, { components: { securitySchemes: JSON.parse(schemes) } }))
    expect(Object.keys(securitySchemes)).toEqual(['__proto__', 'constructor'])
  })

  test('a property called __proto__ of an API of several documents', () => {
    const schema = JSON.parse(
      '{"type": "object", "properties": {"__proto__": {"type": "string"}, "a": {"$ref": "o.json"}}}',
    )
    const text = JSON.stringify(
      openapi({ '/x': { post: { requestBody: { content: { 'application/json': { schema } } } } } }),
    )
    const files = new Map([['https://x.test/o.json', '{"type": "string"}']])
    const spec = importSpec({ text, url: 'https://x.test/api.json', files }, { countTokens: () => 1 })
    const [{ operation }] = definitions(spec) as [OperationDefinition]
    expect(JSON.stringify(operation.body)).toContain('"__proto__"')
  })

  test('an undeclared key of XML', () => {
    const shape = { name: 'r', properties: { a: { name: 'a' } } }
    expect(encodeXml({ constructor: 'x' }, shape)).toContain('<r><constructor>x</constructor></r>')
  })
})

test('C6 what was allowed and could not be fetched is not said to be missing', () => {
  const schema = { $ref: 'https://x.test/o.json#/A' }
  const text = JSON.stringify(openapi({ '/x': { get: { parameters: [{ name: 'q', in: 'query', schema }] } } }))
  const unfetched = new Map([['https://x.test/o.json', 'It answered 404.']])
  const { diagnostics } = importSpec({ text, unfetched }, { countTokens: () => 1 })
  expect(diagnostics[0]).toMatchObject({
    code: 'ref-external',
    message: 'https://x.test/o.json#/A could not be fetched: It answered 404; any value is taken',
    fix: expect.not.stringContaining('allow'),
  })
})
