import type { JsonSchema } from '@sluice/contract'
import { expect, test } from 'vitest'
import { describeFilter } from './describe-filter.ts'

// Each of these would take longer than anybody lives: that there is an answer is the proof.

const item = { type: 'object', properties: { id: { type: 'integer' } } }
const schema: JsonSchema = { type: 'object', properties: { items: { type: 'array', items: item } } }
const UNKNOWN = { selectsNothing: false, undeclared: [] }

test('S37 S72 two hundred nested maps are followed once each', () => {
  const nested = `${'map(&@, '.repeat(200)}items${')'.repeat(200)}`
  const { schema: made, selectsNothing } = describeFilter(nested, schema)
  expect(made).toMatchObject({ type: ['array', 'null'], items: item })
  expect(selectsNothing).toBe(false)
  const inside = `${'map(&'.repeat(150)}id${', @)'.repeat(150)}`
  expect(describeFilter(`items | ${inside}`, schema)).toMatchObject({ selectsNothing: true })
})

test.each([
  Array.from({ length: 40 }, () => '{a:@,b:@}').join(' | '),
  Array.from({ length: 40 }, () => '[@,{a:@}]').join(' | '),
  Array.from({ length: 60 }, () => '@ || @').join(' | '),
  `${Array.from({ length: 40 }, () => '{a:@,b:@}').join(' | ')} | nope`,
  `${Array.from({ length: 40 }, () => '{a:@,b:@}').join(' | ')} | *.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*`,
])('S37 S72 of a filter that doubles what it is given again and again, nothing is said (%#)', (expression) => {
  const { schema: made, selectsNothing } = describeFilter(expression, schema)
  expect([made, selectsNothing]).toEqual([undefined, expression.endsWith('nope')])
})

test('S37 S72 of a document that has more forms than can be counted, nothing is said', () => {
  const $defs: Record<string, JsonSchema> = { self: { anyOf: Array.from({ length: 10 }, () => ref('self')) } }
  for (let n = 0; n < 9; n++)
    $defs[`a${n}`] = { type: 'object', anyOf: Array.from({ length: 30 }, () => ref(`a${n + 1}`)) }
  $defs.a9 = { type: 'object', properties: { p: { type: 'string' } } }
  for (let n = 0; n < 9; n++) $defs[`b${n}`] = { allOf: Array.from({ length: 30 }, () => ref(`b${n + 1}`)) }
  for (const start of ['self', 'a0', 'b0']) {
    expect(describeFilter('p.q', { ...ref(start), $defs })).toEqual(UNKNOWN)
    expect(describeFilter('x', { type: 'object', properties: { x: ref(start) }, $defs })).toMatchObject(UNKNOWN)
    expect(describeFilter('x[].y', { type: 'object', properties: { x: ref(start) }, $defs })).toEqual(UNKNOWN)
  }
})

test('S37 a schema that is too long to be shown is left out, but not for the definitions that the document has anyway', () => {
  const wide = (n: number): JsonSchema => ({
    type: 'object',
    properties: Object.fromEntries(Array.from({ length: n }, (_, at) => [`property${at}`, { type: 'string' }])),
  })
  expect(describeFilter('{a: @}', wide(100)).schema).toBeDefined()
  expect(describeFilter('{a: @, b: nope}', wide(2_000))).toEqual(UNKNOWN)
  const defined = { type: 'object', properties: { a: ref('wide') }, $defs: { wide: wide(2_000) } }
  expect(describeFilter('[a]', defined).schema).toMatchObject({ type: 'array', $defs: defined.$defs })
})

function ref(name: string): JsonSchema {
  return { $ref: `#/$defs/${name}` }
}
