import { checkSchema, parseJson } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import { inferSchema } from './infer-schema.ts'

const inferred = (text: string) => {
  const { examples, ...schema } = inferSchema(parseJson(text))
  return schema
}

describe('inferring a schema from a sample', () => {
  test.each([
    ['"a"', { type: 'string' }],
    ['1', { type: 'integer' }],
    ['1.5', { type: 'number' }],
    ['9007199254740993', { type: 'integer' }],
    ['0.12345678901234567890', { type: 'number' }],
    ['true', { type: 'boolean' }],
    ['null', {}],
    ['[]', { type: 'array' }],
    ['{}', { type: 'object', properties: {} }],
    ['[1, 2]', { type: 'array', items: { type: 'integer' } }],
    ['[1, 2.5]', { type: 'array', items: { type: 'number' } }],
    ['[1, "a", true]', { type: 'array', items: { type: ['integer', 'string', 'boolean'] } }],
    ['["a", null]', { type: 'array', items: { type: ['string', 'null'] } }],
    [
      '[9007199254740993, {"a": 1}]',
      { type: 'array', items: { type: ['integer', 'object'], properties: { a: { type: 'integer' } } } },
    ],
    ['[null]', { type: 'array', items: {} }],
    ['[[1], ["a"], []]', { type: 'array', items: { type: 'array', items: { type: ['integer', 'string'] } } }],
    [
      '[{"a": 1}, {"a": null, "b": {"c": true}}, "x"]',
      {
        type: 'array',
        items: {
          type: ['object', 'string'],
          properties: {
            a: { type: ['integer', 'null'] },
            b: { type: 'object', properties: { c: { type: 'boolean' } } },
          },
        },
      },
    ],
    [
      '{"__proto__": {"a": 1}}',
      JSON.parse(
        '{"type":"object","properties":{"__proto__":{"type":"object","properties":{"a":{"type":"integer"}}}}}',
      ),
    ],
  ])('%s', (text, want) => expect(inferred(text)).toStrictEqual(want))

  test('the sample is the example of the root alone', () => {
    const sample = { a: { b: [1] } }
    const schema = inferSchema(sample)
    expect(schema.examples).toEqual([sample])
    expect(JSON.stringify(schema).match(/examples/g)).toHaveLength(1)
  })

  test('nothing is required, and nothing more is forbidden', () => {
    const schema = inferSchema({ a: 1, b: { c: 'x' } })
    expect([{}, { a: 2, more: true }, { b: {} }].map((value) => checkSchema(schema, value))).toEqual([[], [], []])
    expect(checkSchema(schema, { b: { c: 1 } })).toMatchObject([{ path: 'b.c' }])
  })

  test('below 64 levels any value is taken, however deep the sample is', () => {
    let sample: unknown = 1
    for (let n = 0; n < 100_000; n++) sample = n % 2 ? [sample] : { a: sample }
    const { examples: _examples, ...schema } = inferSchema(sample)
    const levels = JSON.stringify(schema).match(/"type"/g)!.length
    expect(levels).toBe(65)
  })
})
