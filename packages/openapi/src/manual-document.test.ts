import type { ManualOperation, SecurityScheme } from '@sluice/contract'
import { checkSchema, parseJson } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import { buildRequest } from './build-request.ts'
import { importSpec } from './import-spec.ts'
import { manualDocument } from './manual-document.ts'
import { manualFaults } from './manual-faults.ts'
import { readDefinition } from './read-definition.ts'

const about = {
  title: 'Bookshop',
  baseUrl: 'https://api.test/v1',
  securitySchemes: {},
  summary: 'Add a note',
  description: 'Adds a note to an order.',
}
const note: ManualOperation = {
  upstream: 'bookshop',
  method: 'POST',
  path: '/orders/{orderId}/notes',
  sampleBody: { text: 'Gift', tags: ['a'], by: { id: 7 } },
}

function read(manual: ManualOperation, securitySchemes: Readonly<Record<string, SecurityScheme>> = {}) {
  const text = manualDocument(manual, { ...about, securitySchemes })
  const spec = importSpec({ text }, { countTokens: () => 1 })
  const definition = readDefinition(spec.operations[0]!.definition)
  return { spec, definition, send: (args: object) => buildRequest(definition.operation, { ...args }, about.baseUrl) }
}

describe('a manual operation, read as a document', () => {
  test('has its texts, arguments of path and sample, and no diagnostics', () => {
    const { spec, definition } = read(note)
    expect([spec.title, spec.baseUrl, spec.diagnostics]).toEqual(['Bookshop', 'https://api.test/v1', []])
    expect([definition.title, definition.description]).toEqual([
      'Add a note',
      expect.stringContaining('Adds a note to an order.'),
    ])
    expect(definition.operation.inputSchema).toEqual({
      type: 'object',
      properties: {
        orderId: { type: 'string' },
        text: { type: 'string' },
        tags: { type: 'array', items: { type: 'string' } },
        by: { type: 'object', properties: { id: { type: 'integer' } } },
      },
      required: ['orderId'],
      additionalProperties: false,
    })
  })

  test('is called like any other', () => {
    const { definition, send } = read({
      ...note,
      parameters: [
        { name: 'notify', in: 'query', schema: { type: 'boolean' } },
        { name: 'X-Shop', in: 'header', required: true, description: 'Which shop.' },
        { name: 'lang', in: 'cookie' },
      ],
    })
    expect(definition.operation.inputSchema.required).toEqual(['orderId', 'X-Shop'])
    const request = send({ orderId: 'a/1', notify: true, 'X-Shop': 'north', lang: 'de', text: 'Hi', by: { id: 1 } })
    expect(request).toMatchObject({
      method: 'POST',
      url: 'https://api.test/v1/orders/a%2F1/notes?notify=true',
      body: '{"text":"Hi","by":{"id":1}}',
    })
    expect(request.headers).toEqual(
      expect.arrayContaining([
        ['X-Shop', 'north'],
        ['cookie', 'lang=de'],
        ['content-type', 'application/json'],
      ]),
    )
  })

  test('a parameter of the path that is declared is not added again', () => {
    const parameters = [{ name: 'orderId', in: 'path' as const, schema: { type: 'integer' } }]
    expect(manualDocument({ ...note, parameters }, about).match(/"name":"orderId"/g)).toHaveLength(1)
    const { inputSchema } = read({ ...note, parameters }).definition.operation
    expect([inputSchema.properties, inputSchema.required]).toMatchObject([
      { orderId: { type: 'integer' } },
      ['orderId'],
    ])
  })

  test('B60 a body that is no object is the argument `body`, required', () => {
    const { definition, send } = read({ ...note, sampleBody: [{ text: 'a' }] })
    expect(definition.operation.inputSchema.required).toEqual(['orderId', 'body'])
    expect(send({ orderId: '1', body: [{ text: 'b' }] }).body).toBe('[{"text":"b"}]')
  })

  test('a schema of the body is taken as it is, and its references to itself hold', () => {
    const body = {
      type: 'object',
      required: ['author'],
      properties: { author: { $ref: '#/$defs/Person' }, enum: { $ref: '#/$defs/Person' }, $ref: { type: 'string' } },
      $defs: { Person: { type: 'object', properties: { name: { type: 'string' }, boss: { $ref: '#/$defs/Person' } } } },
    }
    const { sampleBody: _sample, ...plain } = note
    const near = { $ref: '#/$defs/Here', $defs: { Here: { type: 'integer' } } }
    const parameters = [{ name: 'near', in: 'query' as const, schema: near }]
    const { spec, definition } = read({ ...plain, path: '/a~b/{id}/50%25', parameters, body })
    // It holds itself, so a model is not shown all of it.
    expect(spec.diagnostics.map(({ code }) => code)).toEqual(['schema-elided'])
    const check = (value: object) => checkSchema(definition.operation.inputSchema, value).map(({ path }) => path)
    expect(check({ id: '1', author: { boss: { name: 'Ada' } }, enum: {}, ref: 'x' })).toEqual([])
    expect(check({ id: '1', author: { boss: { name: 1 } } })).toEqual(['author.boss.name'])
    expect(check({ id: '1', author: {}, enum: { name: 1 } })).toEqual(['enum.name'])
    expect(check({ id: '1', author: {}, near: 'x' })).toEqual(['near'])
  })

  test('numbers of a sample or a schema stay exact', () => {
    const sampleBody = parseJson('{"id": 9007199254740993}')
    expect(manualDocument({ ...note, sampleBody }, about)).toContain('[{"id":9007199254740993}]')
    const body = parseJson('{"maximum": 9007199254740993}') as object
    expect(manualDocument({ ...note, body }, about)).toContain('{"maximum":9007199254740993}')
  })

  test('B145 B150 the upstream’s credentials go along, each as an alternative, or none', () => {
    const securitySchemes: Record<string, SecurityScheme> = {
      key: { type: 'apiKey', in: 'header', name: 'X-Key' },
      basic: { type: 'http', scheme: 'basic' },
      oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: 'https://t.test', scopes: {} } } },
      oidc: { type: 'openIdConnect', url: 'https://t.test/.well-known' },
      own: { type: 'headers' },
      odd: { type: 'unsupported', declared: 'mutualTLS' },
    }
    const { spec, definition } = read(note, securitySchemes)
    const { own: _own, odd: _odd, ...written } = securitySchemes
    expect(spec.securitySchemes).toEqual(written)
    expect(definition.operation.security).toEqual([{ key: [] }, { basic: [] }, { oauth: [] }, { oidc: [] }, {}])
  })

  test('`__proto__` is a name like any other', () => {
    const manual: ManualOperation = {
      ...note,
      path: '/a/{__proto__}',
      parameters: [{ name: 'constructor', in: 'query' }],
      sampleBody: JSON.parse('{"__proto__": {"x": 1}, "y": 2}'),
    }
    expect(manualFaults(manual)).toEqual([])
    const { definition, send } = read(manual)
    const [path, , body] = Object.keys(definition.operation.inputSchema.properties as object)
    const request = send({ [path!]: 'p', constructor: 'q', [body!]: { x: 1 } })
    expect([request.url, request.body]).toEqual(['https://api.test/v1/a/p?constructor=q', '{"__proto__":{"x":1}}'])
  })
})

