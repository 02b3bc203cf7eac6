import { checkSchema } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import { bodyText, definitionOf, headerOf, openapi, read, requestFor } from './testing/read-one.ts'

const withBody = (content: object) => openapi({ '/x': { post: { requestBody: { required: true, content } } } })
const argumentsOf = (document: object) => Object.keys(definitionOf(document).operation.inputSchema.properties as object)
const codesOf = (document: object) => read(document).diagnostics.map(({ code }) => code)
const object = (properties: object) => ({ schema: { type: 'object', properties } })

const F = { type: 'string', format: 'binary' }
const TEXT = { type: 'string' }

describe('B104 what a media type could carry is offered, or it is said that it is not', () => {
  test.each<[string, object, string[], string[]]>([
    [
      'a list as JSON beside a form with a file',
      { 'application/json': { schema: { type: 'array' } }, 'multipart/form-data': object({ file: F }) },
      ['body'],
      ['body-type-left-out'],
    ],
    [
      'JSON that describes nothing beside a form with a file',
      { 'application/json': {}, 'multipart/form-data': object({ file: F }) },
      ['file'],
      ['body-type-left-out'],
    ],
    [
      'a list of patches beside an object of another dialect',
      {
        'application/json-patch+json': { schema: { type: 'array' } },
        'application/merge-patch+json': object({ z: TEXT }),
      },
      ['body', 'contentType'],
      [],
    ],
    [
      'the same properties as JSON and as a form',
      { 'application/json': object({ a: TEXT }), 'multipart/form-data': object({ a: TEXT }) },
      ['a'],
      [],
    ],
    [
      'the same properties, one of them a file in the form',
      { 'application/json': object({ image: TEXT }), 'multipart/form-data': object({ image: F }) },
      ['image', 'contentType'],
      [],
    ],
    [
      'the very same schema with a file, which only the form can carry',
      { 'application/json': object({ a: TEXT, image: F }), 'multipart/form-data': object({ a: TEXT, image: F }) },
      ['a', 'image'],
      [],
    ],
  ])('%s', (_name, content, names, codes) => {
    const document = withBody(content)
    expect([argumentsOf(document), codesOf(document)]).toEqual([names, codes])
  })
})

describe('B104 dialects of JSON are told apart by their media type alone', () => {
  const PATCH = { schema: { $ref: '#/components/schemas/Patch' } }
  const patches = ['json-patch', 'merge-patch', 'strategic-merge-patch'].map((name) => `application/${name}+json`)
  const document = (types: readonly string[], media: object = PATCH) => ({
    ...withBody(Object.fromEntries(types.map((type) => [type, media]))),
    components: { schemas: { Patch: { type: 'object', description: 'A patch.' } } },
  })

  test('patches of one schema: each can be chosen, and none is a JSON Patch, which would be a list, by itself', () => {
    const operation = document(patches)
    expect(argumentsOf(operation)).toEqual(['body', 'contentType'])
    const sent = (args: object) => headerOf(requestFor(operation, { body: { spec: {} }, ...args }), 'content-type')
    expect(sent({})).toBe('application/merge-patch+json')
    for (const contentType of patches) expect(sent({ contentType })).toBe(contentType)
  })

  test('the same fields in two versions', () => {
    const operation = document(['application/vnd.a.v1+json', 'application/vnd.a.v2+json'], object({ a: TEXT }))
    expect(argumentsOf(operation)).toEqual(['a', 'contentType'])
    const contentType = 'application/vnd.a.v2+json'
    expect(headerOf(requestFor(operation, { a: 'x', contentType }), 'content-type')).toBe(contentType)
  })

  describe('a list in one, an object in another', () => {
    const steps = { schema: { type: 'array', items: { type: 'object', required: ['op'], properties: { op: TEXT } } } }
    const [list, merge] = ['application/json-patch+json', 'application/merge-patch+json'] as const

    test.each([[{ [list]: steps, [merge]: object({ a: TEXT }) }], [{ [merge]: object({ a: TEXT }), [list]: steps }]])(
      'goes by what is given: %j',
      (content) => {
        const operation = withBody(content)
        const sent = (args: Record<string, unknown>) => {
          expect(checkSchema(definitionOf(operation).operation.inputSchema, args)).toEqual([])
          return headerOf(requestFor(operation, args), 'content-type')
        }
        expect(sent({ body: [{ op: 'add' }] })).toBe(list)
        expect(sent({ body: { a: 'x' } })).toBe(merge)
        expect(sent({ body: { a: 'x' }, contentType: merge })).toBe(merge)
        expect(() => sent({ body: { a: 'x' }, contentType: list })).toThrow(/is a list/)
        expect(() => sent({ body: [{ op: 'add' }], contentType: merge })).toThrow(/is an object/)
        expect(checkSchema(definitionOf(operation).operation.inputSchema, { body: [{ a: 1 }] })).not.toEqual([])
        expect(codesOf(operation)).toEqual([])
      },
    )

    test('of several that take the same the first is sent, unless another is chosen', () => {
      const strategic = 'application/strategic-merge-patch+json'
      const operation = withBody({ [list]: steps, [merge]: object({ a: TEXT }), [strategic]: object({ a: TEXT }) })
      const sent = (args: Record<string, unknown>) => headerOf(requestFor(operation, args), 'content-type')
      expect(sent({ body: { a: 'x' } })).toBe(merge)
      expect(sent({ body: { a: 'x' }, contentType: strategic })).toBe(strategic)
    })

    test('beside plain JSON that is what is sent', () => {
      const operation = withBody({ [list]: steps, 'application/json': object({ a: TEXT }) })
      expect([argumentsOf(operation), codesOf(operation)]).toEqual([['a'], ['body-type-left-out']])
    })
  })

  test('beside plain JSON they say nothing more', () => {
    expect(argumentsOf(document(['application/merge-patch+json', 'application/json']))).toEqual(['body'])
  })
})

describe('B104 a name that is a text as JSON and a file in a form', () => {
  const document = withBody({
    'application/json': object({ image: { type: 'string', format: 'uri' } }),
    'multipart/form-data': object({ image: F, size: TEXT }),
  })
  const sent = (args: Record<string, unknown>) => {
    expect(checkSchema(definitionOf(document).operation.inputSchema, args)).toEqual([])
    const request = requestFor(document, args)
    return [headerOf(request, 'content-type')!.split(';')[0], bodyText(request)]
  }

  test('goes as JSON where it is a text, and in the form where it says that it is a file', () => {
    expect(sent({ image: 'https://x/y.png' })).toEqual(['application/json', '{"image":"https://x/y.png"}'])
    expect(sent({ image: { filename: 'a.png', data: 'aGk=' } })).toEqual([
      'multipart/form-data',
      expect.stringContaining('filename="a.png"\r\nContent-Type: application/octet-stream\r\n\r\nhi\r\n'),
    ])
  })

  test.each([
    [{ image: 'https://x/y.png', size: 'L' }, /JSON|json.* has no size/],
    [{ image: 'https://x/y.png', contentType: 'multipart/form-data' }, /takes image otherwise/],
    [{ image: { data: 'aGk=' }, contentType: 'application/json' }, /takes image otherwise/],
  ])('%j is refused: no media type takes it', (args, message) => {
    expect(() => requestFor(document, args)).toThrow(message)
  })
})
