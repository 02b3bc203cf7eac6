import type { JsonSchema } from '@sluice/contract'
import { checkSchema } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import { findHeirs } from './discriminator.ts'
import { importSpec } from './import-spec.ts'
import { definitionOf, definitions, openapi, read, targetFor } from './testing/read-one.ts'

const JSON_TYPE = 'application/json'
const told = (document: object) => read(document).diagnostics.map(({ code, pointer }) => `${code} ${pointer}`)
const inputOf = (document: object): JsonSchema => definitionOf(document).operation.inputSchema
const argumentsOf = (document: object) => Object.keys(inputOf(document).properties as object)
const swagger = (item: object) => ({ swagger: '2.0', host: 'api.test', basePath: '/v1', paths: { '/x': item } })
const withBody = (schema: unknown, components: object = {}) =>
  openapi({ '/x': { post: { requestBody: { content: { [JSON_TYPE]: { schema } } } } } }, { components })
const named = (name: string) => ({ name, in: 'query', schema: { type: 'string' } })
const object = (...names: string[]) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
})

describe('B11 what stands at an odd place is read, and said', () => {
  test.each<[string, object, string[], string[]]>([
    [
      'a body without content',
      openapi({ '/x': { post: { requestBody: { required: true, schema: object('a') } } } }),
      ['a'],
      ['body-invalid /paths/~1x/post/requestBody'],
    ],
    [
      'a body of no media type',
      openapi({ '/x': { post: { requestBody: { content: {} } }, parameters: [named('q')] } }),
      ['q'],
      ['body-invalid /paths/~1x/post/requestBody'],
    ],
    [
      'a reference for all properties',
      withBody(
        { type: 'object', properties: { $ref: '#/components/x-props/P', b: {} } },
        { 'x-props': { P: { a: { type: 'string' } } } },
      ),
      ['a', 'b'],
      ['properties-ref /paths/~1x/post/requestBody/content/application~1json/schema/properties'],
    ],
    [
      'one that names nothing',
      withBody({ type: 'object', properties: { $ref: '#/gone', b: {} } }),
      ['b'],
      ['properties-ref /paths/~1x/post/requestBody/content/application~1json/schema/properties'],
    ],
  ])('%s', (_name, document, names, diagnostics) => {
    expect(argumentsOf(document)).toEqual(names)
    expect(told(document)).toEqual(diagnostics)
  })

  test('a parameter of version 3 with the keywords of version 2', () => {
    const parameter = { name: 'q', in: 'query', type: 'array', items: { type: 'integer' } }
    const document = openapi({ '/x': { get: { parameters: [{ ...parameter, collectionFormat: 'pipes' }] } } })
    expect(inputOf(document).properties).toEqual({ q: { type: 'array', items: { type: 'integer' } } })
    expect(told(document)).toEqual(['parameter-no-schema /paths/~1x/get/parameters/0'])
    expect(targetFor(document, { q: [1, 2] })).toBe('/x?q=1%7C2')
    const plain = openapi({ '/x': { get: { parameters: [parameter] } } })
    expect(targetFor(plain, { q: [1, 2] })).toBe('/x?q=1&q=2')
  })

  test('a parameter of Swagger 2.0 with a schema', () => {
    const schema = { type: 'array', items: { type: 'integer' } }
    const document = swagger({ get: { parameters: [{ name: 'q', in: 'query', schema }] } })
    expect(inputOf(document).properties).toEqual({ q: schema })
    expect(told(document)).toEqual(['parameter-schema /paths/~1x/get/parameters/0'])
    expect(targetFor(document, { q: [1, 2] })).toBe('/x?q=1,2')
  })
})

