import { CallFailure } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { keepsPathShape } from './build-path.ts'
import { definitionOf, openapi, read, targetFor } from './testing/read-one.ts'
import { defaultResourceUri } from './tool-resource.ts'

const parameter = (name: string, place = 'path', more: object = {}) => ({
  name,
  in: place,
  ...(place === 'path' ? { required: true } : {}),
  schema: { type: 'integer' },
  ...more,
})
const document = (path: string, ...parameters: object[]) => openapi({ [path]: { get: { parameters } } })
const told = (one: object) => read(one).diagnostics.map(({ code }) => code)
const properties = (one: object) => definitionOf(one).operation.inputSchema.properties

describe('B25 B26 what frameworks write around the name of a path parameter', () => {
  test.each([
    ['/a/{id:[0-9]+}/x', 'id', '/a/5/x'],
    ['/a/{id:[^/?#]+}', 'id', '/a/5'],
    ['/a/{+id}/x', 'id', '/a/5/x'],
    ['/a/{id*}', 'id', '/a/5'],
    ['/a/{id+}', 'id', '/a/5'],
    ['/a/{**id}', 'id', '/a/5'],
    ['/a/{id?}', 'id', '/a/5'],
    ['/a/{ id }.json', 'id', '/a/5.json'],
    ['/a/{id=things/*}:stop', 'id', '/a/5:stop'],
    ['/a/{userId}', 'userid', '/a/5'],
    ['/a/:id/x', 'id', '/a/5/x'],
    ['/a/:book-id', 'book-id', '/a/5'],
  ])('%s means the declared %s', (path, name, want) => {
    const one = document(path, parameter(name))
    expect(told(one)).toEqual(['path-template'])
    expect(properties(one)).toEqual({ [name]: { type: 'integer' } })
    expect(targetFor(one, { [name]: 5 })).toBe(want)
    expect(() => targetFor(one, {})).toThrow(CallFailure)
  })

  test.each([
    ['of which nothing is declared', '/a/:id', [], '/a/:id', {}],
    ['of one that stands there already', '/a/:id/{id}', [parameter('id')], '/a/:id/5', { id: 5 }],
    ['of a part of a segment', '/a/x:id', [parameter('id')], '/a/x:id', {}],
  ])('a colon %s stays a colon', (_what, path, parameters, want, given) => {
    expect(targetFor(document(path, ...parameters), given)).toBe(want)
  })

  test('a colon beside the same path with braces stays one: both are operations', () => {
    const item = { get: { parameters: [parameter('id')] } }
    const paths = read(openapi({ '/a/:id': item, '/a/{id}': item })).operations.map(({ path }) => path)
    expect(paths).toEqual(['/a/:id', '/a/{id}'])
  })

  test('a place in capitals is that place', () => {
    const one = document('/a/{id}', { ...parameter('id'), in: 'Path' }, parameter('q', 'Query'))
    expect(targetFor(one, { id: 5, q: 6 })).toBe('/a/5?q=6')
  })

  test('S12 a value stays in one segment, though the document would let it have several', () => {
    expect(targetFor(document('/a/{+id}/x', parameter('id')), { id: '../b/c' })).toBe('/a/..%2Fb%2Fc/x')
  })

  test('a matrix has the declared name', () => {
    const one = document('/a/{id:[0-9]+}', parameter('id', 'path', { style: 'matrix' }))
    expect(targetFor(one, { id: 5 })).toBe('/a/;id=5')
  })

  test.each([
    ['a name that stands there as it is', document('/a/{id:x}', parameter('id:x')), ['id_x'], []],
    [
      'two that could be meant',
      document('/a/{Id}/{ID}', parameter('id')),
      ['Id', 'path_ID'],
      ['path-parameter-unused', 'path-parameter-undeclared', 'path-parameter-undeclared'],
    ],
    [
      'two that could mean it',
      document('/a/{ID}', parameter('id'), parameter('Id')),
      ['ID'],
      ['path-parameter-unused', 'path-parameter-unused', 'path-parameter-undeclared'],
    ],
  ])('is not guessed: %s', (_name, one, names, codes) => {
    expect(Object.keys(properties(one) as object)).toEqual(names)
    expect(told(one)).toEqual(codes)
  })

  test('B175 the tool as a resource is called by the declared name', () => {
    const { operation } = definitionOf(document('/a/{id:[0-9]+}', parameter('id')))
    const { inputSchema } = operation
    expect(defaultResourceUri('s', { operation, annotations: {} as never, inputSchema })).toBe('sluice://s/a/{id}')
  })
})

describe('B25 a query that a path names as RFC 6570 does', () => {
  test('is the declared parameters of the query, each sent where it is given', () => {
    const one = document('/a{?page,size*}', parameter('page', 'query'), parameter('size', 'query'))
    expect(told(one)).toEqual([])
    expect(targetFor(one, {})).toBe('/a')
    expect(targetFor(one, { size: 2 })).toBe('/a?size=2')
  })

  test('a name that is not declared is a text of the query', () => {
    const one = document('/a{?page}{&q}', parameter('page', 'query'))
    expect(told(one)).toEqual(['path-parameter-undeclared'])
    expect(properties(one)).toEqual({ page: { type: 'integer' }, q: { type: 'string' } })
    expect(definitionOf(one).operation.inputSchema.required).toBeUndefined()
    expect(targetFor(one, { q: 'a&b', page: 1 })).toBe('/a?q=a%26b&page=1')
  })

  test('S12 leaves the segment before it as it is', () => {
    const { operation } = definitionOf(document('/a/b{?page}', parameter('page', 'query')))
    expect(keepsPathShape(operation, '/v1/a/b', '/v1/a/admin')).toBe(false)
    const { operation: named } = definitionOf(document('/a/{id:[^/]+}/b', parameter('id')))
    expect(keepsPathShape(named, '/v1/a/5/b', '/v1/a/6/b')).toBe(true)
    expect(keepsPathShape(named, '/v1/a/5/b', '/v1/a/5/admin')).toBe(false)
  })
})
