import { describe, expect, test } from 'vitest'
import { bodyText, openapi, requestFor } from './testing/read-one.ts'

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
const ID = { type: 'integer', xml: { attribute: true } }
const B = { type: 'object', properties: { id: ID, n: { type: 'string', xml: { name: 'nn' } } } }
const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more })
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

function xml(schema: object, args: Record<string, unknown>, version = '3.1.0'): string {
  const schemas = { B, Deep: { allOf: [{ allOf: [ref('B')] }, object({ z: {} })] }, Text: { type: 'string' } }
  const document = openapi({ '/x': { post: { requestBody: { content: { 'application/xml': { schema } } } } } })
  return bodyText(requestFor({ ...document, openapi: version, components: { schemas } }, args))!.slice(HEAD.length)
}

describe('B115 names and attributes are found', () => {
  const value = { id: 1, n: 'x' }
  const want = '<root><b id="1"><nn>x</nn></b></root>'

  test.each<[string, object]>([
    ['below a nested allOf', ref('Deep')],
    ['in a choice', { oneOf: [ref('B'), object({ other: {} })] }],
    ['beside null', { anyOf: [ref('B'), { type: 'null' }] }],
    ['behind a reference with a text', { allOf: [ref('B')], description: 'x' }],
  ])('%s', (_name, b) => expect(xml(object({ b }), { b: value })).toBe(want))

  test('beside a reference, since 3.1', () => {
    const schema = object({ t: { ...ref('Text'), xml: { name: 'aa', attribute: true } } })
    expect(xml(schema, { t: 'x' })).toBe('<root aa="x"></root>')
    expect(xml(schema, { t: 'x' }, '3.0.3')).toBe('<root><t>x</t></root>')
  })
})

describe('B115 the names of a list and of its items (OpenAPI 3.1.1 4.8.26.2.5, 3.2 "XML Arrays")', () => {
  const named = { type: 'string', xml: { name: 'animal' } }
  const plain = { type: 'string' }

  test.each<[string, object | undefined, object, string]>([
    ['neither', undefined, plain, '<animals>dog</animals><animals>cat</animals>'],
    ['the items’ own', undefined, named, '<animal>dog</animal><animal>cat</animal>'],
    ['a list’s without an element says nothing', { name: 'aliens' }, named, '<animal>dog</animal><animal>cat</animal>'],
    ['also where the items have none', { name: 'aliens' }, plain, '<animals>dog</animals><animals>cat</animals>'],
    ['wrapped', { wrapped: true }, plain, '<animals><animals>dog</animals><animals>cat</animals></animals>'],
    [
      'wrapped, of named items',
      { wrapped: true },
      named,
      '<animals><animal>dog</animal><animal>cat</animal></animals>',
    ],
    [
      'both named',
      { name: 'aliens', wrapped: true },
      named,
      '<aliens><animal>dog</animal><animal>cat</animal></aliens>',
    ],
    [
      'items without a name have that of their wrapper',
      { name: 'aliens', wrapped: true },
      plain,
      '<aliens><aliens>dog</aliens><aliens>cat</aliens></aliens>',
    ],
  ])('%s', (_name, own, items, want) => {
    const listed = (of: object | undefined) => object({ animals: { type: 'array', items, ...(of ? { xml: of } : {}) } })
    const args = { animals: ['dog', 'cat'] }
    expect(xml(listed(own), args)).toBe(`<root>${want}</root>`)
    const { wrapped, ...others } = (own ?? {}) as { wrapped?: boolean }
    const since32 = wrapped ? { ...others, nodeType: 'element' } : others
    expect(xml(listed(since32), args, '3.2.0')).toBe(`<root>${want}</root>`)
  })

  test('of components at the root', () => {
    const list = { type: 'array', items: ref('Text') }
    expect(xml(list, { body: ['a'] })).toBe('<Text>a</Text>')
    expect(xml({ ...list, xml: { name: 'l', wrapped: true } }, { body: ['a'] })).toBe('<l><l>a</l></l>')
    expect(xml({ ...list, xml: { name: 'l', nodeType: 'element' } }, { body: ['a'] }, '3.2.0')).toBe(
      '<l><Text>a</Text></l>',
    )
  })
})

