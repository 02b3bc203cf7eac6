import { checkSchema, exactNumber, stringifyJson } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import { readLeniently, readYaml } from './read-yaml.ts'
import { definitions, readText } from './testing/read-one.ts'

describe('B56 numbers in YAML keep their digits', () => {
  test.each([
    ['an identifier', '9007199254740993', '9007199254740993'],
    ['a negative one', '-9007199254740993', '-9007199254740993'],
    ['a plus and leading zeros', '+009007199254740993', '9007199254740993'],
    ['a long decimal', '3.14159265358979323846', '3.14159265358979323846'],
    ['what a double holds', '0.5', '0.5'],
    ['what another base writes', '0x1F', '31'],
    ['zeros at the end', '1.10', '1.1'],
  ])('%s', (_name, given, want) => {
    expect(stringifyJson(readYaml(`- ${given}`).tree)).toBe(`[${want}]`)
  })

  test('also where only the lenient reader reads', () => {
    expect(stringifyJson(readLeniently('x: {\n  "a": 9007199254740993\n}'))).toBe('{"x":{"a":9007199254740993}}')
  })
})

describe('B5 a schema of type string means the text that is written', () => {
  test.each<[string, unknown, string]>([
    ['type: string, enum: [1.10, 2.0, 1.2.3]', { enum: ['1.10', '2.0', '1.2.3'] }, 'versions'],
    ['default: 007, type: string', { default: '007' }, 'leading zeros'],
    ['type: [string, "null"], enum: [True, ~]', { enum: ['True', null] }, 'a word that is a boolean too'],
    ['type: number, enum: [1.10], default: 2.0', { enum: [1.1], default: 2 }, 'a number stays one'],
    ['type: string, minLength: 1.0', { minLength: 1 }, 'a limit stays one'],
    ['1.10: a, 007: b', { '1.10': 'a', '007': 'b' }, 'keys'],
  ])('%s', (given, want) => expect(readYaml(`{${given}}`).tree).toMatchObject(want as object))

  test('and so do names, and the lists of them', () => {
    const text = `
schema: {required: [1.10, 007, True, y], properties: {title: False, y: {}}}
parameter: {name: 007, in: query, required: True}
operation: {tags: [2.0, x], operationId: 1.10, summary: 1_0, responses: {}}
example: {name: 1.10, tags: [2.0], title: 3.0}
version: 1.0`
    expect(readYaml(text).tree).toEqual({
      schema: { required: ['1.10', '007', 'True', 'y'], properties: { title: false, y: {} } },
      parameter: { name: '007', in: 'query', required: true },
      operation: { tags: ['2.0', 'x'], operationId: '1.10', summary: '1_0', responses: {} },
      example: { name: 1.1, tags: [2], title: 3 },
      version: 1,
    })
  })

  test('through aliases and merges', () => {
    const text = 'v: &v 1.10\na: &a {type: string, default: *v}\nb: {<<: *a, enum: [*v]}\nc: *v'
    expect(readYaml(text).tree).toMatchObject({
      a: { default: '1.10' },
      b: { default: '1.10', enum: ['1.10'] },
      c: 1.1,
    })
  })
})

test('B5 a name is sent as it is written', () => {
  const schema = '{type: object, required: [1.10], properties: {1.10: {type: string}}}'
  const text = `openapi: 3.1.0
paths:
  /x:
    post:
      parameters: [{name: 007, in: query, schema: {type: string}}, {name: true, in: query, schema: {type: string}}]
      requestBody: {required: true, content: {application/json: {schema: ${schema}}}}
`
  const [{ operation }] = definitions(readText(text)) as [ReturnType<typeof definitions>[number]]
  expect(operation.parameters.map((one) => 'name' in one && one.name)).toEqual(['007', 'true'])
  expect(operation.inputSchema.required).toEqual(['1.10'])
})

test.each([
  ['B54 numbers among texts', 'type: string, enum: [auto, 256, 512]', ['auto', '256'], [256, '1024']],
  ['B5 versions', 'type: string, enum: [1.10, 2.0]', ['1.10', '2.0'], ['1.1']],
  ['B54 a slip in the type', 'type: string, enum: [1, 2]', [1], ['x']],
  ['B56 identifiers', 'type: integer, enum: [9007199254740993]', [exactNumber('9007199254740993')], [9007199254740992]],
])('%s can be given, and others cannot', (_name, schema, good, bad) => {
  const text = `openapi: 3.1.0\npaths:\n  /x:\n    get:\n      parameters: [{name: q, in: query, schema: {${schema}}}]\n`
  const [{ operation }] = definitions(readText(text)) as [ReturnType<typeof definitions>[number]]
  for (const q of good) expect(checkSchema(operation.inputSchema, { q })).toEqual([])
  for (const q of bad) expect(checkSchema(operation.inputSchema, { q })).not.toEqual([])
})
