import type { JsonSchema } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { exactNumber } from './exact-json.ts'
import { portableSchema } from './portable-schema.ts'

const property = (schema: JsonSchema, defs: Record<string, JsonSchema> = {}) =>
  (
    portableSchema({ type: 'object', properties: { p: schema }, $defs: defs }, 10_000).schema.properties as Record<
      string,
      JsonSchema
    >
  ).p

describe('the schema that a model is shown', () => {
  test.each<[string, JsonSchema, JsonSchema]>([
    ['B47 null is told in words', { type: ['string', 'null'] }, { type: 'string', description: '(may be null)' }],
    [
      'several types become a union',
      { type: ['string', 'integer'] },
      { anyOf: [{ type: 'string' }, { type: 'integer' }] },
    ],
    ['B49 const becomes an enum', { const: 'a' }, { type: 'string', enum: ['a'] }],
    [
      'B55 an enum of numbers is told in words',
      { type: 'integer', enum: [1, 2] },
      { type: 'integer', description: '(one of 1, 2)' },
    ],
    [
      'B67 each of several types has what is said of it',
      { type: ['array', 'string', 'null'], items: { type: 'integer' }, maxLength: 3, description: 'X', title: 'T' },
      {
        anyOf: [
          { type: 'array', items: { type: 'integer' } },
          { type: 'string', maxLength: 3 },
        ],
        title: 'T',
        description: 'X (may be null)',
      },
    ],
    [
      'B55 values of several types are told with their type',
      { type: ['string', 'integer'], enum: ['a', 1] },
      {
        anyOf: [
          { type: 'string', enum: ['a'] },
          { type: 'integer', description: '(one of 1)' },
        ],
      },
    ],
    [
      'B55 also where the type is left out',
      { enum: [1, 'auto', 2.5, null] },
      {
        anyOf: [
          { type: 'string', enum: ['auto'] },
          { type: 'number', description: '(one of 1, 2.5)' },
        ],
        description: '(may be null)',
      },
    ],
    [
      'a type without values is left out',
      { type: ['string', 'integer'], enum: ['a'] },
      { type: 'string', enum: ['a'] },
    ],
    [
      'B56 an exact number is a number',
      { enum: [exactNumber('9007199254740993')] },
      { type: 'integer', description: '(one of 9007199254740993)' },
    ],
    [
      'B44 of two lists of values those in both, of limits the narrower',
      {
        allOf: [
          { enum: ['a', 'b', 'c'], maxLength: 5 },
          { enum: ['c', 'b'], maxLength: 3 },
        ],
      },
      { type: 'string', enum: ['c', 'b'], maxLength: 3 },
    ],
    [
      'B44 also of one property',
      { allOf: [{ properties: { n: { type: 'integer', minimum: 5 } } }, { properties: { n: { minimum: 1 } } }] },
      { type: 'object', properties: { n: { type: 'integer', minimum: 5 } } },
    ],
    [
      'a property that takes no value is not shown',
      { type: 'object', properties: { a: { not: {} }, b: false, c: { not: { type: 'null' } } }, required: ['a', 'c'] },
      { type: 'object', properties: { c: { description: 'Any JSON value.' } }, required: ['c'] },
    ],
    [
      'what takes no value says so',
      { type: 'array', items: { not: {} } },
      { type: 'array', items: { description: 'Takes no value.' } },
    ],
    [
      'null leaves an enum',
      { type: ['string', 'null'], enum: ['a', null] },
      { type: 'string', enum: ['a'], description: '(may be null)' },
    ],
    [
      'exclusive limits are told in words',
      { type: 'number', exclusiveMinimum: 0 },
      { type: 'number', description: '(more than 0)' },
    ],
    [
      'B57 B143 a default is told with all its digits',
      { type: 'integer', default: exactNumber('9007199254740993') },
      { type: 'integer', description: '(default 9007199254740993)' },
    ],
    [
      'B57 a default is told in words',
      { type: 'integer', description: 'Page', default: 1 },
      { type: 'integer', description: 'Page (default 1)' },
    ],
    [
      'formats that every client takes stay',
      { type: 'string', format: 'date-time' },
      { type: 'string', format: 'date-time' },
    ],
    [
      'other formats are told in words',
      { type: 'string', format: 'uuid' },
      { type: 'string', description: '(format uuid)' },
    ],
    [
      'B44 allOf is merged',
      {
        allOf: [
          { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
          { properties: { b: { type: 'integer' } }, required: ['b'] },
        ],
      },
      { type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer' } }, required: ['a', 'b'] },
    ],
    [
      'a union keeps its branches',
      { anyOf: [{ type: 'string' }, { type: 'integer' }] },
      { anyOf: [{ type: 'string' }, { type: 'integer' }] },
    ],
    [
      'what is needed one way or another is told in words',
      {
        type: 'object',
        properties: { a: { type: 'string' }, $b: { type: 'string' }, c: { type: 'string' } },
        anyOf: [{ required: ['a'] }, { required: ['$b', 'c'], not: { required: ['a'] } }],
      },
      {
        type: 'object',
        properties: { a: { type: 'string' }, b: { type: 'string' }, c: { type: 'string' } },
        description: '(needs a, or b and c)',
      },
    ],
    [
      'B47 a union with null is its other branch, and null is told in words',
      { anyOf: [{ type: ['string', 'null'], description: 'A' }, { type: 'null' }] },
      { type: 'string', description: 'A (may be null)' },
    ],
    [
      'a tuple is a list of a union',
      { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }] },
      { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'integer' }] } },
    ],
    ['B68 a schema that says nothing gets a description', {}, { description: 'Any JSON value.' }],
    [
      'keywords that clients refuse are dropped',
      { type: 'object', patternProperties: { a: {} }, additionalProperties: false, not: {}, properties: {} },
      { type: 'object', properties: {} },
    ],
  ])('%s', (_name, given, want) => expect(property(given)).toEqual(want))

  test('B51 references are inlined, and a cycle is cut', () => {
    const tree = {
      type: 'object',
      properties: { name: { type: 'string' }, kids: { type: 'array', items: { $ref: '#/$defs/Tree' } } },
    }
    expect(property({ $ref: '#/$defs/Tree' }, { Tree: tree })).toEqual({
      type: 'object',
      properties: {
        name: { type: 'string' },
        kids: { type: 'array', items: { type: 'object', description: '(recursive not shown)' } },
      },
    })
  })

  test('B47 null that is a definition, as drf-spectacular writes it, is told in words', () => {
    const defs = { Kind: { type: 'string', enum: ['a'] }, Null: { enum: [null] } }
    expect(property({ anyOf: [{ $ref: '#/$defs/Kind' }, { $ref: '#/$defs/Null' }] }, defs)).toEqual({
      type: 'string',
      enum: ['a'],
      description: '(may be null)',
    })
  })

  test('B14 a schema used twice is no cycle', () => {
    const defs = { A: { type: 'string' } }
    const both = property({ type: 'object', properties: { x: { $ref: '#/$defs/A' }, y: { $ref: '#/$defs/A' } } }, defs)
    expect(both).toEqual({ type: 'object', properties: { x: { type: 'string' }, y: { type: 'string' } } })
  })

  test('B43 the root is a plain object without combinators', () => {
    const { schema } = portableSchema({ type: 'object', anyOf: [{ required: ['a'] }], properties: { a: {} } }, 1_000)
    expect(Object.keys(schema).toSorted()).toEqual(['properties', 'type'])
  })

  test('B52 a schema that doubles at each level stays within its budget and says so', () => {
    const defs = Object.fromEntries(
      Array.from({ length: 30 }, (_, n) => [
        `L${n}`,
        {
          type: 'object',
          properties: Object.fromEntries(['a', 'b', 'c'].map((key) => [key, { $ref: `#/$defs/L${n + 1}` }])),
        },
      ]),
    )
    const { schema, elided } = portableSchema(
      {
        type: 'object',
        properties: { p: { $ref: '#/$defs/L0' } },
        required: ['p'],
        $defs: { ...defs, L30: { type: 'string' } },
      },
      4_000,
    )
    expect(elided).toBe(true)
    expect(JSON.stringify(schema).length).toBeLessThanOrEqual(4_000)
    expect(schema.required).toEqual(['p'])
  })
})
