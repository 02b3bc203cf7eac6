import { expect, test } from 'vitest'
import { readUriTemplate } from './uri-template.ts'

test.each<[string, string, Record<string, string> | undefined]>([
  ['shop://books', 'shop://books', {}],
  ['shop://books', 'shop://book', undefined],
  ['shop://books', 'shop://books2', undefined],
  ['shop://books/{id}', 'shop://books/7', { id: '7' }],
  ['shop://books/{id}', 'shop://books/', undefined],
  ['shop://books/{id}', 'shop://books/7/pages', undefined],
  ['shop://books/{id}/data', 'shop://books/7/data', { id: '7' }],
  ['shop://books/{id}/data', 'shop://books/7/dat', undefined],
  ['shop://books/{id}/data', 'shop://books/data', undefined],
  ['shop://{shop}/books/{id}', 'shop://north/books/7', { shop: 'north', id: '7' }],
  [
    'shop://books?by={author}&in={language}',
    'shop://books?by=Frank%20Herbert&in=en',
    { author: 'Frank Herbert', language: 'en' },
  ],
  ['shop://books/{id}', 'shop://books/a%2Fb', { id: 'a/b' }],
  ['shop://books/{id}', 'shop://books/%E0%A4%A', undefined],
  ['shop://books/{id}.json', 'shop://books/7.json.json', { id: '7.json' }],
  ['shop://{a}.{b}', 'shop://1.2.3', { a: '1', b: '2.3' }],
])('B175 %s takes %s as %o', (template, uri, values) => {
  expect(readUriTemplate(template)?.match(uri)).toEqual(values)
})

test.each(['a:{+path}', 'a:{x,y}', 'a:{x*}', 'a:{x:3}', 'a:{x', 'a:x}', 'a:{}', 'a:{x}{y}', 'a:{x}/{x}', 'a:{x y}'])(
  'B175 %s is no template of level 1',
  (template) => {
    expect(readUriTemplate(template)).toBeUndefined()
  },
)

test('B175 a long URI is looked at once: its time grows with its length alone', () => {
  const many = Array.from({ length: 50 }, (_, n) => `{a${n}}`).join('-')
  expect(readUriTemplate(`x:${many}!`)?.match(`x:${'-a'.repeat(3_000)}`)).toBeUndefined()
})
