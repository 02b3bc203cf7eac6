import { describe, expect, test } from 'vitest'
import { permissiveSchema } from './permissive-schema.ts'
import { checkSchema } from './schema-check.ts'

const BOOK = {
  type: 'object',
  required: ['id', 'state'],
  additionalProperties: false,
  properties: {
    id: { type: 'integer', minimum: 1 },
    state: { type: 'string', enum: ['sold', 'free'], description: 'Where it is' },
    printed: { type: 'string', format: 'date-time' },
    '@type': { type: 'string', const: 'book' },
    author: { $ref: '#/$defs/Author' },
  },
  $defs: {
    Author: {
      type: 'object',
      properties: { name: { type: 'string' }, books: { type: 'array', items: { type: 'string' } } },
    },
  },
}

describe('B142, B171 what an answer is described as is what real answers fit', () => {
  const schema = permissiveSchema(BOOK, 6_000)

  test.each([
    ['as declared', { id: 1, state: 'sold', printed: '2020-01-01T00:00:00Z', '@type': 'book', author: { name: 'A' } }],
    ['members missing', {}],
    ['nulls', { id: null, state: null, author: null }],
    ['a value that is not listed', { state: 'lost' }],
    ['a date of another format', { printed: 'yesterday' }],
    ['a number below the least', { id: 0 }],
    ['members that are not declared', { isbn: '1', author: { born: 1920 } }],
  ])('%s', (_name, answer) => {
    expect(checkSchema(schema, answer)).toEqual([])
  })

  test('another type is a fault: the description says something', () => {
    expect(checkSchema(schema, { author: 'A' })).not.toEqual([])
  })

  test('names are the API’s own, references are inlined, listed values are told in words', () => {
    expect(schema).toEqual({
      type: ['object', 'null'],
      properties: {
        id: { type: ['integer', 'null'] },
        state: { type: ['string', 'null'], description: 'Where it is (one of "sold", "free")' },
        printed: { type: ['string', 'null'] },
        '@type': { type: ['string', 'null'], description: '(one of "book")' },
        author: {
          type: ['object', 'null'],
          properties: {
            name: { type: ['string', 'null'] },
            books: { type: ['array', 'null'], items: { type: ['string', 'null'] } },
          },
        },
      },
    })
  })

  test('a list stays a list', () => {
    const items = { type: 'object', properties: { id: { type: 'integer' } } }
    const list = permissiveSchema({ type: 'array', items }, 6_000)
    expect(list).toMatchObject({ type: ['array', 'null'], items: { type: ['object', 'null'] } })
  })
})

test('B172 a description larger than its budget is told less deeply', () => {
  expect(permissiveSchema(BOOK, 100)).toEqual({ type: ['object', 'null'] })
})
