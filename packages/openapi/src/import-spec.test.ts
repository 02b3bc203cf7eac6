import { checkSchema } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import { importSpec } from './import-spec.ts'
import { definitionOf, definitions, openapi, read, targetFor } from './testing/read-one.ts'

const codes = (document: object) => read(document).diagnostics.map(({ code }) => code)

describe('an import never fails for one bad part', () => {
  test('B11 B19 bad operations are left out with their reason and place, the others stand', () => {
    const text = JSON.stringify(
      openapi({ '/a': { get: {} }, '/b': { get: 'nonsense', trace: {} }, '/c': { post: {} } }),
      null,
      2,
    )
    const spec = read(JSON.parse(text))
    expect(spec.operations.map(({ name }) => name)).toEqual(['get_a', 'post_c'])
    expect(spec.coverage).toEqual({ operations: 4, imported: 2, withDiagnostics: 0, skipped: 2 })
    expect(spec.diagnostics).toMatchObject([
      {
        code: 'operation-skipped',
        severity: 'error',
        pointer: '/paths/~1b/get',
        message: expect.stringContaining('not an object'),
      },
      { code: 'operation-skipped', pointer: '/paths/~1b/trace', message: expect.stringContaining('TRACE') },
    ])
  })

  test('a path without its slash is read with one, and what is no path is left out; both are said', () => {
    const spec = read(openapi({ 'a/b': { get: {} }, 'https://x.test/y': { get: {} }, 'x-note': { get: {} } }))
    expect(spec.operations.map(({ path }) => path)).toEqual(['/a/b'])
    expect(spec.diagnostics.map(({ code, pointer }) => [code, pointer])).toEqual([
      ['path-invalid', '/paths/a~1b'],
      ['path-invalid', '/paths/https:~1~1x.test~1y'],
      ['operation-skipped', '/paths/https:~1~1x.test~1y/get'],
    ])
  })

  test('a header or cookie whose name cannot be sent is left out and said', () => {
    const parameters = ['', ' ', 'a b', 'ok'].map((name) => ({ name, in: 'header' }))
    const document = openapi({ '/x': { get: { parameters } } })
    expect(Object.keys(definitionOf(document).operation.inputSchema.properties as object)).toEqual(['ok'])
    expect(codes(document)).toEqual(['parameter-invalid', 'parameter-invalid', 'parameter-invalid'])
  })

  test('B13 a schema deeper than any argument is cut, and said', () => {
    const schema = Array.from({ length: 200 }).reduce<object>((inner) => ({ type: 'array', items: inner }), {
      type: 'string',
    })
    const document = openapi({ '/x': { get: { parameters: [{ name: 'a', in: 'query', schema }] } } })
    expect(codes(document)).toContain('schema-deep')
    expect(checkSchema(definitionOf(document).operation.inputSchema, { a: [[['x']]] })).not.toEqual([])
  })

  test('a path that no server can have is left out', () => {
    const spec = read(
      openapi({
        '/a\u0000b': { get: {} },

        [`/${'x'.repeat(2_000)}`]: { get: {} },
        '/ok': { get: {} },
      }),
    )
    expect(spec.operations.map(({ path }) => path)).toEqual(['/ok'])
    expect(spec.coverage.skipped).toBe(2)
  })

  test('B4 webhooks alone are a document without tools, and it is said why', () => {
    const spec = read({ openapi: '3.1.0', info: {}, webhooks: { ping: { post: {} } } })
    expect(spec.operations).toEqual([])
    expect(spec.diagnostics[0]).toMatchObject({ code: 'no-operations', message: expect.stringContaining('webhooks') })
  })

  test('B11 a missing reference degrades its own argument', () => {
    const parameters = [
      { $ref: '#/components/parameters/Gone' },
      { name: 'q', in: 'query', schema: { $ref: '#/components/schemas/Gone' } },
    ]
    const document = openapi({ '/x': { get: { parameters } } })
    expect(definitionOf(document).operation.inputSchema.properties).toEqual({ q: {} })
    expect(read(document).diagnostics.map(({ code, pointer }) => [code, pointer])).toEqual([
      ['ref-missing', '/paths/~1x/get/parameters/0'],
      ['ref-missing', '/paths/~1x/get/parameters/1/schema'],
    ])
  })

  test('B15 a reference out of the document is not followed', () => {
    const document = openapi({
      '/x': {
        get: {
          parameters: [
            { $ref: 'file:///etc/passwd' },
            { name: 'q', in: 'query', schema: { $ref: 'http://169.254.169.254/x' } },
          ],
        },
      },
    })
    expect(codes(document)).toEqual(['ref-external', 'ref-external'])
  })

  test('B12 B13 S24 rings of references end', () => {
    const schemas = {
      Self: { $ref: '#/components/schemas/Self' },
      A: { allOf: [{ $ref: '#/components/schemas/B' }] },
      B: { anyOf: [{ $ref: '#/components/schemas/A' }, { type: 'string' }] },
      Tree: { type: 'object', properties: { kids: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } } },
    }
    const properties = Object.fromEntries(
      Object.keys(schemas).map((name) => [name, { $ref: `#/components/schemas/${name}` }]),
    )
    const requestBody = { required: true, content: { 'application/json': { schema: { type: 'object', properties } } } }
    const { operation } = definitionOf(openapi({ '/x': { post: { requestBody } } }, { components: { schemas } }))
    expect(checkSchema(operation.inputSchema, { Self: 1, A: 'x', B: 'y', Tree: { kids: [{ kids: [] }] } })).toEqual([])
    expect(checkSchema(operation.inputSchema, { Tree: { kids: [{ kids: 1 }] } })).toHaveLength(1)
  })

  test('S24 a parameter that refers to itself', () => {
    const components = { parameters: { P: { $ref: '#/components/parameters/P' } } }
    expect(
      codes(openapi({ '/x': { get: { parameters: [{ $ref: '#/components/parameters/P' }] } } }, { components })),
    ).toEqual(['ref-circular'])
  })
})

