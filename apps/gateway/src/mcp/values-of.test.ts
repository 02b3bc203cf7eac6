import { exactNumber } from '@sluice/schema'
import { expect, test } from 'vitest'
import { valuesOf } from './values-of.ts'

const $defs = { State: { enum: ['open', 'closed'] }, Ring: { $ref: '#/$defs/Ring' } }

test.each<[unknown, string[]]>([
  [{ type: 'string', enum: ['b', 'a', 'b'] }, ['b', 'a']],
  [{ enum: [1, 2.5, null, true] }, ['1', '2.5', 'true']],
  [{ enum: [exactNumber('9007199254740993')] }, ['9007199254740993']],
  [{ type: 'boolean' }, ['true', 'false']],
  [{ type: ['boolean', 'null'] }, ['true', 'false']],
  [{ const: 'x' }, ['x']],
  [{ $ref: '#/$defs/State' }, ['open', 'closed']],
  [{ anyOf: [{ $ref: '#/$defs/State' }, { type: 'null' }] }, ['open', 'closed']],
  [{ oneOf: [{ const: 'a' }, { const: 'b' }] }, ['a', 'b']],
  [{ $ref: '#/$defs/Ring' }, []],
  [{ type: 'string' }, []],
  [{ type: 'array', items: { enum: ['a'] } }, []],
  [true, []],
])('the values of %j are %j', (argument, values) => {
  expect(valuesOf({ properties: { argument }, $defs }, 'argument')).toEqual(values)
})

test.each(['other', 'constructor'])('there are none of an argument that is not there: %s', (name) => {
  expect(valuesOf({ properties: {} }, name)).toEqual([])
})
