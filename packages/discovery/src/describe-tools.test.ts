import { expect, test } from 'vitest'
import { describeTools } from './describe-tools.ts'
import { tool } from './testing/tool.ts'

const TEXT = { type: 'string' }
const order = tool('POST /orders', {
  name: 'create_order',
  description: 'Makes an order.',
  args: {
    item: { ...TEXT, description: 'What is ordered.' },
    to: { type: 'object', properties: { city: { ...TEXT, description: 'A city.' }, zip: TEXT } },
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
const TOOLS = new Map([order, giant].map((one) => [one.name, one]))
const told = (names: string[], more: { format?: 'schema'; path?: string } = {}) =>
  describeTools(
    { names, format: 'signature', ...more },
    (name) => TOOLS.get(name),
    () => TOOLS.keys(),
  )

test('a signature, the route, and what is said of the arguments', () => {
  expect(told(['create_order'])).toBe(
    [
      'create_order({ item?: string, to?: { city?: string, zip?: string } }): { lines?: { price?: number }[] }',
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
  ['to.town', 'create_order has no to.town: "town" is not there. It has: city, zip.'],
  ['item.x', 'create_order has no item.x: "x" is not there. It has no members.'],
])('the part %s', (path, text) => {
  expect(told(['create_order'], { path })).toBe(text)
})

test('a giant is cut to the budget in either form, and says how to see the rest', () => {
  expect(told(['giant']).length).toBeLessThanOrEqual(12_000)
  expect(told(['giant'])).toMatch(/… and \d+ more$/)
  const shown = told(['giant'], { format: 'schema' })
  expect(shown.length).toBeLessThanOrEqual(13_500)
  expect(JSON.parse(shown)).toMatchObject({ name: 'giant' })
  expect(shown).toContain('describe_tools with path')
})

test('several tools share the budget; one that there is not is named', () => {
  const text = told(['giant', 'create_order', 'create_ordr', 'giant'])
  expect(text.length).toBeLessThan(12_000)
  expect(text).toContain('There is no tool named "create_ordr". Did you mean create_order?')
})