describe('what is read of an operation', () => {
  test('B7 B8 references to every kind of component, escaped in every way', () => {
    const components = {
      parameters: { 'a/b c': { name: 'q', in: 'query', schema: { $ref: '#/components/schemas/x~1y.z' } } },
      requestBodies: {
        Body: { $ref: '#/components/requestBodies/Inner' },
        Inner: { content: { 'application/json': { schema: { type: 'array' } } } },
      },
      schemas: { 'x/y.z': { type: 'integer' } },
      pathItems: {
        Item: {
          post: {
            parameters: [{ $ref: '#/components/parameters/a~1b%20c' }],
            requestBody: { $ref: '#/components/requestBodies/Body' },
          },
        },
      },
    }
    const { operation } = definitionOf(openapi({ '/x': { $ref: '#/components/pathItems/Item' } }, { components }))
    expect(Object.keys(operation.inputSchema.properties as object)).toEqual(['q', 'body'])
    expect(checkSchema(operation.inputSchema, { q: 'x' })).toHaveLength(1)
  })

  test('B9 a property named $ref is a property', () => {
    const schema = { type: 'object', properties: { $ref: { type: 'string' }, other: {} } }
    const { operation } = definitionOf(
      openapi({ '/x': { post: { requestBody: { content: { 'application/json': { schema } } } } } }),
    )
    expect(Object.keys(operation.inputSchema.properties as object)).toEqual(['ref', 'other'])
    expect(operation.body).toMatchObject({
      from: {
        properties: [
          { argument: 'ref', property: '$ref' },
          { argument: 'other', property: 'other' },
        ],
      },
    })
  })

  test.each([
    ['3.0.3', { type: 'string', description: 'own' }],
    ['3.1.0', { type: 'string', description: 'own', minLength: 2 }],
  ])('B10 what stands beside a reference in %s', (version, want) => {
    const schema = { $ref: '#/components/schemas/T', description: 'own', minLength: 2 }
    const document = {
      ...openapi(
        { '/x': { get: { parameters: [{ name: 'q', in: 'query', schema }] } } },
        { components: { schemas: { T: { type: 'string' } } } },
      ),
      openapi: version,
    }
    const { inputSchema } = definitionOf(document).operation
    const { $ref, ...beside } = (inputSchema.properties as Record<string, { $ref: string }>).q!
    const target = (inputSchema.$defs as Record<string, object>)[$ref.split('/').at(-1)!]
    expect({ ...target, ...beside }).toEqual(want)
  })

  test('B20 parameters of the path, of which the operation’s own win', () => {
    const item = {
      parameters: [
        { name: 'a', in: 'query', schema: { type: 'string' } },
        { name: 'b', in: 'query', schema: {} },
      ],
      get: { parameters: [{ name: 'a', in: 'query', schema: { type: 'integer' } }] },
    }
    expect(definitionOf(openapi({ '/x': item })).operation.inputSchema.properties).toEqual({
      a: { type: 'integer' },
      b: {},
    })
  })

  test('B22 every method, QUERY and additional operations', () => {
    const item = Object.fromEntries(
      ['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'query'].map((method) => [method, {}]),
    )
    const spec = read({ ...openapi({ '/x': { ...item, additionalOperations: { PURGE: {} } } }), openapi: '3.2.0' })
    expect(spec.operations.map(({ method }) => method)).toEqual([
      'GET',
      'PUT',
      'POST',
      'DELETE',
      'OPTIONS',
      'HEAD',
      'PATCH',
      'QUERY',
      'PURGE',
    ])
  })

  test('B22 B32 additional methods are any token, and make names that every client takes', () => {
    const methods = ['M-SEARCH', 'X_Y', 'a b', 'trace']
    const additionalOperations = Object.fromEntries(methods.map((method) => [method, {}]))
    const spec = read(openapi({ '/x': { additionalOperations } }))
    expect(spec.operations.map(({ method, name }) => [method, name])).toEqual([
      ['M-SEARCH', 'm_search_x'],
      ['X_Y', 'x_y_x'],
    ])
    expect(spec.coverage.skipped).toBe(2)
  })

  test('B26 a path parameter that is not declared, and one that is not in the path', () => {
    const document = openapi({ '/x/{a}': { get: { parameters: [{ name: 'b', in: 'path', schema: {} }] } } })
    expect(definitionOf(document).operation.inputSchema).toMatchObject({
      properties: { a: { type: 'string' } },
      required: ['a'],
    })
    expect(codes(document)).toEqual(['path-parameter-unused', 'path-parameter-undeclared'])
  })

  test('B98 B100 B153 headers that are not an agent’s are no arguments', () => {
    const parameters = ['Accept', 'authorization', 'Host', 'X-Forwarded-For', 'X-Api-Key', 'X-Trace'].map((name) => ({
      name,
      in: 'header',
      schema: {},
    }))
    const components = { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'x-api-key' } } }
    const document = openapi({ '/x': { get: { parameters, security: [{ key: [] }] } } }, { components })
    expect(Object.keys(definitionOf(document).operation.inputSchema.properties as object)).toEqual(['X-Trace'])
    expect(codes(document)).toEqual([
      'header-ignored',
      'header-ignored',
      'header-forbidden',
      'header-forbidden',
      'parameter-is-key',
    ])
  })

  test('B14 B98 a key is an argument where the operation does not want its scheme', () => {
    const parameters = [{ name: 'token', in: 'query', required: true, schema: { type: 'string' } }]
    const components = { securitySchemes: { key: { type: 'apiKey', in: 'query', name: 'token' } } }
    const paths = { '/a': { get: { parameters } }, '/verify': { get: { parameters, security: [] } } }
    const spec = read(openapi(paths, { components, security: [{ key: [] }] }))
    expect(definitions(spec).map(({ operation }) => Object.keys(operation.inputSchema.properties as object))).toEqual([
      [],
      ['token'],
    ])
  })

  test('B53 what only the server writes is no argument and not required', () => {
    const schema = {
      type: 'object',
      required: ['id', 'name'],
      properties: {
        id: { type: 'string', readOnly: true },
        name: { type: 'string' },
        secret: { type: 'string', writeOnly: true },
      },
    }
    const { inputSchema } = definitionOf(
      openapi({ '/x': { post: { requestBody: { required: true, content: { 'application/json': { schema } } } } } }),
    ).operation
    expect(inputSchema).toMatchObject({ required: ['name'] })
    expect(Object.keys(inputSchema.properties as object)).toEqual(['name', 'secret'])
  })

  test('an optional body may be left out whole, but not in half', () => {
    const schema = { type: 'object', required: ['a'], properties: { a: {}, b: {} } }
    const { inputSchema } = definitionOf(
      openapi({ '/x': { post: { requestBody: { content: { 'application/json': { schema } } } } } }),
    ).operation
    expect(checkSchema(inputSchema, {})).toEqual([])
    expect(checkSchema(inputSchema, { a: 1 })).toEqual([])
    expect(checkSchema(inputSchema, { b: 1 })).toMatchObject([{ keyword: 'dependentRequired', property: 'a' }])
  })

  test('B71 what is not declared is refused', () => {
    expect(checkSchema(definitionOf(openapi({ '/x': { get: {} } })).operation.inputSchema, { x: 1 })).toMatchObject([
      { property: 'x' },
    ])
  })
})

