import type { JsonSchema } from '@sluice/contract'
import { checkSchema } from '@sluice/schema'
import jmespath from 'jmespath'
import { describe, expect, test } from 'vitest'
import { describeFilter } from './describe-filter.ts'

const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items })
const schema: JsonSchema = {
  type: 'object',
  required: ['items'],
  properties: {
    items: list({
      allOf: [
        {
          type: 'object',
          required: ['id'],
          properties: {
            id: { type: 'integer' },
            state: { type: 'string', enum: ['paid', 'open'] },
            note: { type: ['string', 'null'] },
            tags: list({ type: 'string' }),
            pair: { type: 'array', prefixItems: [{ type: 'number' }, { type: 'string' }] },
            either: { enum: ['a', null] },
            rows: list(list({ type: 'number' })),
            mixed: { anyOf: [list({ type: 'integer' }), { type: 'integer' }] },
            both: { type: ['array', 'integer'], items: { type: 'integer' } },
            kind: { const: 'k' },
            lines: list({ $ref: '#/$defs/line' }),
          },
        },
        { properties: { total: { type: 'number' } } },
      ],
    }),
    next: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    owner: { oneOf: [{ type: 'object', properties: { name: { type: 'string' } } }, { type: 'string' }] },
    sure: { type: ['object', 'string'], required: ['in'], properties: { in: { type: 'integer' } } },
    composed: { type: 'object', allOf: [{ type: 'object', properties: { in: { type: 'integer' } } }] },
    free: { type: 'object' },
    any: {},
    number: { type: 'number' },
    map: { type: 'object', additionalProperties: { type: 'integer' } },
    open: { type: 'object', properties: { a: { type: 'integer' } }, additionalProperties: true },
    patterned: {
      type: 'object',
      properties: { a: { type: 'integer' } },
      patternProperties: { '^x': { type: 'string' } },
    },
  },
  $defs: {
    line: {
      type: 'object',
      properties: { sku: { type: 'string' }, parts: list({ $ref: '#/$defs/line' }) },
    },
  },
}

const ITEM = {
  id: 1,
  state: 'paid',
  note: null,
  tags: ['x', 'y'],
  pair: [1, 'q'],
  either: null,
  rows: [[1, 2], [3]],
  mixed: [1],
  both: 2,
  kind: 'k',
  lines: [{ sku: 'a', parts: [{ sku: 'b' }] }],
  total: 2.5,
}
const ANSWERS = [
  {
    items: [ITEM, { ...ITEM, id: 2, mixed: 3, either: 'a', both: [4], note: 'n' }, { id: 3 }],
    next: 'n',
    owner: { name: 'o' },
    sure: { in: 1 },
    composed: { in: 1 },
    free: { a: [1] },
    any: [{ a: [1] }],
    number: 2,
    map: { k: 1, l: 2 },
    open: { a: 1, b: 't' },
    patterned: { a: 1, xb: 't' },
  },
  { items: [], next: null, owner: 'o', sure: 's' },
  { items: [{ ...ITEM, lines: [] }], any: 't', number: -1.5 },
]

