import type { JsonSchema } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { healValue } from './heal-value.ts'
import { portableSchema } from './portable-schema.ts'
import { strictSchema } from './strict-schema.ts'

const strictOf = (properties: Record<string, JsonSchema>, required: string[] = []) =>
  strictSchema(portableSchema({ type: 'object', properties, required, additionalProperties: false }, 10_000).schema)

describe('OpenAI’s strict rules', () => {
  test('B67 every object is closed and requires all; what was optional takes null', () => {
    const schema = strictOf(
      {
        id: { type: 'integer', minimum: 1 },
        state: { type: 'string', enum: ['on', 'off'] },
        tags: { type: 'array', items: { type: 'string', maxLength: 9 } },
        who: { type: 'object', properties: { name: { type: 'string', format: 'date-time' } }, required: ['name'] },
        either: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
      },
      ['id', 'who'],
    )
    expect(schema).toEqual({
      type: 'object',
      properties: {
        id: { type: 'integer', minimum: 1 },
        state: { type: ['string', 'null'], enum: ['on', 'off', null] },
        tags: { type: ['array', 'null'], items: { type: 'string' } },
        who: {
          type: 'object',
          properties: { name: { type: 'string', format: 'date-time' } },
          required: ['name'],
          additionalProperties: false,
        },
        either: { anyOf: [{ type: 'string' }, { type: 'integer' }, { type: 'null' }] },
      },
      required: ['id', 'state', 'tags', 'who', 'either'],
      additionalProperties: false,
    })
  })

  test('no arguments at all', () => {
    expect(strictOf({})).toEqual({ type: 'object', properties: {}, required: [], additionalProperties: false })
  })

  test.each<[string, JsonSchema]>([
    ['an object of free keys', { type: 'object', additionalProperties: { type: 'string' } }],
    ['any value', {}],
    ['a list of any', { type: 'array' }],
    [
      'eleven levels',
      Array.from({ length: 11 }).reduce<JsonSchema>((inner) => ({ type: 'array', items: inner }), { type: 'string' }),
    ],
    ['B17 an optional value that may be null', { type: ['string', 'null'], description: 'Its name.' }],
    ['B17 an optional reference that may be null', { anyOf: [{ type: 'string', description: 'A' }, { type: 'null' }] }],
    [
      'B17 an optional union of which a branch may be null',
      { anyOf: [{ type: 'string' }, { type: ['integer', 'null'] }] },
    ],
    [
      'B17 a described one',
      { description: 'B', anyOf: [{ type: ['string', 'null'], description: 'A' }, { type: 'null' }] },
    ],
    ['too many values', { type: 'string', enum: Array.from({ length: 1_001 }, (_, n) => `v${n}`) }],
  ])('B68 %s cannot be strict: the tool is shown in the portable profile', (_name, schema) =>
    expect(strictOf({ p: schema })).toBeUndefined(),
  )

  test('B17 a required value that may be null is no obstacle', () => {
    expect(strictOf({ p: { type: ['string', 'null'] } }, ['p'])).toMatchObject({
      properties: { p: { type: 'string' } },
    })
  })

  test('B73 the null of a strict client is healed to left out', () => {
    const properties = { page: { type: 'integer' }, id: { type: ['integer', 'null'] } }
    expect(healValue({ type: 'object', properties }, { page: null, id: null })).toEqual({ id: null })
  })
})
