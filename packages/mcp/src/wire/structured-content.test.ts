import type { JsonSchema } from '@sluice/contract'
import { checkSchema, exactNumber } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import type { Era } from './settle-request.ts'
import { outputSchemaOf, structuredContentOf } from './structured-content.ts'

const BOOK = { type: ['object', 'null'], properties: { title: { type: ['string', 'null'] } } }
const LIST = { type: ['array', 'null'], items: BOOK }
const OWN = { type: ['object', 'null'], properties: { sluice_answer: { type: ['string', 'null'] } } }
const EITHER = { anyOf: [BOOK, { type: ['string', 'null'] }] }

describe('B121, B122, B170 an answer as a value, in the revision of its client', () => {
  test.each<[string, JsonSchema, unknown, readonly string[], unknown, unknown]>([
    ['an object', BOOK, { title: 'Dune' }, [], { title: 'Dune' }, { title: 'Dune' }],
    ['a list', LIST, [{ title: 'Dune' }], [], [{ title: 'Dune' }], { result: [{ title: 'Dune' }] }],
    ['an object where nothing is declared', {}, { a: 1 }, [], { a: 1 }, { a: 1 }],
    ['a list where nothing is declared', {}, [1], [], [1], { result: [1] }],
    ['an object where it may be a text too', EITHER, { title: 'D' }, [], { title: 'D' }, { result: { title: 'D' } }],
    ['null where an object is declared', BOOK, null, [], { sluice_answer: null }, { sluice_answer: null }],
    ['no body', BOOK, undefined, ['204'], { sluice_notes: ['204'] }, { sluice_notes: ['204'] }],
    ['what is said beside an object', BOOK, {}, ['cut'], { sluice_notes: ['cut'] }, { sluice_notes: ['cut'] }],
    [
      'what is said beside a list',
      LIST,
      [],
      ['cut'],
      { sluice_answer: [], sluice_notes: ['cut'] },
      { result: [], sluice_notes: ['cut'] },
    ],
    [
      'another type than declared',
      BOOK,
      { title: 1 },
      [],
      { sluice_answer: { title: 1 } },
      { sluice_answer: { title: 1 } },
    ],
    ['another type, of an API that has our name', OWN, [1], [], { sluice_answer_: [1] }, { sluice_answer_: [1] }],
    ['a text where a list is declared', LIST, 'down', [], { sluice_answer: 'down' }, { sluice_answer: 'down' }],
  ])('%s', (_name, schema, value, notes, modern, legacy) => {
    const fits = value !== undefined && checkSchema(schema, value).length === 0
    const shown = (era: Era) => structuredContentOf({ value, schema, fits, notes }, era)
    expect([shown('modern'), shown('legacy')]).toEqual([modern, legacy])
    for (const era of ['modern', 'legacy'] as const) {
      expect(checkSchema(outputSchemaOf(schema, era), shown(era))).toEqual([])
    }
  })

  test.each([BOOK, LIST, EITHER, {}])('an older client is told of an object only: %o', (schema) => {
    expect(outputSchemaOf(schema, 'legacy').type).toBe('object')
  })

  test('B143 digits that a double cannot hold are kept', () => {
    const value = { id: exactNumber('9007199254740993') }
    expect(JSON.stringify(structuredContentOf({ value, schema: {}, fits: true, notes: [] }, 'legacy'))).toBe(
      '{"id":9007199254740993}',
    )
  })
})
