import type { JsonSchema } from '@sluice/contract'
import { checkSchema } from '@sluice/schema'
import jmespath from 'jmespath'
import { describe, expect, test } from 'vitest'
import { describeFilter } from './describe-filter.ts'

const order: JsonSchema = {
  type: 'object',
  required: ['id'],
  properties: {
    id: { type: 'integer' },
    state: { type: 'string', enum: ['paid', 'open'] },
    lines: { type: 'array', items: { $ref: '#/$defs/line' } },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    note: { type: ['string', 'null'] },
  },
}
const schema: JsonSchema = {
  type: 'object',
  required: ['items'],
  properties: {
    items: { type: 'array', items: { allOf: [order, { properties: { total: { type: 'number' } } }] } },
    next: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    owner: { oneOf: [{ type: 'object', properties: { name: { type: 'string' } } }, { type: 'string' }] },
    free: { type: 'object' },
  },
  $defs: {
    line: {
      type: 'object',
      properties: { sku: { type: 'string' }, parts: { type: 'array', items: { $ref: '#/$defs/line' } } },
    },
  },
}
const ITEM = {
  id: 1,
  state: 'paid',
  lines: [{ sku: 'a', parts: [{ sku: 'b' }] }],
  labels: { a: 'x' },
  note: null,
  total: 2.5,
}
const ANSWERS = [
  { items: [ITEM, { id: 2 }], next: 'n', owner: { name: 'o' }, free: { a: [1] } },
  { items: [], next: null, owner: 'o' },
  { items: [{ id: 3, lines: [] }] },
]

describe('what a filter makes of answers, by their schema', () => {
  test.each<[string, JsonSchema]>([
    ['items[].id', { type: 'array', items: { type: 'integer' } }],
    [
      'items[*].{id: id, state: state}',
      {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            id: { type: 'integer' },
            state: { anyOf: [{ type: 'string', enum: ['paid', 'open'] }, { type: 'null' }] },
          },
          required: ['id', 'state'],
          additionalProperties: false,
        },
      },
    ],
    ['items[].lines[].sku', { type: 'array', items: { type: 'string' } }],
    ['length(items)', { type: ['number', 'null'] }],
    ['items[0].note', { type: ['string', 'null'] }],
    ['owner.name', { type: ['string', 'null'] }],
    ['items[?id > `1`].total', { type: 'array', items: { type: 'number' } }],
    ['items[].labels.whatever', { type: 'array', items: { type: 'string' } }],
    ['keys(@)', { anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'null' }] }],
  ])('%s', (expression, want) => {
    const described = describeFilter(expression, schema)
    const { $defs: _defs, ...own } = described.schema!
    expect(own).toEqual(expression === 'keys(@)' ? { type: ['array', 'null'], items: { type: 'string' } } : want)
    expect(described).toMatchObject({ selectsNothing: false, undeclared: [] })
  })

  test.each(['free.a', 'free.a[0].b', 'merge(items[0], free)', 'items[0].labels'])(
    'of %s little or nothing is said, and no fault found',
    (expression) => {
      expect(describeFilter(expression, schema)).toMatchObject({ selectsNothing: false, undeclared: [] })
    },
  )

  test.each([
    ['itms', 'itms', ['items', 'next', 'owner', 'free']],
    ['items[].name', 'name', ['id', 'state', 'lines', 'labels', 'note', 'total']],
    ['items.id', 'id', []],
    ['items[].lines[].skuu', 'skuu', ['sku', 'parts']],
    ['items[].{a: nope, b: nada}', 'nope', ['id', 'state', 'lines', 'labels', 'note', 'total']],
  ])('%s selects nothing, and it is said which name is wrong', (expression, name, declared) => {
    const described = describeFilter(expression, schema)
    expect(described.selectsNothing).toBe(true)
    expect(described.undeclared[0]).toEqual({ name, declared })
  })

  test('a name that is wrong beside others is told, and the others selected', () => {
    const described = describeFilter('items[].{id: id, nam: nam}', schema)
    expect(described).toMatchObject({ selectsNothing: false, undeclared: [{ name: 'nam' }] })
    expect(describeFilter('items[?stat == `paid`].id', schema).undeclared).toMatchObject([{ name: 'stat' }])
    expect(describeFilter('sort_by(items, &idd)[].id', schema).undeclared).toMatchObject([{ name: 'idd' }])
  })

  test('S37 what it selects of any answer of the schema fits what it says', () => {
    const parts = [
      'items',
      'items[0]',
      'items[-1].id',
      'items[*].state',
      'items[].lines',
      'items[].lines[].parts[].sku',
      'items[].{a: id, b: note, c: lines[0].sku}',
      'items[?state == `paid`]',
      'items[1:].labels',
      'items[].labels.*',
      '*',
      'free',
      'free.a[]',
      'owner.name || next',
      '[next, owner]',
      'items[].total | [0]',
      'max_by(items, &id).id',
      'sort_by(items, &id)[*].id',
      'map(&id, items)',
      'not_null(next, owner)',
      'type(@)',
      'to_array(next)',
      'items[0] && next',
      '!items',
      'items[].lines | [0][0].sku',
      'join(`,`, items[].state)',
      'reverse(items)[].id',
      'to_string(items)',
      'items[].note',
      '`{"a": 1}`.a',
      'items[*].lines[*].sku',
      'items[].lines[*].sku[]',
    ]
    for (const expression of parts) {
      const { schema: described = {}, selectsNothing } = describeFilter(expression, schema)
      for (const answer of ANSWERS) {
        const value = jmespath.search(answer, expression)
        const faults = checkSchema(
          { properties: { value: described }, ...(described.$defs ? { $defs: described.$defs } : {}) } as JsonSchema,
          { value },
        )
        expect([expression, JSON.stringify(value), faults]).toEqual([expression, JSON.stringify(value), []])
        if (selectsNothing) expect([expression, value]).toEqual([expression, null])
      }
    }
  })
})
