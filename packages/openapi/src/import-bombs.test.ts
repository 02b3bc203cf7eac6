import { describe, expect, test } from 'vitest'
import { definitionOf, openapi } from './testing/read-one.ts'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

function definitionWith(schemas: object, contentType = 'application/json') {
  const requestBody = { content: { [contentType]: { schema: ref('L0') } } }
  return definitionOf(openapi({ '/x': { post: { requestBody } } }, { components: { schemas } }))
}

/** Each level names the next one so many times. */
function levels(count: number, width: number, level: (inner: object[]) => object): Record<string, object> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, n) => {
      const inner = Array.from({ length: width }, (_, m) => ({ title: `t${m}`, ...ref(`L${n + 1}`) }))
      return [`L${n}`, level(inner)]
    }),
  )
}

describe('S23 a small document makes no large work', () => {
  test('an XML body of elements that contain themselves is told to a depth that fits', () => {
    const properties = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((key) => [key, ref('L0')]))
    const { operation } = definitionWith({ L0: { type: 'object', properties } }, 'application/xml')
    expect(JSON.stringify(operation.body).length).toBeLessThan(50_000)
    expect(operation.body!.contents[0]!.xml!.properties!.a!.properties!.b!.name).toBe('b')
  })

  test('an XML body of many elements has them all', () => {
    const names = Array.from({ length: 3_000 }, (_, n) => `p${n}`)
    const properties = Object.fromEntries(names.map((name) => [name, { xml: { attribute: true } }]))
    const { operation } = definitionWith({ L0: { type: 'object', properties } }, 'application/xml')
    expect(operation.body!.contents[0]!.xml!.properties!.p2999).toEqual({ name: 'p2999', attribute: true })
  })

  test.each(['application/json', 'application/xml'])('allOf of allOf, %s', (contentType) => {
    const schemas = levels(13, 5, (allOf) => ({ allOf }))
    const { wireSchema } = definitionWith(
      { ...schemas, L13: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] } },
      contentType,
    )
    expect(wireSchema.properties).toEqual({ a: { type: 'string' } })
  })

  test('allOf of allOf inside an argument', () => {
    const schemas = levels(13, 5, (allOf) => ({ allOf }))
    const L13 = { type: 'object', properties: { a: { type: 'string' } } }
    const { wireSchema } = definitionWith({
      ...schemas,
      L0: { type: 'object', properties: { q: ref('L1') } },
      L13,
    })
    expect(wireSchema.properties).toMatchObject({ q: { type: 'object', properties: { a: { type: 'string' } } } })
  })

  test('parts that all name each other', () => {
    const names = Array.from({ length: 24 }, (_, n) => `L${n}`)
    const schemas = Object.fromEntries(
      names.map((name, n) => [name, { allOf: names.map(ref), properties: { [`p${n}`]: { type: 'string' } } }]),
    )
    expect(Object.keys(definitionWith(schemas).wireSchema.properties as object)).toEqual(['body'])
  })
})