/** An expression a line, parted by two blanks where several share one. */
const EXPRESSIONS = `
items  items[0]  items[-1].id  items[*].state  items[].lines  items[].lines[].parts[].sku  items[?state == 'paid']
items[].{a: id, b: note, c: lines[0].sku}  *  free  free.a[]  owner.name || next  [next, owner]  items[].total | [0]
max_by(items, &id).id  sort_by(items, &id)[*].id  map(&id, items)  not_null(next, owner)  type(@)  to_array(next)
items[0] && next  !items  items[].lines | [0][0].sku  join(',', items[].state)  reverse(items)[].id  to_string(items)
items[].note  \`{"a": 1}\`.a  items[*].lines[*].sku  items[].lines[*].sku[]  items.*  *.*  *[]  @.items  items[1:].tags
{a: nope}  items[].{a: nope}  [nope]  items[].[nope]  map(&nope, items)  items[].nope  items[].tags.x  map.*.x  nope
items[].nope[].x  nope.*  nope[]  nope[].{a: b}  {a: {b: nope}}  [[nope], {a: nope}]  {a: nope} | a  {a: nope} | *
{a: nope} | keys(@)  {a: nope} | to_string(@)  [nope] | length(@)  nope | !@  nope | type(@)  nope == \`1\`  !nope
nope | {a: 'x'}  nope | [@]  nope || next  nope && next  next || nope  not_null(nope, number)  type(nope)  nope || nada
items[?nope]  items[?!nope].id  items[?nope].nope  items[].nope | [0]  items[].nope | length(@)  reverse(items[].nope)
items[].nope | [].{a: 'x'}  items[].nope[0:1]  {a: nope, b: items}  {a: items[].nope}  items[0].nope  items.nope
max(items[].nope)  [nope, next]  items[].[id, nope]  {a: items[].nope, b: map.*.x}  items[].nope || map(&nope, items)
items[].rows[]  items[].rows[][]  items[].rows[].[@]  items[].mixed[]  items[*].mixed  items[*].mixed[]  items[].both[]
items[].pair[]  items[].pair[1]  items[*].pair[2]  items[].either  items[0].either  map(&note, items)  map(&tags[0], items)
map.*  patterned.*  patterned.xb  patterned.nope  open.*  values(map)  values(@)  map.k  merge(map, {z: number})
sum(items[].id)  avg(items[].id)  max(items[].id)  min(items[].state)  to_array(number)  to_number(number)  keys(map)
any[]  any[].a  any.a  any  any[0]  any.*  items[::2].id  items[?tags[0]=='x']  items[?tags].state  length(@)  abs(number)
reverse(items[0].state)  reverse(\`[1,2]\`)  sort(\`[2,1]\`)  reverse(items[0].pair)  sort(items[].state)  max_by(items, &id)  items[].kind  items | [0].kind  items[].tags | []
[items[0].id, number]  items[*].[id, state]  \`[1,2]\`[0]  \`null\`  items[0] || number  number && map  items[*].tags[*]
items[].{i: id} | [0].i  items[*].tags[0]  items[].tags[::-1]  contains(items[].id, \`1\`)  ceil(number)  sure  sure.in
composed  composed.in  {a: composed, b: sure.in}  items[0].lines[0]  min_by(items[?id>\`100\`], &id)
`
  .trim()
  .split(/\n|\s{2,}/)

/** What it holds, without lists and objects. */
function leavesOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [value]
}

describe('what is said of a filter holds of answers', () => {
  test.each(EXPRESSIONS)('S37 what %s selects of any answer fits what it says', (expression) => {
    const { schema: described = {}, selectsNothing } = describeFilter(expression, schema)
    for (const answer of ANSWERS) {
      let value: unknown
      try {
        value = jmespath.search(answer, expression)
      } catch {
        // A function that does not take what the answer has fails; nothing is selected.
        continue
      }
      const { $defs } = described
      const faults = checkSchema({ properties: { value: described }, ...($defs ? { $defs } : {}) }, { value })
      expect([JSON.stringify(value), faults]).toEqual([JSON.stringify(value), []])
      if (selectsNothing) expect(leavesOf(value).filter((leaf) => leaf !== null)).toEqual([])
    }
  })

  test('S37 some of these are said to select nothing, and no more than those of which it is so', () => {
    const nothing = EXPRESSIONS.filter((expression) => describeFilter(expression, schema).selectsNothing)
    expect(nothing).toEqual(
      expect.arrayContaining(['{a: nope}', 'items[].{a: nope}', '[[nope], {a: nope}]', 'map.*.x', 'items[].tags.x']),
    )
    expect(nothing).not.toContain('{a: nope, b: items}')
  })
})