describe('schemas of every version as 2020-12', () => {
  const translated = (schema: object, version: string) =>
    (
      definitionOf({
        ...openapi({ '/x': { get: { parameters: [{ name: 'q', in: 'query', schema }] } } }),
        openapi: version,
      }).operation.inputSchema.properties as Record<string, object>
    ).q

  test.each<[string, string, object, object]>([
    ['B47 nullable', '3.0.3', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
    [
      'B47 nullable enum',
      '3.0.3',
      { type: 'string', enum: ['a'], nullable: true },
      { type: ['string', 'null'], enum: ['a', null] },
    ],
    [
      'B47 nullable union',
      '3.0.3',
      { allOf: [{ type: 'string' }], nullable: true },
      { anyOf: [{ allOf: [{ type: 'string' }] }, { type: 'null' }] },
    ],
    ['B48 nullable without a type restricts nothing', '3.0.3', { nullable: true }, {}],
    [
      'B50 boolean exclusive limits',
      '3.0.3',
      { type: 'number', minimum: 1, exclusiveMinimum: true },
      { type: 'number', exclusiveMinimum: 1 },
    ],
    ['B50 example', '3.0.3', { type: 'string', example: 'x' }, { type: 'string', examples: ['x'] }],
    [
      'B50 OpenAPI’s own keywords and extensions go',
      '3.0.3',
      { type: 'string', xml: {}, externalDocs: {}, discriminator: {}, 'x-internal': 1 },
      { type: 'string' },
    ],
    [
      'B49 what 3.1 adds stays',
      '3.1.0',
      { type: ['string', 'null'], const: 'x', contentMediaType: 'text/plain' },
      { type: ['string', 'null'], const: 'x', contentMediaType: 'text/plain' },
    ],
    [
      'B49 prefixItems',
      '3.1.0',
      { type: 'array', prefixItems: [{ type: 'string' }] },
      { type: 'array', prefixItems: [{ type: 'string' }] },
    ],
    [
      'B54 doubled enum entries',
      '3.1.0',
      { type: 'string', enum: ['a', 'a', 'b'] },
      { type: 'string', enum: ['a', 'b'] },
    ],
    ['B54 an enum of another type than declared', '3.1.0', { type: 'string', enum: [1, 2] }, { enum: [1, 2] }],
    [
      'B54 values listed for an array and for its items too',
      '3.1.0',
      { type: 'array', enum: ['a', 'b'], items: { type: 'string', enum: ['a', 'b'] } },
      { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
    ],
    ['B62 one type is no list', '3.1.0', { type: ['object'], required: [] }, { type: 'object' }],
    [
      'B64 identifiers go',
      '3.1.0',
      { $id: 'https://x', $anchor: 'a', $schema: 'y', type: 'string' },
      { type: 'string' },
    ],
    [
      'oneOf is read as anyOf',
      '3.1.0',
      { oneOf: [{ type: 'string' }, { type: 'integer' }] },
      { anyOf: [{ type: 'string' }, { type: 'integer' }] },
    ],
    ['a type that is none, but plain enough', '3.1.0', { type: 'int64' }, { type: 'integer' }],
    [
      'keywords of the wrong type go',
      '3.1.0',
      { type: 'string', minLength: 'two', required: true, pattern: 5 },
      { type: 'string' },
    ],
  ])('%s', (_name, version, given, want) => expect(translated(given, version)).toEqual(want))
})

test.each(['examples', 'default', 'enum', 'const'])('B9 what the property %s refers to comes along', (name) => {
  const Pet = { type: 'object', properties: { [name]: { $ref: '#/components/schemas/Tag' } } }
  const Tag = { type: 'object', properties: { label: { type: 'string' } }, required: ['label'] }
  const content = { 'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Pet' } } } }
  const document = openapi({ '/x': { post: { requestBody: { content } } } }, { components: { schemas: { Pet, Tag } } })
  const { inputSchema } = definitionOf(document).operation
  expect(Object.keys(inputSchema.$defs as object)).toEqual(['Pet', 'Tag'])
})

