import type { JsonSchema } from '@sluice/contract'
import { definitionName, isObject } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import { createAnswerShapes } from './answer-shapes.ts'
import { definitionOf, openapi } from './testing/read-one.ts'

const MOST = 6 * 1024

const text = (description: string) => ({ type: 'string', description, examples: ['x'] })
const members = (count: number, member: (at: number) => object) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`member_${at}`, member(at)]))
const object = (properties: object) => ({ type: 'object', properties })
const sizeOf = (schema: unknown) => JSON.stringify(schema).length

function answerOf(schema: object, schemas: object = {}): JsonSchema {
  const responses = { 200: { content: { 'application/json': { schema } } } }
  return definitionOf(openapi({ '/x': { get: { responses } } }, { components: { schemas } })).outputSchema!
}

const refer = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const defOf = (schema: JsonSchema, name: string) => (schema.$defs as Record<string, JsonSchema>)[name]!

describe('B172 an answer whose schema is large is told by its shape', () => {
  test('texts and examples go first, and every member stays', () => {
    const long = 'What this is, at length, as documents have it. '.repeat(4)
    const answer = answerOf(object(members(60, () => text(long))))
    expect(answer).toEqual(object(members(60, () => ({ type: 'string' }))))
  })

  test('what fits is as the document has it', () => {
    const schema = object(members(10, () => text('What this is.')))
    expect(answerOf(schema)).toEqual(schema)
  })

  test('then depth: what is deep is told as an object, and no list of members is half told', () => {
    const deep = object(members(9, () => object(members(9, () => object(members(9, () => ({ type: 'string' })))))))
    const answer = answerOf(deep)
    const closed = object(members(9, () => object(members(9, () => ({ type: 'object' })))))
    expect(sizeOf(answer)).toBeLessThanOrEqual(MOST)
    expect(answer).toEqual(closed)
  })

  test('a large definition closes none of the small ones beside it', () => {
    const schemas = {
      Repository: object({
        parent: refer('Large'),
        ...members(100, () => text('A link. '.repeat(20))),
        owner: refer('User'),
      }),
      User: object(members(20, () => text('The name. '.repeat(20)))),
      Large: object(members(160, () => object({ a: { type: 'string' }, b: { type: 'integer' } }))),
    }
    const answer = answerOf(refer('Repository'), schemas)
    expect(sizeOf(answer)).toBeLessThanOrEqual(MOST)
    expect(Object.keys(defOf(answer, 'Repository').properties as object)).toHaveLength(102)
    expect(defOf(answer, 'User')).toEqual(object(members(20, () => ({ type: 'string' }))))
    expect(defOf(answer, 'Large')).toEqual({ type: 'object' })
  })

  test('of more members than can be told, their names; of more than those, that it is an object', () => {
    const named = answerOf(object(members(300, () => object({ a: text('x') }))))
    expect(named).toEqual(object(members(300, () => ({}))))
    expect(answerOf(object(members(900, () => ({ type: 'string' }))))).toEqual({ type: 'object' })
  })
})

test('B172 a shape is within its size and refers to nothing that is not there, in rings and in lattices', () => {
  const lattice: Record<string, JsonSchema> = Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [
      `Node_${at}`,
      object(members(12, (other) => ({ $ref: `#/$defs/Node_${(at * 7 + other * 3) % 40}` }))),
    ]),
  )
  const shapeOf = createAnswerShapes((name) => lattice[name]!)
  for (const most of [80, 300, 1_000, 4_000, 20_000]) {
    const shape = shapeOf(lattice.Node_0!, most)
    expect(sizeOf(shape)).toBeLessThanOrEqual(most)
    const known = Object.keys((shape.$defs ?? {}) as object)
    expect([...referredIn(shape)].filter((name) => !known.includes(name))).toEqual([])
  }
})

function referredIn(value: unknown): Set<string> {
  const items = isObject(value) || Array.isArray(value) ? Object.values(value) : []
  const name = isObject(value) ? definitionName(value.$ref) : undefined
  return new Set([...(name ? [name] : []), ...items.flatMap((item) => [...referredIn(item)])])
}