test('B115 the first items of a list are each written by their own schema (3.2 "Ordered Elements and Text")', () => {
  const text = { type: 'string', xml: { nodeType: 'text' } }
  const Report = {
    type: 'array',
    xml: { nodeType: 'element', name: 'Report' },
    prefixItems: [text, { type: 'number', xml: { name: 'data' } }, text],
  }
  expect(xml(Report, { body: ['pre', 42, '<post>'] }, '3.2.0')).toBe('<Report>pre<data>42</data>&lt;post&gt;</Report>')
  const two = object(
    { unit: { type: 'string', xml: { nodeType: 'attribute' } }, value: { type: 'number', xml: { nodeType: 'text' } } },
    { xml: { name: 'Two' } },
  )
  const prefixItems = [named('One', 'string'), two, named('Three', ['boolean', 'null'])]
  const counted = {
    type: 'array',
    xml: { nodeType: 'element', name: 'OneTwoThree' },
    prefixItems,
    items: { type: 'integer', xml: { name: 'more' } },
  }
  expect(xml(counted, { body: ['Some text', { unit: 'cubits', value: 42 }, null, 4] }, '3.2.0')).toBe(
    '<OneTwoThree><One>Some text</One><Two unit="cubits">42</Two>' +
      '<Three xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"></Three><more>4</more></OneTwoThree>',
  )
})

function named(name: string, type: string | string[]) {
  return { type, xml: { name } }
}

test('B115, S18 a section that is not escaped holds any text and cannot be left (3.2)', () => {
  const schema = object({ content: { type: 'string', xml: { nodeType: 'cdata' } } })
  expect(xml(schema, { content: '<b>&</b>' }, '3.2.0')).toBe('<root><![CDATA[<b>&</b>]]></root>')
  expect(xml(schema, { content: ']]><x/>' }, '3.2.0')).toBe('<root><![CDATA[]]]]><![CDATA[><x/>]]></root>')
})

test('B115 what a part of allOf says of the XML counts where it is written there', () => {
  const item = { allOf: [ref('B'), { xml: { name: 'item' } }] }
  const list = { type: 'array', xml: { wrapped: true }, items: item }
  expect(xml(object({ list }), { list: [{ n: 'x' }] })).toBe('<root><list><item><nn>x</nn></item></list></root>')
  const named = { allOf: [{ ...object({ a: {} }), xml: { name: 'own' } }, { properties: { b: {} } }] }
  expect(xml(named, { a: 1, b: 2 })).toBe('<own><a>1</a><b>2</b></own>')
})

test('B115 a list that would make several elements at the root is refused', () => {
  const list = { type: 'array', items: object({ a: {} }, { xml: { name: 'i' } }) }
  expect(xml(list, { body: [{ a: 1 }] })).toBe('<i><a>1</a></i>')
  expect(() => xml(list, { body: [{ a: 1 }, { a: 2 }] })).toThrow(/one element at its root/)
  expect(() => xml(list, { body: [] })).toThrow(/one element at its root/)
  expect(xml({ ...list, xml: { name: 'l', wrapped: true } }, { body: [{ a: 1 }, { a: 2 }] })).toBe(
    '<l><i><a>1</a></i><i><a>2</a></i></l>',
  )
})

test('B115 an object that is no node has its members in the element around it (3.2)', () => {
  const schema = object({ a: object({ id: ID, c: {} }, { xml: { nodeType: 'none' } }), b: {} })
  expect(xml(schema, { a: { id: 1, c: 2 }, b: 3 }, '3.2.0')).toBe('<root id="1"><c>2</c><b>3</b></root>')
})

describe('B115 null is an element that says so, since 3.2; before it, and where it may not be null, it is left out', () => {
  const NIL = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"'

  test.each<[string, object, unknown, string]>([
    ['an element', { type: ['string', 'null'] }, null, `<a ${NIL}></a>`],
    ['beside a reference', { anyOf: [ref('B'), { type: 'null' }], xml: { name: 'bb' } }, null, `<bb ${NIL}></bb>`],
    ['an item of a list', { type: 'array', items: { type: ['integer', 'null'] } }, [1, null], `<a>1</a><a ${NIL}></a>`],
    ['a text around nothing', { type: 'string' }, null, ''],
    ['an attribute', { type: ['string', 'null'], xml: { attribute: true } }, null, ''],
    ['the text of the element around', { type: ['string', 'null'], xml: { nodeType: 'text' } }, null, ''],
  ])('%s', (_name, a, value, want) => {
    expect(xml(object({ a }), { a: value }, '3.2.0')).toBe(`<root>${want}</root>`)
    expect(xml(object({ a }), { a: value }, '3.1.1')).toBe(
      Array.isArray(value) ? '<root><a>1</a></root>' : '<root></root>',
    )
  })
})
