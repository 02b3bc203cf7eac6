import type { ArgumentEdits } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { editArguments } from './edit-arguments.ts'
import { definitionOf, openapi } from './testing/read-one.ts'
import { argumentsOf, defaultResourceUri, resourceFaults } from './tool-resource.ts'

const at = (name: string, more: object = {}) => ({
  name,
  in: 'path',
  required: true,
  schema: { type: 'string' },
  ...more,
})
const query = (name: string, more: object = {}) => ({ name, in: 'query', schema: { type: 'string' }, ...more })

function toolOf(path: string, operation: object, edits: ArgumentEdits = {}, method = 'get') {
  const definition = definitionOf(openapi({ [path]: { [method]: operation } }))
  return { ...definition, inputSchema: editArguments(definition, edits).inputSchema }
}

describe('B175 the default URI of a tool', () => {
  test.each<[string, object[], ArgumentEdits, string]>([
    ['/books', [], {}, 'sluice://shop/books'],
    ['/books', [query('limit')], {}, 'sluice://shop/books'],
    ['/books/{id}', [at('id')], {}, 'sluice://shop/books/{id}'],
    ['/books/{book-id}/pages/{n}', [at('book-id'), at('n')], {}, 'sluice://shop/books/{book_id}/pages/{n}'],
    [
      '/shops/{shop}/books/{id}',
      [at('shop'), at('id')],
      { shop: { value: 'secret' } },
      'sluice://shop/shops/shop/books/{id}',
    ],
    ['/a book/{id}.json', [at('id')], {}, 'sluice://shop/a%20book/{id}.json'],
  ])('%s with %j, edited as %j', (path, parameters, edits, uri) => {
    const tool = toolOf(path, { parameters }, edits)
    expect(defaultResourceUri('shop', tool)).toBe(uri)
    expect(resourceFaults(tool, uri)).toEqual([])
  })
})

describe('B175 what a tool cannot be read by', () => {
  const tool = toolOf('/books/{id}', { parameters: [at('id'), query('day', { required: true }), query('lang')] })
  test.each<[string, string, string]>([
    ['shop://books/{id}', '"day" is required', 'shop://books/{id}?day={day}'],
    ['shop://books/{id}?day={day}&x={langg}', 'names "langg"', 'Did you mean {lang}?'],
    ['https://books/{id}/{day}', 'https', 'scheme of your own'],
    ['JavaScript:{id}/{day}', 'JavaScript', 'scheme of your own'],
    ['books/{id}/{day}', 'scheme', 'sluice://shop'],
    ['shop://{id}{day}', 'no template', '{order_id}'],
    ['shop://a b/{id}/{day}', '" " cannot stand', '%20'],
    [`shop://${'a'.repeat(1000)}/{id}/{day}`, 'at most 1000', 'shorter'],
  ])('%s', (uri, detail, fix) => {
    const [fault] = resourceFaults(tool, uri)
    expect(fault).toEqual({
      pointer: '/resource/uri',
      detail: expect.stringContaining(detail),
      fix: expect.stringContaining(fix),
    })
  })

  test('what may change something', () => {
    const said = { pointer: '/resource', detail: expect.stringContaining('POST') }
    expect(resourceFaults(toolOf('/books', {}, {}, 'post'), 'shop://books')).toMatchObject([said])
    const told = toolOf('/books', { 'x-mcp': { annotations: { readOnlyHint: false } } })
    if (told.annotations.readOnlyHint) throw new Error('the document says that it changes something')
    expect(resourceFaults(told, 'shop://books')).toMatchObject([{ pointer: '/resource' }])
  })
})

test('B175 a URI calls a tool with the arguments that it names, whatever their names', () => {
  const tool = toolOf('/books/{book-id}', { parameters: [at('book-id'), query('lang')] })
  expect(argumentsOf(tool, 'shop://{book_id}/{lang}', 'shop://7/en')).toEqual({ 'book-id': '7', lang: 'en' })
  expect(argumentsOf(tool, 'shop://{book_id}/{lang}', 'shop://7')).toBeUndefined()
})
