import type { JsonSchema } from '@sluice/contract'
import { checkSchema } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import { projectSchema } from './project-schema.ts'

const TEXT = { type: 'string' }
const NUMBER = { type: 'number' }

const $defs = {
  Text: { type: 'string', maxLength: 3 },
  Base: { type: 'object', properties: { id: { $ref: '#/$defs/Text' } }, required: ['id'] },
  Cat: {
    allOf: [{ $ref: '#/$defs/Base' }, { properties: { lives: NUMBER, owner: { $ref: '#/$defs/Person' } } }],
  },
  Person: { type: 'object', properties: { cats: { type: 'array', items: { $ref: '#/$defs/Cat' } }, age: NUMBER } },
  Tree: {
    type: 'object',
    properties: { left: { $ref: '#/$defs/Tree' }, right: { $ref: '#/$defs/Tree' }, label: TEXT },
    additionalProperties: false,
  },
  Itself: { allOf: [{ $ref: '#/$defs/Itself' }, { required: ['a'] }] },
} satisfies JsonSchema

/** Schemas, each with values that it takes and values that it refuses. */
const CASES: ReadonlyArray<readonly [string, JsonSchema, readonly unknown[], readonly unknown[]]> = [
  [
    'properties that are there, wrong, or missing',
    { type: 'object', properties: { a: TEXT, b: NUMBER, c: { type: 'object', required: ['d'] } }, required: ['a'] },
    [{ a: 'x' }, { a: 'x', b: 1, e: 2 }, { a: 'x', c: { d: 1 } }],
    [{}, { a: 1 }, { a: 'x', c: {} }, 'text', null, [{ a: 'x' }]],
  ],
  [
    'what is composed, through a circle of references',
    { $ref: '#/$defs/Cat' },
    [{ id: 'abc', lives: 9, owner: { age: 1, cats: [{ id: 'a' }, { id: 'b', owner: {} }] } }],
    [{ lives: 9 }, { id: 'abcd' }, { id: 'a', owner: { cats: [{ id: 'a' }, { lives: 'x' }] } }],
  ],
  [
    'recursion that takes no other members',
    { $ref: '#/$defs/Tree' },
    [{ left: { left: { label: 'x' } }, right: {} }, {}],
    [{ left: { right: { other: 1 } } }, { label: 1 }, { middle: {} }],
  ],
  [
    'exactly one branch, where several fit, and where none does',
    {
      oneOf: [
        { type: 'object', properties: { a: TEXT, b: { $ref: '#/$defs/Tree' } }, required: ['a'] },
        { type: 'object', properties: { a: NUMBER, c: TEXT } },
        { type: 'array', items: { $ref: '#/$defs/Text' } },
      ],
    },
    [{ a: 'x' }, { a: 1, c: 'x' }, {}, ['abc']],
    [{ a: 'x', c: 'x', b: { z: 1 } }, { a: true }, ['abcd'], 1],
  ],
  [
    'any branch',
    { properties: { at: { anyOf: [{ $ref: '#/$defs/Base' }, { type: 'null' }] } } },
    [{ at: null }, { at: { id: 'a' } }, {}],
    [{ at: {} }, { at: { id: 1 } }],
  ],
  [
    'members without a name of their own',
    { properties: { a: TEXT }, patternProperties: { '^x-': NUMBER }, additionalProperties: { $ref: '#/$defs/Base' } },
    [{ a: 'x', 'x-y': 1, other: { id: 'a' } }, {}],
    [{ other: {} }, { 'x-y': 'z' }, { one: { id: 'a' }, two: { id: 1 } }],
  ],
  [
    'lists with places, and what comes after',
    { type: 'array', prefixItems: [TEXT, { $ref: '#/$defs/Base' }], items: NUMBER, contains: { const: 7 } },
    [['x', { id: 'a' }, 7]],
    [['x', {}, 7], ['x', { id: 'a' }, 'y', 7], ['x'], [7]],
  ],
  [
    'conditions and negations',
    {
      if: { properties: { kind: { const: 'cat' } }, required: ['kind'] },
      // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
      then: { $ref: '#/$defs/Cat' },
      else: { not: { required: ['lives'] } },
      dependentSchemas: { kind: { properties: { name: TEXT } } },
      dependentRequired: { name: ['kind'] },
    },
    [{ kind: 'cat', id: 'a', lives: 9 }, { kind: 'dog', name: 'x' }, {}],
    [{ kind: 'cat' }, { lives: 1 }, { kind: 'dog', name: 1 }, { name: 'x' }],
  ],
  [
    'what no part has named',
    { allOf: [{ $ref: '#/$defs/Base' }, { properties: { b: TEXT } }], unevaluatedProperties: false },
    [{ id: 'a' }, { id: 'a', b: 'x' }],
    [
      { id: 'a', c: 1 },
      { id: 'a', b: 1 },
    ],
  ],
  [
    'names and numbers of members, and a limit beside a reference',
    { $ref: '#/$defs/Person', propertyNames: { maxLength: 4 }, maxProperties: 1 },
    [{ age: 1 }, {}],
    [{ years: 1 }, { age: 1, cats: [] }],
  ],
]