describe('names, titles and descriptions', () => {
  test.each([
    ['B18 no operationId', {}, '/users/{id}/orders', 'get_users_id_orders'],
    ['camel case', { operationId: 'listPetsByID' }, '/x', 'list_pets_by_id'],
    ['B35 dots, slashes and spaces', { operationId: 'repos/list.for user' }, '/x', 'repos_list_for_user'],
    ['B35 accents', { operationId: 'créerÉlève' }, '/x', 'creer_eleve'],
    ['B35 a leading digit', { operationId: '2fa-enable' }, '/x', 'op_2fa_enable'],
    ['B35 nothing but emoji', { operationId: '🚀' }, '/launch', 'get_launch'],
    ['the root', {}, '/', 'get_root'],
  ])('%s', (_name, operation, path, want) =>
    expect(definitionOf(openapi({ [path]: { get: operation } })).name).toBe(want),
  )

  test('B34 a long name is cut at a word and keeps a hash of its operation', () => {
    const operationId = 'retrieveTheCompleteHistoryOfAllInvoicesOfOneCustomerAccount'
    const name = definitionOf(openapi({ '/x': { get: { operationId } } })).name
    expect(name).toMatch(/^retrieve_the_complete_history_of_all_[a-z_]*[0-9a-f]{6}$/)
    expect(name.length).toBeLessThanOrEqual(48)
    expect(definitionOf(openapi({ '/y': { get: { operationId } } })).name).not.toBe(name)
  })

  test('B41 B42 title and description', () => {
    const operation = {
      summary: 'List <b>pets</b>',
      description: '<p>All of\u200B them.</p>\u202E',
      deprecated: true,
      security: [{ o: ['read', 'write'] }],
    }
    const definition = definitionOf(openapi({ '/x': { get: operation } }))
    expect(definition.title).toBe('List pets')
    expect(definition.description).toBe('List pets\n\nAll of them.\n\nDeprecated.\n\nNeeds scope: read, write.')
    expect(definitionOf(openapi({ '/x': { get: {} } }))).toMatchObject({ title: 'GET /x', description: 'GET /x' })
  })

  test.each([
    ['get', [true, false, true]],
    ['head', [true, false, true]],
    ['post', [false, true, false]],
    ['put', [false, true, true]],
    ['patch', [false, true, false]],
    ['delete', [false, true, true]],
  ])('B168 B169 hints of %s', (method, [readOnlyHint, destructiveHint, idempotentHint]) => {
    expect(definitionOf(openapi({ '/x': { [method as string]: {} } })).annotations).toEqual({
      readOnlyHint,
      destructiveHint,
      idempotentHint,
      openWorldHint: true,
    })
  })
})

