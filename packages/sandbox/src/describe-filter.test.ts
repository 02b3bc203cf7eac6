import type { JsonSchema } from '@sluice/contract'

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

  test.each<[string, JsonSchema | undefined]>([
    ['{a: nope}', { type: 'object', properties: { a: {} }, required: ['a'], additionalProperties: false }],
    ['[nope]', { type: 'array', items: {} }],
    ['map(&nope, items)', { type: ['array', 'null'], items: {} }],
    ['items[].nope', { type: 'array', items: {} }],
    ['items[].lines[].sku.x', { type: 'array', items: {} }],
    ['items[0].labels.*.x', { type: ['array', 'null'], items: {} }],
    ['{a: nope} | a', undefined],
    ['nope.deeper', undefined],
    ['nope || also', undefined],
  ])('S37 %s selects nothing, and what is left is a list or an object all the same', (expression, want) => {
    const described = describeFilter(expression, schema)
    expect(described).toMatchObject({ selectsNothing: true })
    expect(described.schema).toEqual(want)
    expect(described.undeclared).not.toEqual([])
  })

  test.each([
    '{a: nope, b: items}',
    '[nope] | length(@)',
    'type(nope)',
    '!nope',
    '{a: nope} | keys(@)',
    'nope || next',
  ])('S37 %s selects something', (expression) => {
    expect(describeFilter(expression, schema)).toMatchObject({
      selectsNothing: false,
      undeclared: [{ name: 'nope' }],
    })
  })

  test('S37 a name that a document does not declare has no schema: an answer may have it all the same', () => {
    expect(describeFilter('{a: nope, b: next}', schema).schema!.properties).toMatchObject({ a: {} })
    expect(describeFilter('nope || next', schema).schema).toBeUndefined()
    expect(describeFilter('items[].[id, nope]', schema).schema).toEqual({
      type: 'array',
      items: { type: 'array', items: {} },
    })
  })

  test('S37 names that match a pattern are declared, and those that a branch may declare are not told', () => {
    const named = { patternProperties: { '^x-': { type: 'string' }, '(?=look)': {} } }
    const only = { type: 'object', patternProperties: { '^x-': { type: 'string' } } }
    expect(describeFilter('"x-a"', only)).toMatchObject({ schema: { type: ['string', 'null'] }, undeclared: [] })
    expect(describeFilter('a', only)).toEqual({ selectsNothing: true, undeclared: [{ name: 'a', declared: [] }] })
    expect(describeFilter('*', only).schema).toEqual({ type: 'array', items: { type: 'string' } })
    expect(describeFilter('a', { type: 'object', ...named })).toEqual({ selectsNothing: false, undeclared: [] })
    const branched = { allOf: [{ properties: { a: {} } }, { oneOf: [{ properties: { b: {} } }, { properties: {} }] }] }
    expect(describeFilter('b', branched)).toEqual({ selectsNothing: false, undeclared: [] })
  })
})
