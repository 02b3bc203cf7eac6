import type { JsonSchema } from '@sluice/contract'
import { checkSchema, exactNumber, healValue } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import { readDefinition } from './read-definition.ts'
import { definitionOf, openapi, read, readText, withParameter } from './testing/read-one.ts'

const withBody = (schema: object, schemas: object = {}) => {
  const content = { 'application/json': { schema: { type: 'object', properties: { v: schema } } } }
  return openapi({ '/x': { post: { requestBody: { content } } } }, { components: { schemas } })
}
const inputOf = (document: object): JsonSchema => definitionOf(document).operation.inputSchema
const wireOf = (document: object) => (definitionOf(document).wireSchema.properties as Record<string, JsonSchema>).v
const isTaken = (input: JsonSchema, v: unknown) => checkSchema(input, healValue(input, { v })).length === 0

const CLOSED = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false }
const B = { properties: { b: { type: 'string' } } }
const LARGE = {
  type: 'integer',
  maximum: exactNumber('9223372036854775807'),
  minimum: exactNumber('-9223372036854775808'),
}

describe('arguments are checked by all that a schema says', () => {
  test.each<[string, object, unknown[], unknown[]]>([
    ['minContains', { type: 'array', contains: { type: 'integer' }, minContains: 2 }, [[1, 2, 'x']], [[1, 'x']]],
    ['maxContains', { type: 'array', contains: { type: 'integer' }, maxContains: 1 }, [[1, 'x']], [[1, 2]]],
    ['dependentRequired', { type: 'object', dependentRequired: { a: ['b'] } }, [{ b: 1 }, { a: 1, b: 1 }], [{ a: 1 }]],
    ['B56 limits of an int64', LARGE, [exactNumber('9223372036854775807'), 1], [1e30, -1e30]],
    ['a constant without a type', { const: '2' }, ['2', 2], ['3', 3]],
    ['B63 a pattern with the slashes of JavaScript', { type: 'string', pattern: '/^[a-z]+$/' }, ['abc'], ['1']],
    ['B63 one with flags checks nothing', { type: 'string', pattern: '/^[a-z]+$/i' }, ['abc', '1'], [['x']]],
    [
      'B44 a closed part beside another takes what both have',
      { allOf: [CLOSED, B] },
      [{ a: '1', b: '2' }],
      [{ b: [] }],
    ],
    [
      'B44 a closed schema takes what its parts have',
      { ...CLOSED, allOf: [{ properties: { b: { type: 'string' } } }] },
      [{ a: '1', b: '2' }],
      [{ b: [] }],
    ],
    [
      'B44 one without properties of its own, too',
      { additionalProperties: false, allOf: [B] },
      [{ b: '2' }],
      [{ b: [] }],
    ],
    [
      'B44 one that is closed by what no value fits, too',
      { ...CLOSED, additionalProperties: { not: {} }, allOf: [{ ...B, unevaluatedProperties: { not: {} } }] },
      [{ a: '1', b: '2' }],
      [{ b: [] }],
    ],
    [
      'one whose parts describe no properties stays closed',
      { ...CLOSED, allOf: [{ required: ['a'] }] },
      [{ a: '1' }],
      [{ a: '1', b: '2' }],
    ],
    ['a closed part alone stays closed', { allOf: [CLOSED, { description: 'x' }] }, [{ a: '1' }], [{ b: '2' }]],
  ])('%s', (_name, schema, good, bad) => {
    const input = inputOf(withBody(schema))
    for (const value of good) expect(isTaken(input, value)).toBe(true)
    for (const value of bad) expect(isTaken(input, value)).toBe(false)
  })

  test('B44 a closed schema that is referred to is open as a part, and closed by itself', () => {
    const reference = { $ref: '#/components/schemas/Closed' }
    const both = withBody(
      { type: 'object', properties: { both: { allOf: [reference, B] }, alone: reference } },
      { Closed: CLOSED },
    )
    expect(isTaken(inputOf(both), { both: { a: '1', b: '2' }, alone: { a: '1' } })).toBe(true)
    expect(isTaken(inputOf(both), { alone: { b: '2' } })).toBe(false)
    expect(JSON.stringify(wireOf(both))).toContain('"b":{"type":"string"}')
  })

  test('B44 B46 closed schemas that build on one another, as .NET writes them, take what all of them have', () => {
    const named = (name: string) => ({ $ref: `#/components/schemas/${name}` })
    const closed = (name: string, more: object = {}) => ({
      type: 'object',
      properties: { [name]: { type: 'string' } },
      additionalProperties: false,
      ...more,
    })
    const input = inputOf(
      withBody(
        { type: 'array', items: named('A') },
        {
          A: closed('a', { discriminator: { propertyName: 'a', mapping: { c: named('C').$ref } } }),
          B: closed('b', { allOf: [named('A')] }),
          C: closed('c', { allOf: [named('B')] }),
        },
      ),
    )
    expect(isTaken(input, [{ a: 'c', b: '2', c: '3' }, { a: '1' }])).toBe(true)
    expect(isTaken(input, [{ a: 'c', b: [] }])).toBe(false)
  })

  test('B10 in 3.1 what stands beside a reference adds to what it names', () => {
    const schemas = {
      Base: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
      Closed: CLOSED,
      Alias: { $ref: '#/components/schemas/Base' },
    }
    const more = { properties: { b: { type: 'string' } }, required: ['b'] }
    for (const name of Object.keys(schemas)) {
      const both = { $ref: `#/components/schemas/${name}`, ...more }
      const content = { 'application/json': { schema: both } }
      const root = definitionOf(
        openapi({ '/x': { post: { requestBody: { required: true, content } } } }, { components: { schemas } }),
      )
      expect(Object.keys(root.operation.inputSchema.properties as object).toSorted()).toEqual(['a', 'b'])
      const nested = withBody({ ...both, unevaluatedProperties: false }, schemas)
      expect(isTaken(inputOf(nested), { a: '1', b: '2' })).toBe(true)
      expect(isTaken(inputOf(nested), { a: '1' })).toBe(false)
      expect(Object.keys(wireOf(nested)?.properties as object).toSorted()).toEqual(['a', 'b'])
    }
  })

  const NAMED = { a: { type: 'string' } }
  test.each<[string, object]>([
    ['of parts', { type: 'object', nullable: true, allOf: [{ $ref: '#/components/schemas/Named' }] }],
    ['of branches', { type: 'object', nullable: true, oneOf: [{ $ref: '#/components/schemas/Named' }, CLOSED] }],
    ['a constant', { type: 'object', nullable: true, const: { a: 'x' } }],
    ['beside a reference in 3.1', { nullable: true, $ref: '#/components/schemas/Named' }],
  ])('B47 null is taken where a type may be null, %s', (_name, schema) => {
    const list = { type: 'array', items: schema }
    const input = inputOf(withBody(list, { Named: { type: 'object', properties: NAMED } }))
    expect(isTaken(input, [null, { a: 'x' }])).toBe(true)
    expect(isTaken(input, ['x'])).toBe(false)
  })

  const ID = { $ref: '#/components/schemas/Id' }
  test.each<[string, object]>([
    ['by the reference of a reference', { properties: { id: { $ref: '#/components/schemas/Other' }, a: {} } }],
    ['by a part', { properties: { id: { description: 'x', allOf: [ID] }, a: {} } }],
    ['and by which a nullable one is made', { nullable: true, allOf: [{ properties: { id: ID, a: {} } }] }],
    ['and that a branch requires', { properties: { id: ID, a: {} }, anyOf: [{ required: ['id', 'a'] }] }],
    [
      'and that a condition requires',
      { properties: { id: ID, a: {} }, if: { required: ['other'] }, else: { required: ['id'] } },
    ],
    ['and that is required beside a reference', { $ref: '#/components/schemas/Whole' }],
  ])('B53 what only the server writes, %s, is required of nobody', (_name, schema) => {
    const schemas = {
      Id: { type: 'string', readOnly: true },
      Other: ID,
      Whole: { type: 'object', properties: { id: ID, a: {} } },
    }
    const { $defs, ...input } = inputOf(withBody({ required: ['id', 'a'], ...schema }, schemas))
    expect(isTaken({ ...input, $defs }, { a: 'x' })).toBe(true)
    expect(isTaken({ ...input, $defs }, {})).toBe(false)
  })

  test('B53 what is left out is not needed together either', () => {
    const properties = { a: { type: 'string' }, id: { type: 'string', readOnly: true } }
    const input = inputOf(withBody({ type: 'object', properties, dependentRequired: { a: ['id'] } }))
    expect(isTaken(input, { a: '1' })).toBe(true)
  })

  test('B56 an identifier in YAML is told and checked with its digits', () => {
    const text =
      'openapi: 3.1.0\npaths: {/x: {get: {parameters: [{name: v, in: query, schema: {enum: [9007199254740993]}}]}}}'
    const { operation, wireSchema } = readDefinition(readText(text).operations[0]!.definition)
    expect(isTaken(operation.inputSchema, exactNumber('9007199254740993'))).toBe(true)
    expect(isTaken(operation.inputSchema, exactNumber('9007199254740992'))).toBe(false)
    expect(wireSchema.properties).toEqual({ v: { type: 'integer', description: '(one of 9007199254740993)' } })
  })
})

