import type { ArgumentEdits, JsonSchema } from '@sluice/contract'
import { checkSchema } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import { editArguments } from './edit-arguments.ts'
import { definitionOf, openapi } from './testing/read-one.ts'

const parameters = [
  { name: 'id', in: 'path', required: true, schema: { type: 'integer' } },
  { name: 'tenant', in: 'header', required: true, schema: { type: 'string' } },
  { name: 'limit', in: 'query', description: 'At most.', schema: { type: 'integer', default: 10 } },
  { name: 'near', in: 'query', schema: { $ref: '#/components/schemas/Point' } },
]
const Point = { type: 'object', description: 'A point.', properties: { x: { type: 'number' } } }
const definition = definitionOf(openapi({ '/a/{id}': { get: { parameters } } }, { components: { schemas: { Point } } }))
const { inputSchema } = definition.operation

const edit = (edits: ArgumentEdits) => editArguments(definition, edits)
const names = ({ properties }: JsonSchema) => Object.keys(properties as object)

describe('editing arguments', () => {
  test('without edits the very same schemas come back, and so they do where none applies any more', () => {
    for (const edits of [{}, { gone: { hidden: true } }, { constructor: { value: 1 } }] as ArgumentEdits[]) {
      expect(edit(edits).inputSchema).toBe(inputSchema)
      expect(edit(edits).wireSchema).toBe(definition.wireSchema)
    }
  })

  test('B182 what is hidden or fixed is gone from both schemas, and is neither required nor allowed', () => {
    const edited = edit({ limit: { hidden: true }, tenant: { secret: 'sec_1' } })
    for (const schema of [edited.inputSchema, edited.wireSchema]) {
      expect(names(schema)).toEqual(['id', 'near'])
      expect(schema.required).toEqual(['id'])
    }
    expect(checkSchema(edited.inputSchema, { id: 1 })).toEqual([])
    expect(checkSchema(edited.inputSchema, { id: 1, tenant: 'mine' })).toHaveLength(1)
  })

  test('no empty list of what is required is left', () => {
    const edited = edit({ id: { value: 1 }, tenant: { value: 'x' } })
    expect([edited.inputSchema, edited.wireSchema].map((schema) => 'required' in schema)).toEqual([false, false])
  })

  test('B183 a description is the curator’s in both, also over a reference', () => {
    const edited = edit({ limit: { description: 'How many.' }, near: { description: 'Where.' } })
    for (const { properties } of [edited.inputSchema, edited.wireSchema]) {
      expect(properties).toMatchObject({ limit: { description: 'How many.' }, near: { description: 'Where.' } })
    }
    expect(checkSchema(edited.inputSchema, { id: 1, tenant: 't', near: { x: 'no' } })).toMatchObject([
      { path: 'near.x' },
    ])
  })

  test('what is given is not changed', () => {
    const before = structuredClone(definition)
    edit({ id: { value: 1 }, limit: { hidden: true }, near: { description: 'Where.' } })
    expect(definition).toEqual(before)
  })
})

describe('editing arguments of an optional body, of which some are needed together', () => {
  const schema = {
    type: 'object',
    required: ['a', 'b'],
    properties: { a: { type: 'string' }, b: { type: 'string' }, c: { type: 'string' } },
  }
  const optional = definitionOf(
    openapi({ '/x': { post: { requestBody: { content: { 'application/json': { schema } } } } } }),
  )

  test('what is hidden is neither asked for nor asks', () => {
    expect(optional.operation.inputSchema.dependentRequired).toEqual({ a: ['b'], b: ['a'], c: ['a', 'b'] })
    const { inputSchema: left } = editArguments(optional, { b: { hidden: true } })
    expect([left.dependentRequired, left.required]).toEqual([{ c: ['a'] }, undefined])
    const all: ArgumentEdits = { a: { hidden: true }, b: { hidden: true } }
    expect('dependentRequired' in editArguments(optional, all).inputSchema).toBe(false)
  })

  test('what is needed with a fixed one is required, since that one is always sent', () => {
    const edited = editArguments(optional, { a: { value: 'x' } })
    expect(edited.inputSchema).toMatchObject({ required: ['b'], dependentRequired: { c: ['b'] } })
    expect(edited.wireSchema.required).toEqual(['b'])
    const both = editArguments(optional, { a: { value: 'x' }, b: { secret: 'sec_1' } })
    expect('required' in both.inputSchema).toBe(false)
  })
})