describe('B5 what YAML made numbers of, and what stands twice', () => {
  test('names, ids and summaries are texts, and a text that says true is true', () => {
    const parameters = [{ name: 404, in: 'query', required: 'true', schema: {} }]
    const requestBody = { required: 'true', content: { 'text/plain': { schema: { type: 'string' } } } }
    const { operation } = definitionOf(
      openapi({ '/x': { post: { operationId: 7, summary: 2, parameters, requestBody } } }),
    )
    expect(operation).toMatchObject({ operationId: '7', summary: '2', inputSchema: { required: ['404', 'body'] } })
  })

  test('a parameter that stands twice is said; headers are the same in any letters (RFC 9110 5.1)', () => {
    const header = (name: string) => ({ name, in: 'header', schema: {} })
    const document = openapi({
      '/x': { parameters: [header('X-B')], get: { parameters: ['X-A', 'x-a', 'x-b'].map(header) } },
    })
    expect(argumentsOf(document)).toEqual(['x-b', 'x-a'])
    expect(told(document)).toEqual(['parameter-twice /paths/~1x/get/parameters/1'])
  })
})

describe('B7 references to media types (OpenAPI 3.2, Media Type Object)', () => {
  const components = {
    mediaTypes: { J: { schema: object('a') }, Q: { schema: { type: 'object' }, example: { a: 1 } } },
  }
  const reference = (name: string) => ({ content: { [JSON_TYPE]: { $ref: `#/components/mediaTypes/${name}` } } })

  test('of a body, an answer and a parameter', () => {
    const parameters = [{ name: 'q', in: 'query', ...reference('Q') }]
    const post = { parameters, requestBody: reference('J'), responses: { 200: reference('J') } }
    const definition = definitionOf(openapi({ '/x': { post } }, { components }))
    expect(definition.operation.inputSchema.properties).toMatchObject({
      q: { type: 'object', examples: [{ a: 1 }] },
      a: { type: 'string' },
    })
    expect(definition.outputSchema).toMatchObject(object('a'))
  })

  test('one that names nothing is said', () => {
    const document = openapi({ '/x': { post: { requestBody: reference('Gone') } } }, { components })
    expect(told(document)).toEqual(['ref-missing /paths/~1x/post/requestBody/content/application~1json'])
  })
})

describe('B7 references by the name of a schema', () => {
  test.each([
    ['$anchor', { $anchor: 'node' }, { $ref: '#node' }],
    ['$dynamicAnchor', { $dynamicAnchor: 'node' }, { $dynamicRef: '#node' }],
    ['a pointer and a name', { $anchor: 'node' }, { $dynamicRef: '#/components/schemas/a~1b' }],
  ])('%s', (_name, anchor, reference) => {
    const node = {
      ...anchor,
      type: 'object',
      properties: { n: { type: 'integer' }, kids: { type: 'array', items: reference } },
    }
    const document = withBody(reference, { schemas: { 'a/b': node } })
    expect(argumentsOf(document)).toEqual(['n', 'kids'])
    expect(told(document)).toEqual(['schema-elided /paths/~1x/post'])
    expect(checkSchema(inputOf(document), { kids: [{ kids: [{ n: 1 }] }] })).toEqual([])
    expect(checkSchema(inputOf(document), { kids: [{ kids: [{ n: 'x' }] }] })).toHaveLength(1)
  })

  test.each([
    ['none', {}],
    ['two', { A: { $anchor: 'node' }, B: { $dynamicAnchor: 'node' } }],
  ])('%s of that name: any value is taken, and it is said', (_name, schemas) => {
    const document = withBody({ $ref: '#node' }, { schemas })
    expect(argumentsOf(document)).toEqual(['body'])
    expect(told(document)).toEqual(['ref-missing /paths/~1x/post/requestBody/content/application~1json/schema'])
  })

  test('a value that holds such a name is no schema', () => {
    const node = { ...object('n'), $anchor: 'node', example: { $anchor: 'node' } }
    const other = { type: 'object', properties: { value: { ...object('v'), $anchor: 'other' } } }
    expect(argumentsOf(withBody({ $ref: '#node' }, { schemas: { node, other } }))).toEqual(['n'])
    expect(argumentsOf(withBody({ $ref: '#other' }, { schemas: { node, other } }))).toEqual(['v'])
  })

  test('in another document, which may have the same names', () => {
    const own = { ...object('own'), $anchor: 'node' }
    const text = JSON.stringify(withBody({ $ref: 'o.json#node' }, { schemas: { own } }))
    const files = new Map([
      ['https://x.test/o.json', JSON.stringify({ $defs: { N: { ...object('its'), $anchor: 'node' } } })],
    ])
    const spec = importSpec({ text, url: 'https://x.test/api.json', files }, { countTokens: () => 1 })
    expect(Object.keys(definitions(spec)[0]!.operation.inputSchema.properties as object)).toEqual(['its'])
  })
})

