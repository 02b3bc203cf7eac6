import { expect, test } from 'vitest'
import { describeTools } from './describe-tools.ts'
import { schemaAt, withOwnDefinitions } from './schema-at.ts'
import { tool } from './testing/tool.ts'

const TEXT = { type: 'string' }
const order = tool('POST /orders', {
  name: 'create_order',
  description: 'Makes an order.',
  args: {
    item: { ...TEXT, description: 'What is ordered.' },
    to: { type: 'object', properties: { city: { ...TEXT, description: 'A city.' }, zip: TEXT } },
    'ids[]': { type: 'array', items: TEXT },
  },
  answer: JSON.stringify({
    type: 'object',
    properties: { lines: { type: 'array', items: { type: 'object', properties: { price: { type: 'number' } } } } },
  }),
})
const giant = tool('POST /giants', {
  name: 'giant',
  args: Object.fromEntries(
    Array.from({ length: 400 }, (_, at) => [
      `field_${at}`,
      {
        type: 'object',
        description: 'x'.repeat(500),
        properties: { deep: { type: 'object', properties: { a: TEXT } } },
      },
    ]),
  ),
})
const member = (of: object) => ({ type: 'object', description: 'x'.repeat(300), properties: of })
const ring = tool('POST /rings', {
  name: 'ring',
  answer: JSON.stringify({
    $ref: '#/$defs/ring',
    $defs: {
      ring: member({ next: { $ref: '#/$defs/ring' }, deep: member({ deeper: member(wide()) }), cut: {} }),
    },
  }),
})
const wideOne = tool('POST /wide', { name: 'wide', args: wide() })
function wide() {
  return Object.fromEntries(
    Array.from({ length: 500 }, (_, at) => [`member_${at}`, { ...TEXT, description: 'y'.repeat(90) }]),
  )
}
const TOOLS = new Map([order, giant, ring, wideOne].map((one) => [one.name, one]))
const told = (names: string[], more: { format?: 'schema'; path?: string } = {}) =>
  describeTools(
    { names, format: 'signature', ...more },
    (name) => TOOLS.get(name),
    () => TOOLS.keys(),
  )

test('a signature, the route, and what is said of the arguments', () => {
  expect(told(['create_order'])).toBe(
    [
      'create_order({ item?: string, to?: { city?: string, zip?: string }, "ids[]"?: string[] }): { lines?: { price?: number }[] }',
      'POST /orders',
      'Makes an order.',
      'Arguments:',
      '  item: What is ordered.',
      '  to.city: A city.',
    ].join('\n'),
  )
})

test.each([
  ['to', 'create_order to: { city?: string, zip?: string }\n  city: A city.'],
  ['to.zip', 'create_order to.zip: string'],
  ['result.lines', 'create_order result.lines: { price?: number }[]'],
  ['result.lines.price', 'create_order result.lines.price: number'],
  ['result.lines[].price', 'create_order result.lines.price: number'],
  ['result.lines[0]', 'create_order result.lines: { price?: number }[]'],
  ['result[0].lines', 'create_order result.lines: { price?: number }[]'],
  ['ids[]', 'create_order ids[]: string[]'],
  ['result.lines[].cost', 'create_order has no result.lines.cost: "cost" is not there. It has: price.'],
  ['to.town', 'create_order has no to.town: "town" is not there. It has: city, zip.'],
  ['item.x', 'create_order has no item.x: "x" is not there. It has no members.'],
])('the part %s', (path, text) => {
  expect(told(['create_order'], { path })).toBe(text)
})