describe('base URLs', () => {
  test.each<[string, unknown, string | undefined, string | null]>([
    ['B159 none, fetched', undefined, 'https://api.test/docs/openapi.json', 'https://api.test'],
    ['B159 none, uploaded', undefined, undefined, null],
    ['B160 relative to the document', [{ url: '/v1' }], 'https://api.test/docs/openapi.json', 'https://api.test/v1'],
    ['B160 relative upwards', [{ url: '../v2' }], 'https://api.test/docs/a/openapi.json', 'https://api.test/docs/v2'],
    ['B160 relative, uploaded', [{ url: '/v1' }], undefined, null],
    [
      'B162 S10 variables, by what the document says of them alone',
      [{ url: 'https://{region}.api.test/{v}', variables: { region: { default: 'eu' }, v: { enum: ['v3'] } } }],
      undefined,
      'https://eu.api.test/v3',
    ],
    [
      'B162 a variable without a value',
      [{ url: 'https://{tenant}.api.test' }, { url: 'https://b.test' }],
      undefined,
      'https://b.test',
    ],
    ['B163 the first of several', [{ url: 'https://a.test' }, { url: 'https://b.test' }], undefined, 'https://a.test'],
    [
      'B165 user names are refused',
      [{ url: 'https://u:p@a.test' }, { url: 'https://b.test' }],
      undefined,
      'https://b.test',
    ],
    ['B166 other schemes are refused', [{ url: 'ws://a.test' }, { url: 'file:///x' }], undefined, null],
  ])('%s', (_name, servers, url, want) => {
    expect(read({ openapi: '3.0.0', info: {}, paths: {}, servers }, url).baseUrl).toBe(want)
  })
})

