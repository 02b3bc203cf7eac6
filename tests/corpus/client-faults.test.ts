import type { JsonSchema, OperationDefinition } from '@sluice/contract'
import { expect, test } from 'vitest'
import { clientFaults } from './client-faults.ts'

function tool(properties: JsonSchema, beside: JsonSchema = {}, name = 'tool'): OperationDefinition {
  return { name, wireSchema: { type: 'object', properties, ...beside } } as unknown as OperationDefinition
}

test('a tool that every client takes has no faults', () => {
  expect(
    clientFaults(tool({ a: { type: 'string' }, b: { type: 'array', items: { anyOf: [{ type: 'null' }] } } })),
  ).toEqual([])
})

test.each<[string, OperationDefinition]>([
  ['a name with capitals', tool({}, {}, 'Tool')],
  ['a long name', tool({}, {}, 'a'.repeat(49))],
  ['an argument with brackets', tool({ 'a[b]': { type: 'string' } })],
  ['a union at the root', tool({}, { anyOf: [] })],
  ['a reference', tool({ a: { $ref: '#/$defs/A' } })],
  ['a keyword deep inside', tool({ a: { type: 'array', items: { type: 'object', properties: { b: { not: {} } } } } })],
  ['a keyword in a branch', tool({ a: { anyOf: [{ const: 1 }] } })],
  ['a list of types', tool({ a: { type: ['string', 'null'] } })],
  ['an empty required', tool({}, { required: [] })],
  ['an array without items', tool({ a: { type: 'array' } })],
])('%s is a fault', (_name, definition) => {
  expect(clientFaults(definition)).not.toEqual([])
})