describe('keywords that a program wrote as null say nothing', () => {
  const DUMP = { $ref: null, allOf: null, enum: null, format: null, maxLength: null, items: null, example: null }
  test.each<[string, object, unknown[], unknown[]]>([
    ['a type of null', { ...DUMP, type: null, properties: { a: { type: 'integer' } } }, [{ a: 1 }], [{ a: 'x' }]],
    ['beside a union', { ...DUMP, type: null, anyOf: [{ type: 'string', const: null }] }, ['x'], [{}]],
    ['a constant of null', { ...DUMP, type: 'string', const: null }, ['x'], [{}]],
    ['B5 alone, a type of null is what YAML makes of one', { type: null, description: 'x' }, [null], ['x']],
    ['alone, a constant of null is one', { const: null, title: 'x' }, [null], ['x']],
  ])('%s', (_name, schema, good, bad) => {
    const input = inputOf(withBody(schema))
    for (const value of good) expect(isTaken(input, value)).toBe(true)
    for (const value of bad) expect(isTaken(input, value)).toBe(false)
  })

  test('before 3.1 no type is null', () => {
    const document = { ...withBody({ type: null, description: 'x' }), openapi: '3.0.3' }
    expect(isTaken(inputOf(document), 'x')).toBe(true)
  })

  test('a style or an example of a parameter', () => {
    const document = withParameter({ name: 'v', in: 'query', style: null, example: null, schema: { type: 'string' } })
    expect(read(document).diagnostics).toEqual([])
    expect(inputOf(document).properties).toEqual({ v: { type: 'string' } })
  })
})

