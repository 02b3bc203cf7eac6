import { expect, test } from 'vitest'
import { typeText } from './type-text.ts'

const WIDE = { chars: 500, depth: 5 }
const object = (properties: object, ...required: string[]) => ({ type: 'object', properties, required })
const TEXT = { type: 'string' }

test.each<[string, object, string]>([
  ['members that must be given first', object({ b: { type: 'integer' }, a: TEXT }, 'a'), '{ a: string, b?: number }'],
  ['allowed values', { enum: ['x', 'y', null] }, '"x" | "y" | null'],
  ['a constant', { const: 5 }, '5'],
  ['a list of either', { type: 'array', items: { type: ['string', 'null'] } }, '(string | null)[]'],
  [
    'a list of an object or a text',
    { type: 'array', items: { anyOf: [object({ x: TEXT }), TEXT] } },
    '({ x?: string } | string)[]',
  ],
  [
    'a list of objects that may be null',
    { type: 'array', items: { oneOf: [object({ x: { enum: ['a | b'] } }), { type: 'null' }] } },
    '({ x?: "a | b" } | null)[]',
  ],
  [
    'a list of objects with alternatives within',
    { type: 'array', items: object({ x: { type: ['string', 'null'] } }) },
    '{ x?: string | null }[]',
  ],
  [
    'what stands beside alternatives (B45)',
    { ...object({ id: TEXT }, 'id'), oneOf: [object({ x: TEXT }), object({ y: TEXT }, 'y')] },
    '{ id: string } & ({ x?: string } | { y: string })',
  ],
  [
    'alternatives of what is required alone',
    { ...object({ a: TEXT, b: TEXT }), anyOf: [{ required: ['a'] }, { required: ['b'] }] },
    '{ a?: string, b?: string }',
  ],
  [
    'what is required of each alternative',
    { type: 'object', required: ['id'], oneOf: [object({ id: TEXT, x: TEXT }), object({ id: TEXT })] },
    '{ id: string, x?: string } | { id: string }',
  ],
  [
    'a part with alternatives',
    { allOf: [object({ id: TEXT }, 'id'), { oneOf: [object({ x: TEXT }), object({ y: TEXT })] }] },
    '{ id: string } & ({ x?: string } | { y?: string })',
  ],
  ['a text with rules apart', { type: 'string', anyOf: [{ minLength: 1 }, { pattern: 'x' }] }, 'string'],
  ['a list of objects', { type: 'array', items: object({ id: TEXT }) }, '{ id?: string }[]'],
  ['a map', { type: 'object', additionalProperties: { type: 'number' } }, 'Record<string, number>'],
  ['an object of which nothing is said', { type: 'object' }, 'object'],
  ['nothing', {}, 'unknown'],
  ['alternatives', { oneOf: [TEXT, object({ id: TEXT }, 'id')] }, 'string | { id: string }'],
  ['parts together', { allOf: [object({ a: TEXT }, 'a'), object({ b: TEXT })] }, '{ a: string, b?: string }'],
  [
    'a part with what stands beside it',
    { allOf: [{ $ref: '#/$defs/A' }], properties: { c: TEXT } },
    '{ id?: string, c?: string }',
  ],
  ['a name that is no identifier', object({ 'x-id': TEXT }), '{ "x-id"?: string }'],
])('%s', (_what, schema, type) => {
  expect(typeText(schema, { ...schema, $defs: { A: object({ id: TEXT }) } }, WIDE)).toBe(type)
})

test('a ring is named where it closes', () => {
  const root = { $defs: { Node: object({ name: TEXT, next: { $ref: '#/$defs/Node' } }) } }
  expect(typeText({ $ref: '#/$defs/Node' }, root, WIDE)).toBe('{ name?: string, next?: Node }')
})

test('a ring of parts ends', () => {
  const root = { $defs: { A: { allOf: [{ $ref: '#/$defs/B' }] }, B: { allOf: [{ $ref: '#/$defs/A' }] } } }
  expect(typeText({ $ref: '#/$defs/A' }, root, WIDE)).toBe('object')
})

test('what does not fit is counted', () => {
  const members = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`member_${at}`, TEXT]))
  const text = typeText(object(members), {}, { chars: 80, depth: 2 })
  expect(text).toMatch(/^\{ member_0\?: string, member_1\?: string, .*… \d+ more \}$/)
  expect(text.length).toBeLessThan(120)
  expect(typeText({ enum: Object.keys(members) }, {}, { chars: 40, depth: 2 })).toMatch(/"member_0" \| .*… \d+ more$/)
})

test('a giant stays within about its budget', () => {
  const deep = (levels: number): object =>
    object(Object.fromEntries(Array.from({ length: 6 }, (_, at) => [`a${at}`, levels === 0 ? TEXT : deep(levels - 1)])))
  for (const chars of [60, 200, 1000]) {
    expect(typeText(deep(5), {}, { chars, depth: 6 }).length).toBeLessThan(chars * 2 + 100)
  }
})
