import { describe, expect, test } from 'vitest'
import { stringifyJson } from './exact-json.ts'
import { healValue } from './heal-value.ts'

const SCHEMA = {
  type: 'object',
  properties: {
    count: { type: 'integer' },
    ratio: { type: ['number', 'null'] },
    flag: { type: 'boolean' },
    name: { type: 'string' },
    tags: { type: 'array', items: { type: 'integer' } },
    filter: { $ref: '#/$defs/Filter' },
    either: { anyOf: [{ type: 'string' }, { type: 'object' }] },
    union: { anyOf: [{ type: 'integer' }, { type: 'array' }] },
    map: { type: 'object', additionalProperties: { type: 'integer' } },
    any: {},
    method: { type: 'string', enum: ['GET', 'POST'] },
    both: { type: 'string', enum: ['ab', 'Ab'] },
    cased: { type: ['string', 'null'], enum: ['a', 'A', null] },
    names: { type: ['array', 'null'], items: { type: 'string' } },
    methods: { type: 'array', items: { $ref: '#/$defs/Method' } },
    objects: { type: 'array', items: { type: 'object' } },
    only: { const: 'asc' },
    perhaps: { anyOf: [{ $ref: '#/$defs/Method' }, { $ref: '#/$defs/Method' }, { type: 'null' }] },
    state: { $ref: '#/$defs/State' },
    states: { type: 'array', items: { $ref: '#/$defs/State' } },
    open: { anyOf: [{ enum: ['CA'] }, { type: 'string' }] },
    answer: { type: 'string', enum: ['true', 'false', 'maybe'] },
    answers: { type: 'array', items: { enum: ['TRUE', 'FALSE'] } },
    sorts: { type: 'array', items: { enum: ['asc', 'desc', 'asc,desc'] } },
  },
  required: ['name'],
  $defs: {
    State: { anyOf: [{ type: 'string', enum: ['CA', 'AM'] }, { oneOf: [{ const: 'PZ' }, { const: 'Am' }] }] },
    Method: { type: 'string', enum: ['GET', 'POST'] },
    Filter: {
      allOf: [{ type: 'object', properties: { limit: { type: 'integer' }, inner: { $ref: '#/$defs/Filter' } } }],
    },
  },
}

const heal = (value: unknown) => JSON.parse(stringifyJson(healValue(SCHEMA, value)))

