import {
  AddServerTools,
  CreateAccessKey,
  CreateTool,
  ImportRequest,
  type JsonSchema,
  PageQuery,
  SetCredential,
  UpdateTool,
} from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { explainFaults } from './explain-faults.ts'

const inBody = (schema: object, value: unknown) => explainFaults(schema as JsonSchema, value, 'body')
const inQuery = (schema: object, value: unknown) => explainFaults(schema as JsonSchema, value, 'query')

describe('an unknown field, at any depth, is told with the nearest name', () => {
  test.each<[string, object, unknown, object]>([
    [
      'in a list',
      AddServerTools,
      { tools: [{ id: 'x', alais: 'find' }] },
      { pointer: '/tools/0/alais', detail: 'tools.0.alais is not known here.', fix: 'Did you mean alias?' },
    ],
    [
      'in an object, where what it stands for is missing too',
      CreateTool,
      { name: 'm9', manual: { upstream: 'b', metod: 'GET', path: '/x' } },
      { pointer: '/manual/metod', detail: 'manual.metod is not known here.', fix: 'Did you mean method?' },
    ],
    [
      'in one of several alternatives',
      UpdateTool,
      { arguments: { book_id: { hiden: true } } },
      { pointer: '/arguments/book_id/hiden', fix: 'Did you mean hidden?' },
    ],
    [
      'below a key that holds dots and slashes',
      UpdateTool,
      { arguments: { 'filter.a/b': { vaule: 1 } } },
      { pointer: '/arguments/filter.a~1b/vaule', fix: 'Did you mean value?' },
    ],
    [
      'near none: then all are told',
      CreateAccessKey,
      { name: 'x', servers: ['a'], zzz: 1 },
      { pointer: '/zzz', fix: expect.stringContaining('Known are: name, servers,') },
    ],
  ])('%s', (_name, schema, value, want) => {
    expect(inBody(schema, value)).toContainEqual(expect.objectContaining(want))
  })
})

describe('of several alternatives the one that was meant is told of, and no other', () => {
  test.each<[string, object, unknown, object[]]>([
    [
      'by the constant that tells them apart',
      SetCredential,
      { value: 'k', placement: { type: 'apiKey', in: 'heder', name: 'X' } },
      [{ pointer: '/placement/in', detail: expect.stringContaining('"header", "query"'), fix: 'Did you mean header?' }],
    ],
    [
      'by that constant, written wrong',
      SetCredential,
      { value: 'k', placement: { type: 'apikey', in: 'header', name: 'X' } },
      [{ pointer: '/placement/type', fix: 'Did you mean apiKey?' }],
    ],
    [
      'by that constant, left out',
      SetCredential,
      { value: 'k', placement: { in: 'header', name: 'X' } },
      [{ pointer: '/placement/type', detail: 'placement.type is missing.', fix: expect.stringContaining('"headers"') }],
    ],
    [
      'by a name that is nearly one of theirs, and that name is not missing then',
      UpdateTool,
      { arguments: { a: { hiden: true } } },
      [{ pointer: '/arguments/a/hiden' }],
    ],
    ['by the fewest faults', UpdateTool, { arguments: { a: { hidden: false } } }, [{ pointer: '/arguments/a/hidden' }]],
    [
      'by its type',
      ImportRequest,
      { enable: 'al' },
      [{ pointer: '/enable', detail: 'enable must be one of "auto", "all", "none".', fix: 'Did you mean all?' }],
    ],
    ['of none by its type', UpdateTool, { title: 5 }, [{ pointer: '/title', detail: 'title must be string or null.' }]],
    [
      'of none: what there is',
      UpdateTool,
      { arguments: { a: {} } },
      [{ pointer: '/arguments/a', fix: 'It has one of hidden, value, secret, description.' }],
    ],
    [
      'of none, by a name that is near none',
      UpdateTool,
      { arguments: { a: { zzzzz: 1 } } },
      [{ pointer: '/arguments/a/zzzzz', fix: 'It has one of hidden, value, secret, description.' }],
    ],
    [
      'of two at once',
      UpdateTool,
      { arguments: { a: { hidden: true, value: 1 } } },
      [{ pointer: '/arguments/a', detail: 'arguments.a has hidden and value, which do not go together.' }],
    ],
    [
      'each by itself, beside faults outside of them',
      UpdateTool,
      { titel: 'x', arguments: { a: { hiden: true }, b: { secret: 5 } } },
      [{ pointer: '/titel' }, { pointer: '/arguments/a/hiden' }, { pointer: '/arguments/b/secret' }],
    ],
  ])('%s', (_name, schema, value, want) => {
    expect(inBody(schema, value)).toEqual(want.map((error) => expect.objectContaining(error)))
  })
})

describe('each fault says what to do', () => {
  test.each<[string, object, unknown, object]>([
    [
      'a form, in words and by example',
      CreateAccessKey,
      { name: 'x', servers: ['Not A Slug'] },
      {
        detail: 'servers.0 has not the form that it needs: Lower-case letters, digits and inner hyphens; at most 63.',
        fix: 'Give it like "bookshop".',
      },
    ],
    [
      'a time',
      CreateAccessKey,
      { name: 'x', servers: ['a'], expiresAt: 'tomorrow' },
      { detail: 'expiresAt has not the form that it needs: RFC 3339.', fix: expect.stringContaining('2030-01-31T') },
    ],
    ['something missing', CreateAccessKey, { name: 'x' }, { detail: 'servers is missing.', fix: expect.any(String) }],
    ['nothing', UpdateTool, {}, { detail: 'the body is empty.', fix: expect.stringContaining('one of name, title,') }],
    ['too few', AddServerTools, { tools: [] }, { detail: 'tools must have at least 1 items.' }],
    [
      'a header of no form',
      SetCredential,
      { headers: { 'X A': '1' } },
      { pointer: '/headers/X A', detail: 'headers.X A is no name that is taken here.', fix: expect.any(String) },
    ],
  ])('%s', (_name, schema, value, want) => {
    expect(inBody(schema, value)).toEqual([expect.objectContaining(want)])
  })

  test('a query: the nearest value, and what there is to give', () => {
    const sorted = inQuery(PageQuery(['name', '-name'], {}), { sort: 'nme' })
    expect(sorted).toEqual([expect.objectContaining({ pointer: 'sort', fix: 'Did you mean name?' })])
    const some = { type: 'object', properties: { upstream: {}, tag: {} }, minProperties: 1 }
    expect(inQuery(some, {})).toEqual([
      { pointer: '', detail: 'the query is empty.', fix: 'Give at least one of upstream, tag.' },
    ])
  })
})
