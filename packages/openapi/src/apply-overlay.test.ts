import type { ReadSpec } from '@sluice/contract'
import { unpackText } from '@sluice/schema'
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

  test('B56 numbers that a double cannot hold keep their digits', () => {
    const schema = '{"enum":[9007199254740993]}'
    const parameters = `[{"name":"x","in":"query","schema":${schema}}]`
    const overlay = `{"overlay":"1.0.0","info":{"title":"O","version":"1"},"actions":[{"target":"$.paths['/orders'].delete","update":{"parameters":${parameters}}}]}`
    const spec = importSpec({ text: DOCUMENT, overlay }, { countTokens: () => 1 })
    expect(unpackText(spec.operations[1]!.definition)).toContain('"enum":[9007199254740993]')
  })

  test('diagnostics still point into the text as received, past what was taken out', () => {
    const spec = read([{ target: '$.paths["/orders"].get.parameters[0]', remove: true }])
    expect(spec.diagnostics).toMatchObject([
      { code: 'type-unknown', pointer: '/paths/~1orders/get/parameters/1/schema/type', line: 7 },
    ])
  })

  test('C7 an action that selects nothing is said, at its place in the overlay', () => {
    const spec = read([{ target: '$.paths["/gone"]', remove: true }])
    expect(spec.diagnostics[0]).toMatchObject({
      code: 'overlay-unused',
      file: 'overlay',
      pointer: '/actions/0/target',
      line: 1,
    })
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

  test('B25 what is selected twice, or not in order, is removed once and nothing else is', () => {
    const named = (names: string[]) => names.map((name) => `{name: ${name}, in: query}`).join(', ')
    const text = `${DOCUMENT}  /list:\n    get: {operationId: list, parameters: [${named(['a', 'b', 'c', 'd'])}]}\n`
    const left = (target: string) => {
      const spec = read([{ target: `$.paths["/list"].get.parameters${target}`, remove: true }], text)
      const list = definitions(spec).find(({ operation }) => operation.operationId === 'list')
      return Object.keys(list!.operation.inputSchema.properties as object)
    }
    expect(left('[0, 0]')).toEqual(['b', 'c', 'd'])
    expect(left('[2, 0]')).toEqual(['b', 'd'])
    expect(left('[::-2]')).toEqual(['a', 'c'])
    expect(left('["name", 1, ?@.name == "b"]')).toEqual(['a', 'c', 'd'])
  })

  test('B25 what a YAML alias shares changes only where it was selected, and once where it was selected twice', () => {
    const text = `
openapi: 3.1.0
info: {title: Shop, version: '1'}
servers: [{url: 'https://api.test'}]
paths:
  /a: {get: &get {operationId: a, tags: [t], parameters: [{name: x, in: query}, {name: y, in: query}]}}
  /b: {get: *get}
`
    const shown = (target: string, action: object) =>
      definitions(read([{ target, ...action }], text)).map(({ operation }) => [
        Object.keys(operation.inputSchema.properties as object).join(''),
        operation.tags.join(''),
      ])
    expect(shown('$.paths["/a"].get.parameters[0]', { remove: true })).toEqual([
      ['y', 't'],
      ['xy', 't'],
    ])
    expect(shown('$..parameters[0]', { remove: true })).toEqual([
      ['y', 't'],
      ['y', 't'],
    ])
    expect(shown('$..tags', { update: ['u'] })).toEqual([
      ['xy', 'tu'],
      ['xy', 'tu'],
    ])
  })

  test.each([
    ['$..[?count($..*) > 3]'],
    ['$..[?count(@..*) > 3]'],
    ['$..*..*..*'],
    ["$..[?match(@.name, '(a)\\\\1')]"],
    [`$${'["a", "a", "a", "a"]'.repeat(4)}`],
  ])('B25 S24 %s, which could take for ever, is refused', (target) => {
    expect(() => read([{ target, remove: true }])).toThrow(/is no JSONPath/)
  })

  test('S24 a pattern that backtracks without end ends, and patterns still select', () => {
    const text = DOCUMENT.replace('Shop', 'a'.repeat(5_000))
    const spec = read([{ target: "$[?match(@.title, '(a+)+b') || match(@.title, '(a|a)*$x')]", remove: true }], text)
    expect(spec.title).toHaveLength(200)
    expect(read([{ target: "$[?search(@.title, 'ho')]", update: { title: 'Mine' } }]).title).toBe('Mine')
    expect(read([{ target: "$[?match(@.title, 'ho')]", update: { title: 'Mine' } }]).title).toBe('Shop')
  })
})