describe('B63 patterns that are none are not shown, and said', () => {
  test.each<[string, string | undefined, number]>([
    ['[unclosed', undefined, 1],
    ['/^[a-z]+$/i', undefined, 1],
    ['/^[a-z]+$/', '^[a-z]+$', 1],
    ['^/a/b$', '^/a/b$', 0],
    ['(?<!x)y', '(?<!x)y', 0],
    ['\\A[a-z]+\\Z', undefined, 1],
    ['^\\h+$', undefined, 1],
    ['^\\w{,50}$', undefined, 1],
    ['^[A-Z&&[^I]]+$', undefined, 1],
    ['^\\i\\c*$', undefined, 1],
    ['^\\\\Z\\d\\p{L}\\.$', '^\\\\Z\\d\\p{L}\\.$', 0],
    ['^\\p{Alpha}+\\z', '^\\p{Alpha}+\\z', 0],
    ['^[&]{1,5}&$', '^[&]{1,5}&$', 0],
    ['\\-', '\\-', 0],
  ])('%s', (pattern, want, notes) => {
    const document = withBody({ type: 'string', pattern })
    expect(wireOf(document)?.pattern).toBe(want)
    expect(read(document).diagnostics.filter(({ code }) => code === 'pattern-invalid')).toHaveLength(notes)
  })
})

test('a number or a name, as Kubernetes writes it, stays what is given', () => {
  const document = withBody({ type: 'string', format: 'int-or-string' })
  const input = inputOf(document)
  for (const v of [80, 'http']) expect(healValue(input, { v })).toEqual({ v })
  expect(isTaken(input, { a: 1 })).toBe(false)
  expect(wireOf(document)).toMatchObject({ anyOf: [{ type: 'integer' }, { type: 'string' }] })
})

test('an argument that takes no value is not shown', () => {
  const content = { 'application/json': { schema: { type: 'object', properties: { v: {}, none: false } } } }
  const { wireSchema } = definitionOf(openapi({ '/x': { post: { requestBody: { content } } } }))
  expect(Object.keys(wireSchema.properties as object)).toEqual(['v'])
})