test('a part in the form that is asked for', () => {
  const part = (path: string, name = 'create_order') => JSON.parse(told([name], { path, format: 'schema' }))
  expect(part('to.city')).toEqual({
    name: 'create_order',
    path: 'to.city',
    schema: { type: 'string', description: 'A city.' },
  })
  expect(part('result.lines').schema).toEqual({
    type: 'array',
    items: { type: 'object', properties: { price: { type: 'number' } } },
  })
  const { schema } = part('result.next', 'ring')
  expect(schema.properties.next).toEqual({
    type: 'object',
    description: 'More: describe_tools with path "result.next.next".',
  })
  expect(told(['ring'], { path: 'result.next', format: 'schema' }).length).toBeLessThanOrEqual(12_200)
  expect(told(['create_order'], { path: 'to.town', format: 'schema' })).toContain('has no to.town')
})

test('a part has the definitions that it reaches, and no others', () => {
  const page = { type: 'object', properties: { next: { $ref: '#/$defs/link' }, rows: { $ref: '#/$defs/row' } } }
  const $defs = { link: { type: 'object', properties: { of: { $ref: '#/$defs/url' } } }, url: TEXT, row: TEXT }
  expect(withOwnDefinitions(page.properties.next, { ...page, $defs })).toEqual({
    $ref: '#/$defs/link',
    $defs: { link: $defs.link, url: TEXT },
  })
  expect(withOwnDefinitions(TEXT, { ...page, $defs })).toEqual(TEXT)
})

test('a giant is cut to the budget in either form, and says how to see the rest', () => {
  expect(told(['giant']).length).toBeLessThanOrEqual(12_000)
  expect(told(['giant'])).toMatch(/… and \d+ more$/)
  const shown = told(['giant'], { format: 'schema' })
  expect(shown.length).toBeLessThanOrEqual(13_500)
  expect(JSON.parse(shown)).toMatchObject({ name: 'giant' })
  expect(shown).toContain('describe_tools with path')
})

test('a large answer is cut where its definitions are used, a ring where it closes, each with the path that leads on', () => {
  const { outputSchema } = JSON.parse(told(['ring'], { format: 'schema' }))
  expect(outputSchema).toMatchObject({
    type: 'object',
    properties: {
      next: { description: 'More: describe_tools with path "result.next".' },
      deep: { properties: { deeper: { description: 'More: describe_tools with path "result.deep.deeper".' } } },
    },
  })
  expect(told(['ring'], { path: 'result.deep.deeper' })).toContain('member_0')
})

test('of what does not fit at all the names are told, as many as fit', () => {
  const { description } = JSON.parse(told(['wide'], { format: 'schema' })).inputSchema
  expect(description).toMatch(/^Too large to show: .*"member_0".* It has: member_0, .*member_499\.$/)
  const [shown = ''] = told(['wide', ...'abcdefghi'], { format: 'schema' }).split('\n\n')
  expect(shown.length).toBeLessThanOrEqual(1_500)
  expect(JSON.parse(shown).inputSchema.description).toMatch(/ It has: member_0, .*, and \d+ more\.$/)
})

test('of a part that the document leaves open, or whose members were cut, nobody says that there is none', () => {
  expect(schemaAt({ type: 'object', properties: { cut: { type: 'object' } } }, ['cut', 'x'])).toMatchObject({
    isOpen: true,
  })
  expect(schemaAt({ type: 'object', properties: { t: { type: 'string' } } }, ['t', 'x'])).toMatchObject({
    isOpen: false,
  })
  const map = { type: 'object', additionalProperties: { type: 'integer' } }
  expect(schemaAt(map, ['anything'])).toEqual({ schema: { type: 'integer' } })
  expect(told(['ring'], { path: 'result.cut.x' })).toContain('is not known')
})

test('several tools share the budget; one that there is not is named', () => {
  const text = told(['giant', 'create_order', 'create_ordr', 'giant'])
  expect(text.length).toBeLessThan(12_000)
  expect(text).toContain('There is no tool named "create_ordr". Did you mean create_order?')
})

test('of many unknown names the first alone are guessed at', () => {
  const text = told(['giantt', 'giamt', 'gint', 'giat'])
  expect(text.match(/Did you mean giant\?/g)).toHaveLength(3)
  expect(text).toContain('There is no tool named "giat". Find the name with search_tools.')
})
