import type { ReadSpec } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { importSpec } from './import-spec.ts'
import { definitions } from './testing/read-one.ts'

const DOCUMENT = `
openapi: 3.1.0
info: {title: Shop, version: '1'}
servers: [{url: 'https://api.test'}]
paths:
  /orders:
    get: {operationId: listOrders, tags: [a], parameters: [{name: x, in: query}, {name: y, in: query, schema: {type: strng}}]}
    delete: {operationId: dropOrders, x-internal: true}
  /admin: {get: {operationId: admin}}
`
const read = (actions: object[], text = DOCUMENT): ReadSpec =>
  importSpec(
    { text, overlay: JSON.stringify({ overlay: '1.0.0', info: { title: 'O', version: '1' }, actions }) },
    { countTokens: () => 1 },
  )
const ids = (spec: ReadSpec) => definitions(spec).map(({ operation }) => operation.operationId)

describe('B28 an Overlay 1.0 document', () => {
  test('removes by name, by filter and in lists', () => {
    const spec = read([
      { target: '$.paths["/admin"]', remove: true },
      { target: '$.paths.*[?@["x-internal"] == true]', remove: true },
      { target: '$.paths["/orders"].get.parameters[?@.name == "x"]', remove: true },
    ])
    expect(ids(spec)).toEqual(['listOrders'])
    expect(Object.keys(definitions(spec)[0]!.operation.inputSchema.properties as object)).toEqual(['y'])
  })

  test('merges objects, appends to lists, replaces all else, in the order of its actions', () => {
    const spec = read([
      { target: '$.paths["/orders"].get', update: { summary: 'List', tags: ['b'], 'x-mcp': { name: 'orders' } } },
      { target: '$.paths["/orders"].get.tags', update: 'c' },
      { target: '$.paths["/orders"].get', update: { summary: 'List all' } },
      { target: '$', update: { info: { title: 'Ours' } } },
    ])
    const [list] = definitions(spec)
    expect([spec.title, list!.title, list!.name, list!.operation.tags]).toEqual([
      'Ours',
      'List all',
      'orders',
      ['a', 'b', 'c'],
    ])
  })

  test('diagnostics still point into the text as received, past what was taken out', () => {
    const spec = read([{ target: '$.paths["/orders"].get.parameters[0]', remove: true }])
    expect(spec.diagnostics).toMatchObject([
      { code: 'type-unknown', pointer: '/paths/~1orders/get/parameters/1/schema/type', line: 7 },
    ])
  })

  test('an action that selects nothing is said', () => {
    const spec = read([{ target: '$.paths["/gone"]', remove: true }])
    expect(spec.diagnostics.map(({ code }) => code)).toContain('overlay-unused')
    expect(spec.coverage.imported).toBe(3)
  })

  test.each<[string, string, RegExp]>([
    ['no overlay', '{"openapi": "3.1.0"}', /no `overlay: 1.0.0`/],
    ['another version', '{"overlay": "2.0.0", "actions": [{}]}', /version 2.0.0/],
    ['no actions', '{"overlay": "1.0.0", "actions": []}', /no list of actions/],
    ['no target', '{"overlay": "1.0.0", "actions": [{"remove": true}]}', /needs a target/],
    ['nothing to do', '{"overlay": "1.0.0", "actions": [{"target": "$.info"}]}', /`update` or `remove: true`/],
    ['no JSONPath', '{"overlay": "1.0.0", "actions": [{"target": "info[", "remove": true}]}', /no JSONPath/],
    ['the whole document', '{"overlay": "1.0.0", "actions": [{"target": "$", "remove": true}]}', /whole document/],
    ['no text', 'a: [', /not YAML/],
  ])('%s is refused with a place', (_name, overlay, message) => {
    expect(() => importSpec({ text: DOCUMENT, overlay }, { countTokens: () => 1 })).toThrow(message)
  })
})
