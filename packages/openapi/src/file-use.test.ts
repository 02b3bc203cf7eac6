import { checkSchema } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import { bodyText, definitionOf, headerOf, openapi, requestFor } from './testing/read-one.ts'

const F = { type: 'string', format: 'binary' }
const REF = { $ref: '#/components/schemas/F' }
const URI = { type: 'string', format: 'uri' }
const components = { schemas: { F } }

const multipart = (schema: object, version = '3.0.3') => ({
  ...openapi({ '/x': { post: { requestBody: { required: true, content: { 'multipart/form-data': { schema } } } } } }),
  components,
  openapi: version,
})
const withField = (field: object, version?: string) => multipart({ type: 'object', properties: { f: field } }, version)
const isTaken = (document: object, args: Record<string, unknown>) =>
  checkSchema(definitionOf(document).operation.inputSchema, args).length === 0
const sent = (document: object, args: Record<string, unknown>) => bodyText(requestFor(document, args))!

const BYTES = /name="f"; filename="[^"]+"\r\nContent-Type: [^\r]+\r\n\r\nhi\r\n/
const SAID = { filename: 'a.txt', data: 'aGk=' }

describe('B109 B110 a part is a file', () => {
  test.each<[string, object, string, unknown]>([
    ['behind a reference', REF, '3.0.3', 'aGk='],
    ['as an item behind a reference', { type: 'array', items: REF }, '3.0.3', ['aGk=']],
    ['behind a reference with a text of its own', { allOf: [REF], description: 'A picture.' }, '3.0.3', 'aGk='],
    ['that may be null', { allOf: [REF], nullable: true }, '3.0.3', 'aGk='],
    ['a list of files or null', { anyOf: [{ type: 'array', items: F }, { type: 'null' }] }, '3.1.0', ['aGk=']],
    ['one or many', { anyOf: [F, { type: 'array', items: REF }] }, '3.1.0', ['aGk=']],
    ['with an item that is composed', { type: 'array', items: { allOf: [REF] } }, '3.0.3', ['aGk=']],
  ])('%s', (_name, field, version, value) => {
    const document = withField(field, version)
    const said = Array.isArray(value) ? [SAID] : SAID
    for (const given of [value, said]) {
      expect(isTaken(document, { f: given })).toBe(true)
      expect(sent(document, { f: given })).toMatch(BYTES)
    }
  })

  test('and its own limits as a list stay', () => {
    expect(isTaken(withField({ type: 'array', items: REF, maxItems: 1 }), { f: ['aGk=', 'aGk='] })).toBe(false)
  })
})

describe('B110 a part that is a file or something else: a file says that it is one', () => {
  const document = withField({ anyOf: [F, URI] }, '3.1.0')

  test.each([[SAID], ['data:text/plain;base64,aGk='], [{ data: 'aGk=' }]])('%j is sent as bytes', (f) => {
    expect(isTaken(document, { f })).toBe(true)
    expect(sent(document, { f })).toMatch(BYTES)
  })

  test('a text is sent as that text', () => {
    expect(isTaken(document, { f: 'https://x/y.png' })).toBe(true)
    expect(sent(document, { f: 'https://x/y.png' })).toContain('name="f"\r\n\r\nhttps://x/y.png\r\n')
  })

  test('a text that could only be base64 is refused before anything is sent', () => {
    const either = withField({ oneOf: [REF, { type: 'object', properties: { url: { type: 'string' } } }] })
    expect(isTaken(either, { f: 'aGk=' })).toBe(false)
    expect(isTaken(either, { f: SAID })).toBe(true)
    expect(sent(either, { f: { url: 'x' } })).toContain('Content-Type: application/json\r\n\r\n{"url":"x"}')
  })
})

test('a type around the branches of a choice is that of each, and a file is no text', () => {
  const document = withField({ type: 'string', oneOf: [{ format: 'binary' }, { format: 'uri' }] })
  expect(isTaken(document, { f: SAID })).toBe(true)
  expect(sent(document, { f: SAID })).toMatch(BYTES)
  expect(isTaken(document, { f: 'https://x/y.png' })).toBe(true)
  expect(isTaken(document, { f: 7 })).toBe(false)
})

test('a field that is a text of JSON is no file', () => {
  const document = withField({ type: 'string', contentMediaType: 'application/json', contentSchema: {} }, '3.1.0')
  expect(isTaken(document, { f: '{"a":1}' })).toBe(true)
  expect(sent(document, { f: '{"a":1}' })).toContain('name="f"\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n')
})

test('B112 a string of a text type is that text, and a file where it says so', () => {
  const document = withField({ type: 'string', contentMediaType: 'text/csv' }, '3.1.0')
  expect(isTaken(document, { f: 'test' })).toBe(true)
  expect(sent(document, { f: 'test' })).toContain('Content-Type: text/csv\r\n\r\ntest\r\n')
  expect(isTaken(document, { f: SAID })).toBe(true)
  expect(sent(document, { f: SAID })).toMatch(BYTES)
})

describe('B110 a multipart body that is no plain object', () => {
  test.each<[string, object, Record<string, unknown>]>([
    [
      'a union',
      {
        oneOf: [
          { type: 'object', properties: { f: REF } },
          { type: 'object', properties: { g: F } },
        ],
      },
      {},
    ],
    ['a map of files', { type: 'object', additionalProperties: REF }, {}],
    [
      'a union within a part',
      {
        allOf: [{ type: 'object', properties: { a: URI } }, { oneOf: [{ properties: { f: F } }, { properties: {} }] }],
      },
      { a: 'https://x' },
    ],
  ])('%s has its files', (_name, schema, more) => {
    const document = multipart(schema)
    for (const f of ['aGk=', SAID]) {
      expect(isTaken(document, { body: { ...more, f } })).toBe(true)
      expect(sent(document, { body: { ...more, f } })).toMatch(BYTES)
    }
  })

  test('a field that is a file in one branch and a text in another says which', () => {
    const branch = (f: object) => ({ type: 'object', properties: { f } })
    const document = multipart({ oneOf: [branch(F), branch(URI)] })
    expect(sent(document, { body: { f: SAID } })).toMatch(BYTES)
    expect(sent(document, { body: { f: 'https://x/y' } })).toContain('\r\n\r\nhttps://x/y\r\n')
  })
})

test.each(['*/*', 'application/*'])('B113 %s of a file is its raw bytes', (type) => {
  for (const schema of [F, REF, { allOf: [REF] }]) {
    const document = {
      ...openapi({ '/x': { post: { requestBody: { content: { [type]: { schema } } } } } }),
      components,
    }
    const request = requestFor(document, { body: 'aGk=' })
    expect([headerOf(request, 'content-type'), bodyText(request)]).toEqual(['application/octet-stream', 'hi'])
  }
})