describe('security', () => {
  test('B150 B151 requirements of the operation, else of the document', () => {
    const paths = {
      '/a': { get: {} },
      '/b': { get: { security: [{ x: [], y: ['s'] }, {}] } },
      '/c': { get: { security: [] } },
    }
    const all = definitions(read(openapi(paths, { security: [{ x: [] }] })))
    expect(all.map(({ operation }) => operation.security)).toEqual([[{ x: [] }], [{ x: [], y: ['s'] }, {}], []])
  })

  test('B145 B146 B149 schemes of every kind', () => {
    const securitySchemes = {
      key: { type: 'apiKey', in: 'query', name: 'k' },
      basic: { type: 'http', scheme: 'Basic' },
      oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: 'https://t' } } },
      oidc: { type: 'openIdConnect', openIdConnectUrl: 'https://o' },
      mtls: { type: 'mutualTLS' },
    }
    expect(read(openapi({}, { components: { securitySchemes } })).securitySchemes).toEqual({
      key: { type: 'apiKey', in: 'query', name: 'k' },
      basic: { type: 'http', scheme: 'basic' },
      oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: 'https://t' } } },
      oidc: { type: 'openIdConnect', url: 'https://o' },
      mtls: { type: 'unsupported', declared: 'mutualTLS' },
    })
  })
})

