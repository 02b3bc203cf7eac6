import { permissiveSchema } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import { callOnce, textOf } from './testing/call-once.ts'

const BOOKS = {
  type: 'array',
  items: { type: 'object', required: ['id'], properties: { id: { type: 'integer' }, title: { type: 'string' } } },
}

async function answered(body: string, headers: [string, string][] = [['content-type', 'application/json']]) {
  const { outcome } = await callOnce({ answer: { body, headers }, outputSchema: permissiveSchema(BOOKS, 4_000) })
  if (!outcome.ok) throw new Error(outcome.message)
  return { text: textOf(outcome), content: outcome.content, structured: outcome.structured! }
}

describe('B121 an answer is a value beside its text where the tool has an outputSchema', () => {
  test('both say the same', async () => {
    const { text, structured } = await answered('[{"id": 1, "title": "Dune"}]')
    expect(structured).toMatchObject({ value: JSON.parse(text), fits: true, notes: [] })
  })

  test('no table stands for a list, whose items have their names', async () => {
    const books = Array.from({ length: 200 }, (_, id) => ({ id, title: `Book ${id}` }))
    const { text, structured } = await answered(JSON.stringify(books))
    expect([JSON.parse(text), structured.value]).toEqual([books, books])
  })

  test('both together cost what a result may', async () => {
    const books = Array.from({ length: 5_000 }, (_, id) => ({ id, title: `Book ${id}` }))
    const { text, structured } = await answered(JSON.stringify(books))
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(12 * 1024)
    expect(structured).toMatchObject({ value: JSON.parse(text), fits: true })
    expect(structured.notes).toEqual([expect.stringMatching(/of 5000 items/)])
  })

  test.each([
    ['B142 an answer that is not as declared does not fail the call', '{"error": "none"}', { error: 'none' }, false],
    [
      'B142 nulls and undeclared members fit',
      '[{"id": null, "isbn": "1"}, null]',
      [{ id: null, isbn: '1' }, null],
      true,
    ],
    ['broken JSON is a text', '[{"id": 1', '[{"id": 1', false],
  ])('%s', async (_name, body, value, fits) => {
    expect((await answered(body)).structured).toMatchObject({ value, fits })
  })

  test('B143 digits stay', async () => {
    const { structured } = await answered('[{"id": 9007199254740993, "title": "1.0"}]')
    expect(JSON.stringify(structured.value)).toBe('[{"id":9007199254740993,"title":"1.0"}]')
    expect(structured.fits).toBe(true)
  })

  test('B123 an empty answer is told in words', async () => {
    const { structured } = await answered('', [])
    expect(structured).toMatchObject({ value: undefined, notes: ['200, no content'] })
  })
})

test('B130 an error has none', async () => {
  const { outcome } = await callOnce({ answer: { status: 500 }, outputSchema: {} })
  expect(outcome).not.toHaveProperty('structured')
})
