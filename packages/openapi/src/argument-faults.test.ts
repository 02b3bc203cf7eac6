import type { ArgumentEdit, ArgumentEdits } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { argumentFaults } from './argument-faults.ts'
import { definitionOf, openapi } from './testing/read-one.ts'

const query = (name: string, schema: object) => ({ name, in: 'query', schema })
const parameters = [
  { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
  query('limit', { type: 'integer', maximum: 50 }),
  query('near', { $ref: '#/components/schemas/Point' }),
  query('text', { type: ['string', 'null'] }),
  query('any', {}),
  query('union', { anyOf: [{ type: 'integer' }, { type: 'string', minLength: 50 }] }),
  query('numbers', { anyOf: [{ type: 'integer' }, { type: 'boolean' }] }),
  query('level', { enum: [1, 2] }),
  query('all', { allOf: [{ description: 'x' }, { type: 'integer' }] }),
  query('list', { type: 'array', items: { type: 'string' } }),
]
const Point = { type: 'object', required: ['x'], properties: { x: { type: 'number' } } }
const definition = definitionOf(openapi({ '/a/{id}': { get: { parameters } } }, { components: { schemas: { Point } } }))
const faults = (edits: ArgumentEdits) => argumentFaults(definition, edits)

describe('faults of edited arguments', () => {
  test.each<[string, ArgumentEdit]>([
    ['limit', { hidden: true }],
    ['id', { value: 'a' }],
    ['limit', { value: 50 }],
    ['near', { value: { x: 1 } }],
    ['id', { description: 'Which.' }],
    ...['id', 'text', 'any', 'union'].map((name): [string, ArgumentEdit] => [name, { secret: 'sec_1' }]),
  ])('%s may be %j', (name, edit) => expect(faults({ [name]: edit })).toEqual([]))

  test.each<[string, ArgumentEdit, object]>([
    ['lmit', { value: 1 }, { detail: 'The tool has no argument "lmit".', fix: 'Did you mean "limit"?' }],
    ['zzzzzzzz', { hidden: true }, { fix: expect.stringContaining('id, limit, near') }],
    ['constructor', { hidden: true }, { detail: 'The tool has no argument "constructor".' }],
    ['id', { hidden: true }, { detail: expect.stringContaining('required'), fix: expect.stringContaining('value') }],
    ['limit', { value: 51 }, { detail: 'The value does not fit "limit": must be <= 50.' }],
    ['limit', { value: '5' }, { detail: 'The value does not fit "limit": must be integer.' }],
    ['near', { value: { x: 'a' } }, { detail: 'The value does not fit "near": x must be number.' }],
    ['near', { value: {} }, { detail: expect.stringContaining('(x)') }],
    ...['limit', 'near', 'numbers', 'level', 'all', 'list'].map((name): [string, ArgumentEdit, object] => [
      name,
      { secret: 'sec_1' },
      { detail: `"${name}" takes no text, and a secret is one.` },
    ]),
  ])('B182 %s may not be %j', (name, edit, fault) => {
    expect(faults({ [name]: edit })).toEqual([
      { pointer: `/arguments/${name}`, detail: expect.any(String), fix: expect.any(String) },
    ])
    expect(faults({ [name]: edit })).toMatchObject([fault])
  })

  test('a pointer escapes the name (RFC 6901 3), and every fault is told', () => {
    expect(faults({ 'a/b~c': { hidden: true }, id: { hidden: true } }).map(({ pointer }) => pointer)).toEqual([
      '/arguments/a~1b~0c',
      '/arguments/id',
    ])
  })

  test.each([
    ['application/octet-stream', { type: 'string', format: 'binary' }, 'body'],
    ['multipart/form-data', { properties: { photo: { type: 'string', format: 'binary' } } }, 'photo'],
  ])('a file of %s cannot be a secret', (type, schema, name) => {
    const upload = definitionOf(openapi({ '/x': { post: { requestBody: { content: { [type]: { schema } } } } } }))
    expect(argumentFaults(upload, { [name]: { secret: 'sec_1' } })).toMatchObject([
      { pointer: `/arguments/${name}`, detail: expect.stringContaining('is a file') },
    ])
  })

  test('a tool without arguments says so', () => {
    const none = definitionOf(openapi({ '/x': { get: {} } }))
    expect(argumentFaults(none, { a: { value: 1 } })[0]!.fix).toBe('It has no arguments.')
  })
})
