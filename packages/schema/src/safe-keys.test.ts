import type { JsonSchema } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { fullSchema } from './full-schema.ts'
import { healValue } from './heal-value.ts'
import { portableSchema } from './portable-schema.ts'
import { renamedKeys, safeKey } from './safe-keys.ts'
import { checkSchema } from './schema-check.ts'

const CLIENTS_TAKE = /^[A-Za-z0-9_.-]{1,64}$/

describe('B39 B40 keys that clients refuse', () => {
  test.each([
    ['filter[created_at]', 'filter_created_at'],
    ['$top', 'top'],
    ['@type', 'type'],
    ['X-Foo:bar', 'X-Foo_bar'],
    ['_id', '_id'],
    ['größe', 'große'.normalize('NFKD').replaceAll(/\p{M}/gu, '').replace('ß', '_')],
    ['日本', 'key'],
    ['x'.repeat(80), 'x'.repeat(64)],
  ])('%s is shown as %s', (name, key) => {
    expect(safeKey(name)).toBe(key)
    expect(key).toMatch(CLIENTS_TAKE)
  })

  test('names that come out alike stay apart, whatever their order; safe ones stay themselves', () => {
    const names = ['type', '@type', '$type', 'ok']
    const renamed = renamedKeys(names)
    expect([...renamed]).toEqual([
      ['$type', 'type_2'],
      ['@type', 'type_3'],
    ])
    expect([...renamedKeys(names.toReversed())]).toEqual([...renamed])
    expect(renamedKeys(['a', 'b-c', 'd.e']).size).toBe(0)
  })
})

const item: JsonSchema = {
  type: 'object',
  properties: { '@id': { type: 'integer' }, 'a b': { type: 'string' }, plain: { type: 'boolean' } },
  required: ['@id'],
}
const schema: JsonSchema = {
  type: 'object',
  properties: {
    list: { type: 'array', items: { $ref: '#/$defs/Item' } },
    either: { anyOf: [{ $ref: '#/$defs/Item' }, { type: 'object', properties: { 'c d': { type: 'integer' } } }] },
    merged: { allOf: [{ $ref: '#/$defs/Item' }, { properties: { $x: { type: 'integer' } } }] },
  },
  additionalProperties: false,
  $defs: { Item: item },
}

describe('what a model was shown is mapped back', () => {
  test.each<[string, JsonSchema]>([
    ['portable', portableSchema(schema, 10_000).schema],
    ['full', fullSchema(schema)],
  ])('the %s schema has safe keys only', (_name, shown) => {
    const keys: string[] = []
    const look = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      if ('properties' in value) keys.push(...Object.keys(value.properties as object))
      for (const inner of Object.values(value)) look(inner)
    }
    look(shown)
    expect(keys).toEqual(expect.arrayContaining(['id', 'a_b', 'c_d', 'x']))
    expect(keys.filter((key) => !CLIENTS_TAKE.test(key))).toEqual([])
    expect(JSON.stringify(shown)).toContain('"required":["id"]')
  })

  test('in lists, unions and merged objects, and healed on the way', () => {
    const given = {
      list: [{ id: '1', a_b: 'x', plain: 'true' }],
      either: { c_d: '5' },
      merged: { id: 2, x: 3 },
    }
    const healed = healValue(schema, given)
    expect(healed).toEqual({
      list: [{ '@id': 1, 'a b': 'x', plain: true }],
      either: { 'c d': 5 },
      merged: { '@id': 2, $x: 3 },
    })
    expect(checkSchema(schema, healed)).toEqual([])
  })

  test('the real name is taken too, and wins', () => {
    expect(healValue(schema, { list: [{ '@id': 1, id: 9 }] })).toEqual({ list: [{ '@id': 1, id: 9 }] })
  })
})
