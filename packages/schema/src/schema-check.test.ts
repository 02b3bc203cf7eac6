import { describe, expect, test } from 'vitest'
import { parseJson } from './exact-json.ts'
import { checkSchema } from './schema-check.ts'

describe('checking a value', () => {
  const schema = {
    type: 'object',
    properties: {
      limit: { type: 'integer', maximum: 10 },
      sort: { enum: ['asc', 'desc'] },
      filter: { $ref: '#/$defs/F' },
    },
    required: ['limit'],
    additionalProperties: false,
    $defs: {
      F: {
        type: 'object',
        properties: {
          kids: { type: 'array', items: { $ref: '#/$defs/F' } },
          at: { type: 'string', format: 'date-time' },
        },
      },
    },
  }

  test('a value that fits has no faults', () => {
    expect(checkSchema(schema, { limit: 3, filter: { kids: [{ kids: [] }], at: '2026-01-01T00:00:00Z' } })).toEqual([])
  })

  test('all faults are told, with their path', () => {
    const faults = checkSchema(schema, { limit: 11, sort: 'up', nope: 1, filter: { kids: [{ at: 'today' }] } })
    expect(faults.map(({ path, keyword, property }) => [path, keyword, property])).toEqual([
      ['', 'additionalProperties', 'nope'],
      ['limit', 'maximum', undefined],
      ['sort', 'enum', undefined],
      ['filter.kids.0.at', 'format', undefined],
    ])
    expect(faults[2]!.message).toBe('must be one of "asc", "desc"')
  })

  test('B56 an exact number is checked rounded', () => {
    const wide = { type: 'object', properties: { id: { type: 'integer' } } }
    expect(checkSchema(wide, parseJson('{"id":9007199254740993}'))).toEqual([])
    expect(
      checkSchema({ type: 'object', properties: { id: { type: 'string' } } }, parseJson('{"id":9007199254740993}')),
    ).toHaveLength(1)
  })

  test('B63 a pattern that the linear engine does not know checks nothing', () => {
    expect(checkSchema({ type: 'string', pattern: '(?<=x)y(?!z)' }, 'anything')).toEqual([])
    expect(checkSchema({ type: 'string', pattern: '^\\d{3}$' }, '12')).toHaveLength(1)
  })

  test('two patterns of one schema are told apart', () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'string', pattern: '^a$' }, b: { type: 'string', pattern: '^b$' } },
    }
    expect(checkSchema(schema, { a: 'a', b: 'b' })).toEqual([])
    expect(checkSchema(schema, { a: 'b', b: 'a' })).toHaveLength(2)
  })

  test('S26 a pattern that makes others backtrack for ever answers', () => {
    expect(checkSchema({ type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(50_000)}b`)).toHaveLength(1)
  })

  test('a schema that cannot be compiled still checks the names', () => {
    const broken = { type: 'object', properties: { a: { $ref: '#/$defs/Missing' } }, additionalProperties: false }
    expect(checkSchema(broken, { a: 1 })).toEqual([])
    expect(checkSchema(broken, { b: 1 })).toHaveLength(1)
  })
})
