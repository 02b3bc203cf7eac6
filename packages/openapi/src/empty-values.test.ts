import { CallFailure } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { bodyText, headerOf, openapi, requestFor, targetFor, withParameter } from './testing/read-one.ts'

/** RFC 6570 2.3: null has no form, nor has a list or an object of nothing else. */
const EMPTY: unknown[] = [[], {}, [null], { a: null }, null]
const SOME: Array<[unknown, string]> = [
  [[1, null, 2], '1,2'],
  [{ a: null, b: 2 }, 'b,2'],
]

const parameter = (place: string, more: object = {}) => withParameter({ name: 'v', in: place, schema: {}, ...more })

describe('B92 what has no form is left out', () => {
  test.each(EMPTY.map((value) => [value]))('%j of a query, a header, a cookie', (v) => {
    expect(targetFor(parameter('query'), { v })).toBe('/x')
    expect(targetFor(parameter('query', { style: 'deepObject' }), { v })).toBe('/x')
    expect(headerOf(requestFor(parameter('header'), { v }), 'v')).toBeUndefined()
    expect(headerOf(requestFor(parameter('cookie'), { v }), 'cookie')).toBeUndefined()
  })

  test.each(SOME)('the nulls of %j', (v, want) => {
    expect(targetFor(parameter('query', { explode: false }), { v })).toBe(`/x?v=${want}`)
    expect(headerOf(requestFor(parameter('header'), { v }), 'v')).toBe(want)
    expect(headerOf(requestFor(parameter('cookie', { explode: false }), { v }), 'cookie')).toBe(`v=${want}`)
    expect(targetFor(parameter('path'), { v })).toBe(`/x/${want}/y`)
  })

  test('an empty text is a value, and so is null in a content of JSON', () => {
    expect(headerOf(requestFor(parameter('header'), { v: '' }), 'v')).toBe('')
    const json = parameter('header', { schema: undefined, content: { 'application/json': {} } })
    expect(headerOf(requestFor(json, { v: [null] }), 'v')).toBe('[null]')
    expect(headerOf(requestFor(json, { v: [] }), 'v')).toBe('[]')
  })
})

describe('B83 a path needs a value', () => {
  test.each([[[]], [{}], [[null]], [{ a: null }], [null], [['']], [['', null]]])('%j is refused', (v) => {
    for (const style of ['simple', 'label', 'matrix'])
      expect(() => targetFor(parameter('path', { style }), { v })).toThrow(CallFailure)
  })
})

describe('B107 B108 a form leaves null out', () => {
  const sent = (type: string, encoding: object, f: unknown) => {
    const content = { [type]: { schema: { type: 'object', properties: { f: {}, g: {} } }, encoding: { f: encoding } } }
    return bodyText(requestFor(openapi({ '/x': { post: { requestBody: { content } } } }), { f, g: 1 }))
  }

  test.each<[object, unknown, string]>([
    [{}, [1, null, 2], 'f=1&f=2&g=1'],
    [{ explode: false }, [1, null, 2], 'f=1,2&g=1'],
    [{ contentType: 'application/json' }, ['a', null], 'f=%22a%22&g=1'],
    [{}, [null], 'g=1'],
    [{}, [], 'g=1'],
    [{}, null, 'g=1'],
    [{ style: 'deepObject' }, { a: null, b: [null, 1] }, 'f[b][]=1&g=1'],
    [{}, { a: null }, 'f=%7B%22a%22%3Anull%7D&g=1'],
  ])('urlencoded with %j: %j', (encoding, value, want) =>
    expect(sent('application/x-www-form-urlencoded', encoding, value)).toBe(want),
  )

  test.each<[object, unknown, number]>([
    [{}, [1, null, 2], 2],
    [{ explode: false }, [1, null, 2], 1],
    [{}, [null], 0],
    [{}, null, 0],
  ])('multipart with %j: %j is %d parts', (encoding, value, want) => {
    expect(sent('multipart/form-data', encoding, value)!.match(/name="f"/g) ?? []).toHaveLength(want)
  })
})