describe('B2 Swagger 2.0', () => {
  const swagger = (paths: object, more: object = {}) => ({
    swagger: '2.0',
    info: { title: 'Old' },
    host: 'api.test',
    schemes: ['http', 'https'],
    basePath: '/v1',
    paths,
    ...more,
  })

  test('B163 host, schemes and base path are the base URLs, the safe one first', () => {
    const spec = read(swagger({}))
    expect(spec.baseUrl).toBe('https://api.test/v1')
    expect(spec.baseUrls.map(({ url }) => url)).toEqual(['https://api.test/v1', 'http://api.test/v1'])
  })

  test.each([
    ['http://api.test:8080/v2/api-docs', 'http://api.test'],
    ['https://docs.test/swagger.json', 'https://api.test'],
    [undefined, 'https://api.test'],
  ])('without schemes it is the one that the document was got with: %s', (url, base) => {
    const text = JSON.stringify(swagger({}, { schemes: undefined }))
    const { baseUrl } = importSpec({ text, ...(url ? { url } : {}) }, { countTokens: () => 1 })
    expect(baseUrl).toBe(`${base}/v1`)
  })

  test.each<[string[], string | undefined, string | null]>([
    [['https'], 'http://api.test:8080/docs.json', 'https://api.test:8080/v1'],
    [['http', 'https'], 'http://api.test:8080/docs.json', 'http://api.test:8080/v1'],
    [['http'], 'https://api.test/docs.json', 'http://api.test/v1'],
    [[], 'https://api.test/docs.json', 'https://api.test/v1'],
    [['https'], undefined, null],
    [['https'], 'file:///docs.json', null],
  ])('schemes %j without a host, got from %s', (schemes, url, want) => {
    expect(read(swagger({}, { host: undefined, schemes }), url).baseUrl).toBe(want)
  })

  test('schemes that are never called are said', () => {
    const spec = read(swagger({ '/x': { get: {} } }, { schemes: ['ws', 'wss'] }))
    expect(spec.baseUrl).toBe('https://api.test/v1')
    expect(spec.diagnostics.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(['base-url-unread /schemes'])
  })

  test.each<[object, string[], string | undefined, string | undefined, string[]]>([
    [{}, ['http'], undefined, 'http://api.test/v1', ['base-url-own']],
    [{}, ['http', 'https'], undefined, undefined, []],
    [{}, ['ws'], undefined, undefined, ['base-url-unread']],
    [{}, [], undefined, undefined, []],
    [{ host: undefined }, ['http'], 'https://docs.test/s.json', 'http://docs.test/v1', ['base-url-own']],
    [{ host: undefined, basePath: undefined }, ['https'], 'https://docs.test/s.json', undefined, []],
    [{ host: undefined, schemes: ['https'] }, ['http'], 'http://docs.test/s', 'http://docs.test/v1', ['base-url-own']],
    [{ host: undefined }, ['http'], undefined, undefined, ['base-url-unread']],
    [{ host: undefined, schemes: undefined }, ['https'], 'http://docs.test/s.json', undefined, []],
  ])('B164 with %j an operation’s own schemes %j, got from %s, are %s', (more, schemes, url, want, codes) => {
    const spec = read(swagger({ '/x': { get: { schemes } } }, { schemes: ['https'], ...more }), url)
    expect(definitions(spec)[0]!.operation.baseUrl).toBe(want)
    expect(spec.diagnostics.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(
      codes.map((code) => `${code} /paths/~1x/get/schemes`),
    )
  })

  test('a body, its media types, and parameters shared by reference', () => {
    const document = swagger(
      {
        '/x': {
          post: {
            consumes: ['application/xml', 'application/json'],
            parameters: [{ $ref: '#/parameters/Pet' }, { $ref: '#/parameters/Limit' }],
          },
        },
      },
      {
        parameters: {
          Pet: { name: 'pet', in: 'body', required: true, schema: { $ref: '#/definitions/Pet' } },
          Limit: { name: 'limit', in: 'query', type: 'integer', maximum: 9 },
        },
        definitions: {
          Pet: {
            type: 'object',
            required: ['name'],
            properties: { name: { type: 'string' }, kind: { 'x-nullable': true, type: 'string' } },
          },
        },
      },
    )
    const { operation } = definitionOf(document)
    expect(operation.inputSchema).toMatchObject({
      properties: {
        limit: { type: 'integer', maximum: 9 },
        name: { type: 'string' },
        kind: { type: ['string', 'null'] },
      },
      required: ['name'],
    })
    expect(operation.body?.contents.map(({ contentType }) => contentType)).toEqual(['application/json'])
  })

  test('form fields and files', () => {
    const parameters = [
      { name: 'title', in: 'formData', type: 'string', required: true },
      { name: 'ids', in: 'formData', type: 'array', items: { type: 'integer' }, collectionFormat: 'multi' },
    ]
    expect(definitionOf(swagger({ '/x': { post: { parameters } } })).operation.body?.contents).toMatchObject([
      { kind: 'form', encoding: { ids: { explode: true } } },
    ])
    const withFile = [...parameters, { name: 'doc', in: 'formData', type: 'file' }]
    expect(definitionOf(swagger({ '/x': { post: { parameters: withFile } } })).operation.body?.contents).toMatchObject([
      { kind: 'multipart', encoding: { doc: { file: true } } },
    ])
  })

  test.each(['query', 'formData'])('an example of a parameter in: %s', (place) => {
    const parameters = [{ name: 'a', in: place, type: 'string', 'x-example': 'Moby Dick' }]
    const { operation } = definitionOf(swagger({ '/x': { post: { parameters } } }))
    expect(operation.inputSchema).toMatchObject({ properties: { a: { examples: ['Moby Dick'] } } })
  })

  test('security definitions', () => {
    const securityDefinitions = {
      b: { type: 'basic' },
      o: { type: 'oauth2', flow: 'application', tokenUrl: 'https://t', scopes: {} },
    }
    expect(read(swagger({}, { securityDefinitions })).securitySchemes).toEqual({
      b: { type: 'http', scheme: 'basic' },
      o: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: 'https://t', scopes: {} } } },
    })
  })

  test('a note points into the text as it was received', () => {
    const document = swagger({
      '/x': {
        get: {
          parameters: [
            { name: 'b', in: 'body', schema: {} },
            { name: 'Accept', in: 'header', type: 'string' },
          ],
        },
      },
    })
    expect(read(document).diagnostics).toMatchObject([
      { code: 'body-unusual', pointer: '/paths/~1x/get/parameters/0' },
      { code: 'header-ignored', pointer: '/paths/~1x/get/parameters/1' },
    ])
  })
})

test('B30 the same document twice gives the same tools and hashes, and only what changed has another hash', () => {
  const components = (type: string) => ({ components: { schemas: { T: { type } } } })
  const paths = {
    '/a': { get: { parameters: [{ name: 'q', in: 'query', schema: { $ref: '#/components/schemas/T' } }] } },
    '/b': { get: {} },
  }
  const hashes = (type: string) =>
    read(openapi(paths, components(type))).operations.map(({ contentHash }) => contentHash)
  expect(hashes('string')).toEqual(hashes('string'))
  expect(hashes('string')[0]).not.toBe(hashes('integer')[0])
  expect(hashes('string')[1]).toBe(hashes('integer')[1])
})