describe('faults of a manual operation', () => {
  const deep = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`)

  test.each<[string, Partial<ManualOperation>, string[]]>([
    ['none', {}, []],
    ['a sample of null', { sampleBody: null }, []],
    ['the body twice', { body: {} }, ['/manual/sampleBody']],
    ['the body twice, one of it null', { body: {}, sampleBody: null }, ['/manual/sampleBody']],
    ['a body of GET', { method: 'GET' }, ['/manual/sampleBody']],
    ['a body of HEAD, twice', { method: 'HEAD', body: {} }, ['/manual/body', '/manual/sampleBody']],
    ['a body of DELETE is allowed', { method: 'DELETE' }, []],
    [
      'a parameter twice',
      {
        parameters: [
          { name: 'a', in: 'query' },
          { name: 'a', in: 'header' },
          { name: 'a', in: 'query' },
        ],
      },
      ['/manual/parameters/2'],
    ],
    [
      'a header twice, in another case',
      {
        parameters: [
          { name: 'X-A', in: 'header' },
          { name: 'x-a', in: 'header' },
        ],
      },
      ['/manual/parameters/1'],
    ],
    [
      'names of a query differ by case',
      {
        parameters: [
          { name: 'A', in: 'query' },
          { name: 'a', in: 'query' },
        ],
      },
      [],
    ],
    [
      'a parameter of the path that is not in it',
      {
        parameters: [
          { name: 'orderId', in: 'path' },
          { name: 'id', in: 'path' },
        ],
      },
      ['/manual/parameters/1'],
    ],
    ['a sample that is too deep', { sampleBody: deep(100_000) }, ['/manual/sampleBody']],
    [
      'a schema that is too deep',
      { parameters: [{ name: 'a', in: 'query', schema: { not: deep(401) } }] },
      ['/manual/parameters/0/schema'],
    ],
  ])('%s', (_name, change, pointers) => {
    const faults = manualFaults({ ...note, ...change })
    expect(faults.map(({ pointer }) => pointer)).toEqual(pointers)
    expect(faults.every(({ detail, fix }) => detail && fix)).toBe(true)
  })

  test('what is not too deep can be read', () => {
    const manual = { ...note, sampleBody: deep(400) }
    expect(manualFaults(manual)).toEqual([])
    expect(read(manual).spec.operations).toHaveLength(1)
  })
})
