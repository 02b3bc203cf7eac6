import { type JsonSchema, Nullable } from '@sluice/contract'
import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { serializeAnswer, withoutNullChoices } from './serialize-answer.ts'

const written = (schema: object, answer: unknown) => {
  const compiled = serializeAnswer({ schema: schema as JsonSchema, method: 'GET', url: '/' })
  return compiled(answer)
}

describe('what an answer of the admin API is written as', () => {
  const Note = Type.Object({ risk: Type.String(), details: Type.Array(Type.String()) })
  const Row = Type.Object({
    note: Nullable(Note),
    at: Nullable(Type.String()),
    count: Nullable(Type.Integer()),
    list: Nullable(Type.Array(Type.String())),
    kind: Nullable(Type.Enum(['a', 'b'])),
  })

  test.each([
    { note: null, at: null, count: null, list: null, kind: null },
    { note: { risk: 'safe', details: [] }, at: 'now', count: 0, list: [], kind: 'a' },
    { note: { risk: '"', details: ['x', 'y'] }, at: '', count: -3, list: ['z'], kind: 'b' },
  ])('%j', (row) => {
    expect(JSON.parse(written(Row, row))).toEqual(row)
  })

  test('nothing that is not declared, in a thing that may be null either', () => {
    const row = {
      note: { risk: 'safe', details: [], secret: 1 },
      at: null,
      count: 1,
      list: null,
      kind: null,
      secret: 2,
    }
    expect(written(Row, row)).not.toContain('secret')
  })

  test('no choice of a thing or null is left to be tried; other choices are', () => {
    const choices = (schema: unknown) => JSON.stringify(withoutNullChoices(schema)).split('"anyOf"').length - 1
    expect(choices(Nullable(Note))).toBe(0)
    expect(choices(Type.Object({ deep: Type.Array(Nullable(Note)) }))).toBe(0)
    expect(choices(Nullable(Type.Union([Note, Type.String()])))).toBe(2)
  })
})