describe('what else documents say of operations', () => {
  test('B21 a path item by reference, in components too', () => {
    const item = { parameters: [{ name: 'id', in: 'path', required: true }], get: { operationId: 'one' } }
    const document = openapi(
      { '/a/{id}': { $ref: '#/components/pathItems/A' }, '/b/{id}': { $ref: '#/paths/~1a~1{id}' } },
      { components: { pathItems: { A: item } } },
    )
    expect(definitions(read(document)).map(({ operation }) => [operation.path, operation.parameters.length])).toEqual([
      ['/a/{id}', 1],
      ['/b/{id}', 1],
    ])
  })

  test('B23 a deprecated operation is imported and marked', () => {
    const document = openapi({ '/old': { get: { summary: 'Old', deprecated: true } } })
    expect(read(document).operations[0]).toMatchObject({ deprecated: true })
    expect(definitionOf(document).description).toBe('Old\n\nDeprecated.')
  })

  test('B24 two paths that differ in the name of a parameter alone are two tools', () => {
    const spec = read(openapi({ '/users/{id}': { get: {} }, '/users/{name}': { get: {} } }))
    expect(spec.operations.map(({ name }) => name)).toEqual(['get_users_id', 'get_users_name'])
  })

  test('B58 a path parameter is required whatever it says; another only where it says so', () => {
    const parameters = [
      { name: 'id', in: 'path', required: false },
      { name: 'q', in: 'query' },
      { name: 'r', in: 'query', required: true },
    ]
    expect(definitionOf(openapi({ '/x/{id}': { get: { parameters } } })).operation.inputSchema.required).toEqual([
      'id',
      'r',
    ])
  })

  test('B65 a parameter’s description, example, examples by reference and deprecation are shown', () => {
    const parameters = [
      { name: 'a', in: 'query', description: ' Many\n lines. ', example: 'x1', schema: { type: 'string' } },
      {
        name: 'b',
        in: 'query',
        examples: { one: { $ref: '#/components/examples/E' }, two: { value: 2 } },
        schema: { type: 'integer' },
      },
      { name: 'c', in: 'query', deprecated: true, schema: { type: 'string', enum: ['u'] }, example: 'u' },
      { name: 'd', in: 'query', description: 'Such as 2020.', example: 2020 },
    ]
    const document = openapi({ '/x': { get: { parameters } } }, { components: { examples: { E: { value: 7 } } } })
    const { operation, wireSchema } = definitionOf(document)
    const told = Object.values(wireSchema.properties as Record<string, { description?: string }>).map(
      ({ description }) => description,
    )
    expect(told).toEqual(['Many\n lines. Example: x1.', 'Example: 7.', 'Deprecated.', 'Such as 2020.'])
    expect(operation.inputSchema.properties).toMatchObject({ b: { examples: [7, 2] }, c: { deprecated: true } })
  })

  test('a page that is pasted into a property is shown by its beginning, without its pictures', () => {
    const description = `Shapes: <img src="data:image/png;base64,${'A'.repeat(5_000)}"> ${'many words '.repeat(200)}`
    const schema = { type: 'object', properties: { shape: { type: 'string', description } } }
    const document = openapi({ '/x': { get: { parameters: [{ name: 'a', in: 'query', schema }] } } })
    const { a } = definitionOf(document).operation.inputSchema.properties as {
      a: { properties: { shape: { description: string } } }
    }
    expect(a.properties.shape.description).toMatch(/^Shapes: +many words/)
    expect(a.properties.shape.description.length).toBeLessThanOrEqual(1_000)
  })

  test('B66 B94 a parameter with content is an object to the model and JSON text on the wire', () => {
    const schema = { type: 'object', properties: { a: { type: 'integer' } } }
    const parameters = [{ name: 'filter', in: 'query', content: { 'application/json': { schema } } }]
    const document = openapi({ '/x': { get: { parameters } } })
    expect(definitionOf(document).wireSchema.properties).toMatchObject({
      filter: { type: 'object', properties: { a: { type: 'integer' } } },
    })
    expect(targetFor(document, { filter: { a: 1 } })).toBe('/x?filter=%7B%22a%22%3A1%7D')
  })
})
