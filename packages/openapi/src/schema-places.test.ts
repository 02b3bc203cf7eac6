import { checkSchema } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import { importSpec } from './import-spec.ts'
import { type ImportSource, missingUrls } from './open-source.ts'
import { definitions } from './testing/read-one.ts'
import { packFiles } from './unpack-archive.ts'

const read = (source: ImportSource) => importSpec(source, { countTokens: () => 1 })
const archive = (files: Record<string, object>) =>
  packFiles(new Map(Object.entries(files).map(([name, file]) => [name, JSON.stringify(file)])))

/** What the only operation of a document takes, references followed one step, and what was said of it. */
function taken(source: ImportSource) {
  const spec = read(source)
  const [{ operation }] = definitions(spec) as [ReturnType<typeof definitions>[number]]
  const { properties, $defs = {} } = operation.inputSchema as { properties: object; $defs?: Record<string, unknown> }
  const types = Object.entries(properties).map(([name, schema]: [string, { $ref?: string; type?: string }]) => {
    const target = schema.$ref ? ($defs[schema.$ref.slice('#/$defs/'.length)] as { type?: string }) : schema
    return [name, target.type]
  })
  return { types: Object.fromEntries(types), codes: spec.diagnostics.map(({ code }) => code) }
}

const posting = (properties: object, more: object = {}) => ({
  openapi: '3.2.0',
  info: { title: 'T', version: '1' },
  servers: [{ url: 'https://api.test' }],
  paths: {
    '/x': {
      post: { requestBody: { content: { 'application/json': { schema: { type: 'object', properties } } } } },
    },
  },
  ...more,
})
const A = { type: 'integer' }
const text = (document: object) => ({ text: JSON.stringify(document) })

describe('B15 references to what a document calls itself (OpenAPI 3.2 4.1.2.2)', () => {
  const $self = 'https://ex.test/api/openapi.yaml'

  test('by its whole URI, and relative to that', () => {
    const properties = {
      a: { $ref: `${$self}#/components/schemas/A` },
      b: { $ref: 'openapi.yaml#/components/schemas/A' },
      c: { $ref: '#/components/schemas/A' },
    }
    const document = posting(properties, { $self, components: { schemas: { A } } })
    expect(taken(text(document))).toEqual({ types: { a: 'integer', b: 'integer', c: 'integer' }, codes: [] })
    expect(missingUrls(text(document))).toEqual([])
  })

  test('also of another file, whatever its path', () => {
    const shared = { $self: 'https://ex.test/shared', openapi: '3.2.0', components: { schemas: { A } } }
    const main = posting({ a: { $ref: '../shared#/components/schemas/A' } }, { $self })
    const bytes = archive({ 'openapi.json': main, 'deep/other.json': shared })
    expect(taken({ bytes, entry: 'openapi.json' })).toEqual({ types: { a: 'integer' }, codes: [] })
  })
})

describe('B49 B64 references to schemas by URIs of their own (JSON Schema 2020-12, Core 8.2.1)', () => {
  test('are relative to the nearest', () => {
    const schemas = {
      One: {
        $id: 'https://ex.test/one',
        $defs: { C: { type: 'boolean' }, D: { $anchor: 'named', type: 'array' } },
        type: 'object',
        properties: {
          c: { $ref: '#/$defs/C' },
          d: { $ref: '#named' },
          e: { $ref: '/two' },
          f: { $ref: 'https://ex.test/two#/properties/z' },
        },
      },
      Two: { $id: 'https://ex.test/two', type: 'object', properties: { z: A } },
    }
    const properties = { one: { $ref: '#/components/schemas/One' }, by: { $ref: 'https://ex.test/two' } }
    const spec = read(text(posting(properties, { components: { schemas } })))
    expect(spec.diagnostics).toEqual([])
    const [{ wireSchema }] = definitions(spec) as [ReturnType<typeof definitions>[number]]
    expect(wireSchema.properties).toMatchObject({
      one: {
        properties: {
          c: { type: 'boolean' },
          d: { type: 'array' },
          e: { type: 'object', properties: { z: { type: 'integer' } } },
          f: { type: 'integer' },
        },
      },
      by: { type: 'object', properties: { z: { type: 'integer' } } },
    })
  })

  test('of files that nothing else leads to', () => {
    const pet = { $id: 'https://ex.test/schemas/pet', type: 'object', properties: { owner: { $ref: 'owner' } } }
    const owner = { $id: 'https://ex.test/schemas/owner', type: 'string' }
    const bytes = archive({
      'openapi.json': posting({ pet: { $ref: 'https://ex.test/schemas/pet' }, owner: { $ref: 'o.json' } }),
      'a/p.json': pet,
      'o.json': owner,
    })
    expect(taken({ bytes })).toEqual({ types: { pet: 'object', owner: 'string' }, codes: [] })
  })

  test('where a schema has one that its references do not mean, they lead where they did', () => {
    const $id = 'http://example.com/example.json'
    const schemas = { A, B: { $id, type: 'object', properties: { a: { $ref: '#/components/schemas/A' } } } }
    const document = posting({ b: { $ref: '#/components/schemas/B' } }, { components: { schemas } })
    const spec = read(text(document))
    expect(spec.diagnostics).toEqual([])
    expect(JSON.stringify(definitions(spec)[0]!.wireSchema)).toContain('"a":{"type":"integer"}')
  })

  test('a name that a dynamic reference may find in several is none', () => {
    const Page = {
      $id: 'https://ex.test/page',
      $defs: { item: { $dynamicAnchor: 'item', not: {} } },
      type: 'object',
      properties: { data: { type: 'array', items: { $dynamicRef: '#item' } } },
    }
    const pets = {
      $id: 'https://ex.test/pets',
      $defs: { item: { $dynamicAnchor: 'item', $ref: '#/components/schemas/A' } },
      $ref: '#/components/schemas/Page',
    }
    const spec = read(text(posting({ pets }, { components: { schemas: { A, Page } } })))
    expect(spec.diagnostics.map(({ code }) => code)).toEqual(['ref-missing'])
    const [{ operation, wireSchema }] = definitions(spec) as [ReturnType<typeof definitions>[number]]
    expect(wireSchema.properties).toMatchObject({ pets: { properties: { data: { type: 'array', items: {} } } } })
    expect(checkSchema(operation.inputSchema, { pets: { data: [1, 'x'] } })).toEqual([])
  })

  test('one that several have leads nowhere, and is told', () => {
    const same = { $id: 'https://ex.test/same', type: 'integer' }
    const schemas = { P: same, Q: { ...same, type: 'string' } }
    const { codes } = taken(text(posting({ s: { $ref: 'https://ex.test/same' } }, { components: { schemas } })))
    expect(codes).toEqual(['ref-external'])
  })

  test('names that are no text, and long lists, break nothing', () => {
    const schemas = { 'a\uD800': { $id: 'https://ex.test/odd', type: 'integer' }, A }
    const properties = { s: { $ref: 'https://ex.test/odd' }, t: { $ref: '#/components/schemas/A' } }
    const document = posting(properties, { components: { schemas }, 'x-list': Array(200_000).fill(0) })
    expect(taken(text(document)).types).toMatchObject({ t: 'integer' })
  })

  test('a property of that name is none', () => {
    const properties = { $id: { type: 'string' }, a: { $ref: '#/components/schemas/A' } }
    expect(taken(text(posting(properties, { components: { schemas: { A } } }))).codes).toEqual([])
  })
})
