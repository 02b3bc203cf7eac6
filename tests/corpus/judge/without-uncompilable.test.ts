import { describe, expect, test } from 'vitest'
import { withoutUncompilable } from './without-uncompilable.ts'

describe('what stops a compiler of schemas', () => {
  test('null is allowed beside a type alone, and what is twice is once', () => {
    const schema = { properties: { a: { nullable: true, oneOf: [] }, b: { nullable: true, type: 'string' } } }
    const lists = { enum: ['a', 1, 'a', '1', 1, null], required: ['x', 'x'] }
    const nullable = { type: 'string', nullable: true, enum: ['a', null] }
    expect(withoutUncompilable({ schema, lists, nullable })).toEqual({
      schema: { properties: { a: { oneOf: [] }, b: { nullable: true, type: 'string' } } },
      lists: { enum: ['a', 1, '1', null], required: ['x'] },
      nullable: { type: 'string', nullable: true, enum: ['a'] },
    })
  })

  test.each([
    ['^a\\-b$', '^a-b$'],
    ['^[a\\-z\\_]\\:"\\"$', '^[a\\-z_]:""$'],
    ['^\\d+\\.[\\]x]\\/$', '^\\d+\\.[\\]x]\\/$'],
    ['\\\\\\-', '\\\\-'],
    ['(unclosed', undefined],
    ['\\p{XDigit}', undefined],
  ])('%j is read as %j', (pattern, expected) => {
    expect(withoutUncompilable({ pattern }).pattern).toBe(expected)
  })

  test('what JSON Schema does not have is left out of schemas, and stays with parameters and bodies', () => {
    const schema = { type: 'object', required: true, properties: { file: { type: 'file' } } }
    const parameter = { in: 'query', name: 'a', required: true, schema: { type: 'string' } }
    const requestBody = { required: true, content: {} }
    expect(withoutUncompilable({ schema, parameters: [parameter], requestBody })).toEqual({
      schema: { type: 'object', properties: { file: {} } },
      parameters: [parameter],
      requestBody,
    })
  })

  test('a property may have the name of a keyword', () => {
    expect(withoutUncompilable({ type: { type: 'string' }, pattern: 0, enum: [] })).toEqual({})
    const properties = {
      type: { type: 'string' },
      pattern: { type: 'string' },
      nullable: { type: 'boolean' },
      enum: { type: 'array' },
    }
    expect(withoutUncompilable({ properties })).toEqual({ properties })
  })
})