describe('B20 B21 a path item that refers to another', () => {
  const item = { parameters: [named('y'), { ...named('z'), schema: { type: 'integer' } }], get: {} }
  const components = { pathItems: { A: item, B: { $ref: '#/components/pathItems/A', parameters: [named('z')] } } }

  test('has the parameters of both, of which its own win', () => {
    const document = openapi({ '/x': { $ref: '#/components/pathItems/B', parameters: [named('w')] } }, { components })
    expect(inputOf(document).properties).toEqual({
      y: { type: 'string' },
      z: { type: 'string' },
      w: { type: 'string' },
    })
    const paths = { '/x': { $ref: '#/x-items/A', parameters: [named('w')] } }
    const old = { swagger: '2.0', host: 'a.test', 'x-items': { A: { parameters: [named('y')], get: {} } }, paths }
    expect(argumentsOf(old)).toEqual(['y', 'w'])
  })

  test('has the operations of both; one that both have is said', () => {
    const own = { $ref: '#/components/pathItems/A', post: {}, get: { summary: 'own' } }
    const spec = read(openapi({ '/x': own }, { components }))
    expect(definitions(spec).map(({ operation }) => [operation.method, operation.summary])).toEqual([
      ['GET', 'own'],
      ['POST', ''],
    ])
    expect(spec.diagnostics.map(({ code, pointer }) => [code, pointer])).toEqual([
      ['operation-skipped', '/components/pathItems/A/get'],
    ])
  })
})

test('B5 a name that YAML reads as a number or a truth value is required as any other', () => {
  const inner = { type: 'object', required: [404, true, 'a'], properties: { 404: {}, true: {}, a: {} } }
  const { properties } = inputOf(withBody({ type: 'object', properties: { inner } })) as {
    properties: { inner: object }
  }
  expect(properties.inner).toMatchObject({ required: ['404', 'true', 'a'] })
})

test('B46 the heirs of heirs stand for a base too', () => {
  const base = (name: string) => ({ $ref: `#/components/schemas/${name}` })
  const discriminator = { propertyName: 't', mapping: { c: '#/components/schemas/C' } }
  const schemas = {
    A: { ...object('t'), discriminator },
    B: { allOf: [base('A'), object('b')] },
    C: { allOf: [base('B'), object('c')] },
  }
  const { wireSchema } = definitionOf(withBody({ type: 'object', properties: { a: base('A') } }, { schemas }))
  expect(JSON.stringify(wireSchema)).toContain('"c":{"type":"string"}')
  expect(JSON.stringify(wireSchema)).toContain('"enum":["c"]')
})

test('B46 a long chain of bases costs no more than its length', () => {
  const at = (n: number) => ({ $ref: `#/components/schemas/S${n}` })
  const heir = (n: number) => ({ discriminator: { propertyName: 't' }, allOf: [at(n - 1), object(`p${n}`)] })
  const chain = Array.from({ length: 1_000 }, (_, n) => [`S${n + 1}`, heir(n + 1)])
  const S0 = { ...object('t'), discriminator: { propertyName: 't' } }
  const heirs = findHeirs({ components: { schemas: { S0, ...Object.fromEntries(chain) } } })
  expect(heirs.get('#/components/schemas/S0')).toHaveLength(1_000)
  expect(heirs.get('#/components/schemas/S900')).toEqual(['#/components/schemas/S901'])
  expect([...heirs.values()].flat().length).toBeLessThan(25_000)
})