describe('what is left of a schema says of a value what the whole says', () => {
  test.each(CASES)('%s', (_name, schema, accepted, refused) => {
    for (const value of [...accepted, ...refused]) {
      const whole = { openapi: '3.1.0', ...schema, $defs }
      const part = projectSchema(whole, schema, [value]) as JsonSchema
      expect(JSON.stringify(part)).not.toContain('$ref')
      expect([value, part, faultsOf(part, value)]).toEqual([value, part, faultsOf(whole, value)])
      expect([value, faultsOf(whole, value).length > 0]).toEqual([value, refused.includes(value)])
    }
  })

  test('several values at once are each judged as by the whole', () => {
    for (const [_name, schema, accepted, refused] of CASES) {
      const values = [...accepted, ...refused]
      const whole = { openapi: '3.1.0', ...schema, $defs }
      const part = projectSchema(whole, schema, values) as JsonSchema
      for (const value of values) expect([value, faultsOf(part, value)]).toEqual([value, faultsOf(whole, value)])
    }
  })
})

describe('what is left out', () => {
  const root = { openapi: '3.1.0', $defs }

  test('of a member that is not there its name stays, and that it is read-only', () => {
    const schema = {
      properties: { a: TEXT, b: { type: 'object', readOnly: true, properties: {} }, c: { $ref: '#/$defs/R' } },
    }
    const withRead = { $defs: { ...$defs, R: { readOnly: true, type: 'string' } } }
    expect(projectSchema(withRead, schema, [{ a: 'x' }])).toEqual({
      properties: { a: TEXT, b: { readOnly: true }, c: { readOnly: true } },
    })
  })

  test('a property may have the name of a keyword', () => {
    const schema = { properties: { properties: TEXT, items: { $ref: '#/$defs/Text' } } }
    expect(projectSchema(root, schema, [{ items: 'x' }])).toEqual({
      properties: { properties: {}, items: $defs.Text },
    })
  })

  test('a schema that is its own part, and a reference that leads nowhere', () => {
    expect(projectSchema(root, { $ref: '#/$defs/Itself' }, [{}])).toEqual({ allOf: [{}, { required: ['a'] }] })
    expect(projectSchema(root, { $ref: '#/$defs/Nothing', minimum: 1 }, [2])).toEqual({ minimum: 1 })
  })

  test('what stands beside a reference counts since 3.1', () => {
    const schema = { $ref: '#/$defs/Text', minLength: 2, readOnly: true }
    const cut = (openapi: string) => projectSchema({ openapi, $defs }, schema, ['x'])
    expect(cut('3.1.1')).toEqual({ type: 'string', maxLength: 3, minLength: 2, readOnly: true })
    expect(cut('3.0.3')).toEqual({ type: 'string', maxLength: 3, readOnly: true })
  })

  test('two discriminators that differ still do', () => {
    const one = { discriminator: { propertyName: 'kind', mapping: { a: '#/$defs/Cat' } } }
    const other = { discriminator: { propertyName: 'kind', mapping: { a: '#/$defs/Person' } } }
    const [left, right] = [one, other].map((schema) => projectSchema(root, schema, [{}]))
    expect(left).not.toEqual(right)
  })
})

function faultsOf(schema: JsonSchema, value: unknown): string[] {
  return checkSchema(schema, value)
    .map(({ path, keyword, message }) => `${path} ${keyword}: ${message}`)
    .toSorted()
}
