import type { JsonSchema } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { parseJson } from './exact-json.ts'
import { checkSchema } from './schema-check.ts'

describe('checking a value', () => {
  const schema = {
    type: 'object',
    properties: {
      limit: { type: 'integer', maximum: 10 },
      sort: { enum: ['asc', 'desc'] },
      filter: { $ref: '#/$defs/F' },
    },
    required: ['limit'],
    additionalProperties: false,
    $defs: {
      F: {
        type: 'object',
        properties: {
          kids: { type: 'array', items: { $ref: '#/$defs/F' } },
          at: { type: 'string', format: 'date-time' },
        },
      },
    },
  }

  test('a value that fits has no faults', () => {
    expect(checkSchema(schema, { limit: 3, filter: { kids: [{ kids: [] }], at: '2026-01-01T00:00:00Z' } })).toEqual([])
  })

  test('all faults are told, with their path', () => {
    const faults = checkSchema(schema, { limit: 11, sort: 'up', nope: 1, filter: { kids: [{ at: 'today' }] } })
    expect(faults.map(({ path, keyword, property }) => [path, keyword, property])).toEqual([
      ['', 'additionalProperties', 'nope'],
      ['limit', 'maximum', undefined],
      ['sort', 'enum', undefined],
      ['filter.kids.0.at', 'format', undefined],
    ])
    expect(faults[2]!.message).toBe('must be one of "asc", "desc"')
  })

  test.each([
    [{ const: 'asc' }, 'up', 'must be "asc"'],
    [{ format: 'date-time' }, '2025-12-31', 'must match format "date-time", such as 2025-12-31T23:59:59Z'],
    [{ format: 'ipv4' }, 'x', 'must match format "ipv4"'],
  ])('B75 what %j wants is said', (schema, value, message) => {
    expect(checkSchema({ properties: { v: schema } }, { v: value })).toMatchObject([{ path: 'v', message }])
  })

  test('B56 an exact number is checked rounded', () => {
    const wide = { type: 'object', properties: { id: { type: 'integer' } } }
    expect(checkSchema(wide, parseJson('{"id":9007199254740993}'))).toEqual([])
    expect(
      checkSchema({ type: 'object', properties: { id: { type: 'string' } } }, parseJson('{"id":9007199254740993}')),
    ).toHaveLength(1)
  })

  test.each<[string, string, string, boolean]>([
    ['the same', '{"enum":[9007199254740993]}', '9007199254740993', true],
    ['one that is rounded alike', '{"enum":[9007199254740993]}', '9007199254740992', false],
    ['one beside', '{"enum":[9007199254740993,5]}', '5', true],
    ['a constant', '{"const":{"a":[9007199254740993]}}', '{"a":[9007199254740993]}', true],
    ['another constant', '{"const":{"a":[9007199254740993]}}', '{"a":[9007199254740995]}', false],
    ['a list that was rounded itself', '{"enum":[9007199254740992]}', '9007199254740993', true],
    ['a limit beyond 2^53', '{"maximum":9223372036854775807}', '9223372036854775807', true],
    ['more than that limit', '{"maximum":9223372036854775807}', '9223372036854785807', false],
    ['two that are apart', '{"uniqueItems":true}', '[9007199254740992,9007199254740993]', true],
    ['cents', '{"multipleOf":0.01}', '19.99', true],
    ['less than a cent', '{"multipleOf":0.01}', '19.999', false],
  ])('B23 B56 numbers are compared as they were written: %s', (_name, schema, value, fits) => {
    const faults = checkSchema(parseJson(`{"properties":{"v":${schema}}}`) as JsonSchema, parseJson(`{"v":${value}}`))
    expect(faults.length === 0).toBe(fits)
  })

  test('B63 a pattern that the linear engine does not know checks nothing', () => {
    expect(checkSchema({ type: 'string', pattern: '(?<=x)y(?!z)' }, 'anything')).toEqual([])
    expect(checkSchema({ type: 'string', pattern: '^\\d{3}$' }, '12')).toHaveLength(1)
  })

  test('two patterns of one schema are told apart', () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'string', pattern: '^a$' }, b: { type: 'string', pattern: '^b$' } },
    }
    expect(checkSchema(schema, { a: 'a', b: 'b' })).toEqual([])
    expect(checkSchema(schema, { a: 'b', b: 'a' })).toHaveLength(2)
  })

  test('S26 a pattern that makes others backtrack for ever answers', () => {
    expect(checkSchema({ type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(50_000)}b`)).toHaveLength(1)
  })

  test('a definition that cannot be compiled takes anything, and all else is checked', () => {
    const broken = {
      properties: { a: { $ref: '#/$defs/Bad' }, b: { $ref: '#/$defs/Never' }, c: { type: 'integer' } },
      $defs: { Bad: { type: 'object', required: 'id' }, Never: false },
    }
    expect(checkSchema(broken, { a: 1, c: 1 })).toEqual([])
    expect(checkSchema(broken, { b: 1, c: 'x' }).map(({ path }) => path)).toEqual(['b', 'c'])
  })

  test.each(['unevaluatedProperties', 'additionalProperties'])(
    'B47 %s sees what a reference beside it has as it should',
    (keyword) => {
      const schema = { $ref: '#/$defs/A', [keyword]: false, $defs: { A: { properties: { a: {} } } } }
      expect(checkSchema(schema, { a: 1 })).toHaveLength(keyword === 'unevaluatedProperties' ? 0 : 1)
      expect(checkSchema(schema, { b: 1 })).toHaveLength(1)
    },
  )

  test('a schema that cannot be compiled still checks the names', () => {
    const broken = { type: 'object', properties: { a: { $ref: '#/$defs/Missing' } }, additionalProperties: false }
    expect(checkSchema(broken, { a: 1 })).toEqual([])
    expect(checkSchema(broken, { b: 1 })).toHaveLength(1)
  })
})

describe('equality that trusts no value', () => {
  const odd = { valueOf: 1, toString: 2, constructor: 3, ['__proto__']: 4 }
  test.each<[string, object, unknown, boolean]>([
    ['two that differ', { uniqueItems: true }, [{ a: 1 }, { a: 2 }], true],
    [
      'two alike but for the order of keys',
      { uniqueItems: true },
      [
        { a: 1, b: [2] },
        { b: [2], a: 1 },
      ],
      false,
    ],
    ['1 and "1"', { uniqueItems: true }, [1, '1', true, 'true', null, 'null'], true],
    ['keys that objects have by themselves', { uniqueItems: true }, [odd, { ...odd }], false],
    ['the same, apart', { uniqueItems: true }, [odd, { ...odd, valueOf: 2 }], true],
    ['an enum of objects', { enum: [{ a: 1 }, odd] }, { ...odd }, true],
    ['another object', { enum: [{ a: 1 }] }, { a: 2 }, false],
    ['a constant object', { const: { a: { b: 1 } } }, { a: { b: 1 } }, true],
    ['another list', { const: [1, 2] }, [2, 1], false],
    ['twins that are allowed', { uniqueItems: false }, [1, 1], true],
  ])('%s', (_name, schema, value, fits) =>
    expect(checkSchema({ properties: { v: schema } }, { v: value }).length === 0).toBe(fits),
  )

  test('S27 a long list is looked at once', () => {
    const items = Array.from({ length: 50_000 }, (_, n) => ({ n }))
    expect(checkSchema({ uniqueItems: true }, items)).toEqual([])
    expect(checkSchema({ uniqueItems: true }, [...items, { n: 0 }])).toMatchObject([{ keyword: 'uniqueItems' }])
  })

  test('an enum says what it takes', () => {
    expect(checkSchema({ enum: ['a', 'b'] }, 'c')).toMatchObject([
      { keyword: 'enum', message: 'must be one of "a", "b"' },
    ])
  })

  test('a schema that is deeper than the stack refuses in words', () => {
    const schema = Array.from({ length: 3_000 }).reduce<object>((inner) => ({ items: inner }), { type: 'string' })
    expect(checkSchema(schema as never, 'x')).toEqual([])
    const value = Array.from({ length: 3_000 }).reduce<unknown>((inner) => [inner], 'x')
    expect(() => checkSchema(schema as never, value)).not.toThrow()
  })
})

describe('S27 a check ends, whatever the schema', () => {
  const branch = (n: number) => ({ title: `${n}`, properties: { a: { $ref: '#/$defs/N' } }, required: ['a'] })
  const schema = {
    type: 'object',
    properties: { n: { $ref: '#/$defs/N' } },
    $defs: { N: { type: 'object', anyOf: [branch(1), branch(2), branch(3)] } },
  }
  const nested = (levels: number) => Array.from({ length: levels }).reduce<unknown>((inner) => ({ a: inner }), {})

  test('a union of itself is given up, in words', () => {
    expect(checkSchema(schema, { n: nested(40) })).toEqual([
      { path: '', keyword: 'complexity', message: 'is too complex to be checked' },
    ])
    expect(checkSchema(schema, { n: nested(2) })).not.toEqual([])
  })

  test('a deep value of a union whose branches are told apart is checked all the same', () => {
    const form = (kind: string) => ({
      properties: { kind: { const: kind }, left: { $ref: '#/$defs/E' }, right: { $ref: '#/$defs/E' } },
    })
    const kinds = Array.from({ length: 12 }, (_, n) => `k${n}`)
    const expression = { $ref: '#/$defs/E', $defs: { E: { type: 'object', anyOf: kinds.map(form) } } }
    const tree = (levels: number): object =>
      levels === 0 ? { kind: 'k11' } : { kind: 'k11', left: tree(levels - 1), right: tree(levels - 1) }
    expect(checkSchema(expression, tree(6))).toEqual([])
  })

  test('a hundred patterns on ten thousand keys are given up', () => {
    const patternProperties = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`^(a|b)*x${n}`, {}]))
    const value = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`aab${n}`, 1]))
    expect(checkSchema({ patternProperties }, value)).toMatchObject([{ keyword: 'complexity' }])
  })

  test('a long list of ordinary items is none of that', () => {
    const item = { type: 'object', properties: { a: { type: 'integer' }, b: { enum: ['x'] } }, required: ['a'] }
    const items = Array.from({ length: 50_000 }, () => ({ a: 1, b: 'x' }))
    expect(checkSchema({ type: 'array', items: item }, items)).toEqual([])
  })
})

test('S20 a member that is not there is none, though every object has one of its name', () => {
  const constructorOf = { type: 'object', properties: { constructor: { type: 'string' } } }
  expect(checkSchema(constructorOf, { driver: 'x' })).toEqual([])
  expect(checkSchema({ required: ['toString'] }, {})).toHaveLength(1)
  expect(checkSchema({ required: ['toString'] }, Object.assign(Object.create(null), { a: {} }))).toHaveLength(1)
})

describe('formats refuse no more than they must', () => {
  test.each([
    ['url', 'http://localhost:3000/hook'],
    ['url', 'https://intranet/x'],
    ['date-time', '2024-01-02T03:04:05Z'],
    ['date-time', '2024-01-02T03:04:05.123'],
    ['time', '10:00:00'],
    ['time', '10:00'],
    ['duration', 'PT1H'],
    ['duration', '01:30:00'],
    ['duration', '1h30m'],
    ['regex', '(?i)^abc$'],
    ['of-its-own', 'anything'],
  ])('%s takes %s', (format, value) => expect(checkSchema({ type: 'string', format }, value)).toEqual([]))

  test.each([
    ['date-time', 'tomorrow'],
    ['date-time', '2024-13-02T03:04:05Z'],
    ['time', '25:00:00'],
    ['date', '2024-02-30'],
    ['uri', 'no uri'],
  ])('%s does not take %s', (format, value) => {
    expect(checkSchema({ type: 'string', format }, value).map(({ keyword }) => keyword)).toEqual(['format'])
  })
})