describe('what was meant beyond doubt is healed', () => {
  test.each([
    ['B69 an object written as text', { filter: '{"limit": "5"}' }, { filter: { limit: 5 } }],
    ['B70 an integer written as a decimal is plain', { count: '5.0' }, { count: 5 }],
    ['B70, or with an exponent', { count: '1e3' }, { count: 1000 }],
    ['B69 a list written as text', { tags: '[1, "2"]' }, { tags: [1, 2] }],
    ['B69 text where text is allowed stays text', { either: '{"a":1}' }, { either: '{"a":1}' }],
    ['B69 text that is no JSON stays, for the check to refuse', { filter: '{limit' }, { filter: '{limit' }],
    ['B70 digits for an integer', { count: '5', union: '7' }, { count: 5, union: 7 }],
    ['B70 a decimal for a number', { ratio: '-0.5e3' }, { ratio: -500 }],
    ['B70 true and false', { flag: 'true' }, { flag: true }],
    ['B70 true and false as Python writes them', { flag: 'False' }, { flag: false }],
    ['B70 true for a listed text', { answer: true, answers: [false] }, { answer: 'true', answers: ['FALSE'] }],
    ['B70 true for a text that is not listed stays', { method: true, name: true }, { method: true, name: true }],
    ['B70 digits for a text stay text', { name: '5' }, { name: '5' }],
    ['B70 what only looks like a number stays', { count: '5 apples' }, { count: '5 apples' }],
    ['a number for a text becomes text', { name: 42 }, { name: '42' }],
    ['B73 null for an optional value that takes none is left out', { count: null, flag: null, tags: null }, {}],
    ['B73 null stays where it is allowed', { ratio: null, any: null }, { ratio: null, any: null }],
    ['B73 null for a required value stays, for the check to refuse', { name: null }, { name: null }],
    ['values of a map', { map: { a: '1' } }, { map: { a: 1 } }],
    [
      'deeper levels, through references',
      { filter: { inner: { inner: { limit: '3' } } } },
      { filter: { inner: { inner: { limit: 3 } } } },
    ],
    ['B70 a listed value in another case', { method: 'get' }, { method: 'GET' }],
    ['B70 the only value in another case', { only: 'ASC' }, { only: 'asc' }],
    ['B70 a listed value in another case that may be either stays', { both: 'AB' }, { both: 'AB' }],
    ['B70 a listed value stays what it is', { cased: 'a' }, { cased: 'a' }],
    ['B70 a value that is not listed stays', { method: 'fetch' }, { method: 'fetch' }],
    ['B70 a word for a list of words', { names: 'one' }, { names: ['one'] }],
    ['B70 a word for a list, in another case', { methods: 'post' }, { methods: ['POST'] }],
    ['B70 a number for a list of numbers', { tags: 5 }, { tags: [5] }],
    ['B70 digits for a list of numbers', { tags: '5' }, { tags: [5] }],
    ['B70 a value that one of several lists has', { state: 'ca' }, { state: 'CA' }],
    ['B70 a value that two lists have in other cases', { state: 'am' }, { state: 'am' }],
    ['B70 a listed value that may be null', { perhaps: 'Get' }, { perhaps: 'GET' }],
    ['B70 values of several lists between commas', { states: 'CA,pz' }, { states: ['CA', 'PZ'] }],
    ['B70 a value beside lists that is none of theirs', { either: 'ca', open: 'ca' }, { either: 'ca', open: 'ca' }],
    ['B70 listed values between commas', { methods: 'post, GET' }, { methods: ['POST', 'GET'] }],
    ['B70 a listed value that has a comma itself', { sorts: 'asc,desc' }, { sorts: ['asc,desc'] }],
    ['B70 numbers between commas, which may be one, stay', { tags: '1,234' }, { tags: '1,234' }],
    ['B70 what is not listed between commas stays', { methods: 'post,fetch' }, { methods: 'post,fetch' }],
    ['B70 what is no number between commas stays', { tags: '1,,2' }, { tags: '1,,2' }],
    ['B70 what may be several stays', { names: 'one, two' }, { names: 'one, two' }],
    ['B70 a broken list stays', { names: '["one"' }, { names: '["one"' }],
    ['B70 a word for a list of something else stays', { tags: 'one', objects: 'one' }, { tags: 'one', objects: 'one' }],
    ['B70 a number where a list is one of two stays', { union: 7 }, { union: 7 }],
    ['unknown arguments stay, for the check to refuse', { nope: '5' }, { nope: '5' }],
  ])('%s', (_name, given, want) => expect(heal(given)).toEqual(want))

  test('B56 an integer of many digits keeps them all', () => {
    expect(stringifyJson(healValue(SCHEMA, { count: '9007199254740993' }))).toBe('{"count":9007199254740993}')
  })

  test('B93 a key named __proto__ is data and changes no prototype', () => {
    const given = JSON.parse('{"__proto__": {"polluted": true}, "count": "1"}')
    const healed = healValue(SCHEMA, given) as Record<string, unknown>
    expect(Object.keys(healed)).toEqual(['__proto__', 'count'])
    expect(({} as { polluted?: boolean }).polluted).toBe(undefined)
  })

  test('the value given is not changed', () => {
    const given = { tags: '[1]', filter: { limit: '1' } }
    healValue(SCHEMA, given)
    expect(given).toEqual({ tags: '[1]', filter: { limit: '1' } })
  })

  test('S27 unions of unions are looked at once each', () => {
    const levels = Array.from({ length: 8 }, (_, n) => [
      `L${n}`,
      { anyOf: Array.from({ length: 8 }, (_, m) => ({ title: `${m}`, $ref: `#/$defs/L${n + 1}` })) },
    ])
    const last = { type: 'object', properties: { a: { type: 'integer' } } }
    const schema = { $ref: '#/$defs/L0', $defs: { ...Object.fromEntries(levels), L8: last } }
    expect(healValue(schema, { a: '5' })).toEqual({ a: 5 })
  })

  const shown = { type: 'object', properties: { $top: { type: 'integer' } } }
  test.each<[string, object, unknown, unknown]>([
    [
      'a list that may be null',
      { anyOf: [{ type: 'array', items: shown }, { type: 'null' }] },
      [{ top: '5' }],
      [{ $top: 5 }],
    ],
    [
      'a tuple',
      { type: 'array', prefixItems: [{ type: 'integer' }, shown], items: { type: 'boolean' } },
      ['1', { top: '5' }, 'true'],
      [1, { $top: 5 }, true],
    ],
    [
      'keys by pattern',
      { type: 'object', patternProperties: { '^x': shown } },
      { x1: { top: '5' } },
      { x1: { $top: 5 } },
    ],
    [
      'what holds under a condition',
      {
        type: 'object',
        if: {},
        ...Object.fromEntries([['then', shown]]),
        else: { properties: { $skip: { type: 'integer' } } },
      },
      { top: '5', skip: '6' },
      { $top: 5, $skip: 6 },
    ],
    [
      'free keys of a branch',
      { anyOf: [{ type: 'object', additionalProperties: shown }, { type: 'null' }] },
      { a: { top: '5' } },
      { a: { $top: 5 } },
    ],
  ])('B40 B16 names are found again in %s', (_name, schema, given, want) =>
    expect(JSON.parse(stringifyJson(healValue({ properties: { l: schema } }, { l: given })))).toEqual({ l: want }),
  )

  test('B40 two branches that show one key are told apart by what else is given', () => {
    const branch = (t: unknown, ...names: string[]) => ({
      type: 'object',
      properties: { ...Object.fromEntries(names.map((name) => [name, { type: 'string' }])), t: { enum: [t] } },
    })
    const schema = { anyOf: [branch('1', 'x:y'), branch('2', 'x.y', 'x y'), { $ref: '#/$defs/Third' }] }
    const root = { ...schema, $defs: { Third: branch(3, 'x/y') } }
    const healed = (value: object) => ({ ...(healValue(root, value) as object) })
    expect(healed({ t: '1', x_y: '5' })).toEqual({ t: '1', 'x:y': '5' })
    expect(healed({ t: '2', x_y: '5' })).toEqual({ t: '2', 'x y': '5' })
    expect(healed({ t: 3, x_y: '5' })).toEqual({ t: 3, 'x/y': '5' })
  })

  test('B16 two branches that show one key are told apart by the value', () => {
    const branch = (name: string, type: string) => ({ type: 'object', properties: { [name]: { type } } })
    const schema = { anyOf: [branch('a b', 'integer'), branch('a_b', 'string')] }
    expect({ ...(healValue(schema, { a_b: 5 }) as object) }).toEqual({ 'a b': 5 })
    expect({ ...(healValue(schema, { a_b: '5' }) as object) }).toEqual({ a_b: '5' })
  })
})
