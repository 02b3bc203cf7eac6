import { describe, expect, test } from 'vitest'
import { openapi, read } from './testing/read-one.ts'

const hashOf = (document: object) => read(document).operations[0]!.contentHash

describe('B15 what changes the definition changes the content hash', () => {
  const versions = (paths: object, more: object, versions: [string, string]) =>
    versions.map((version) => hashOf({ ...openapi(paths, more), openapi: version }))

  test('the tables of labels, and nothing else, of a later version', () => {
    const path = (style: string) => ({
      '/a/{x}': { get: { parameters: [{ name: 'x', in: 'path', required: true, style, schema: { type: 'array' } }] } },
    })
    const [before, after] = versions(path('label'), {}, ['3.0.3', '3.1.1'])
    expect(after).not.toBe(before)
    const [same, still] = versions(path('simple'), {}, ['3.0.3', '3.1.1'])
    expect(still).toBe(same)
  })

  test('keywords beside a reference, which 3.0 ignores', () => {
    const schema = { $ref: '#/components/schemas/A', maxLength: 3 }
    const components = { schemas: { A: { type: 'string' } } }
    const paths = { '/a': { get: { parameters: [{ name: 'x', in: 'query', schema }] } } }
    const [before, after] = versions(paths, { components }, ['3.0.3', '3.1.0'])
    expect(after).not.toBe(before)
  })

  test('a scheme that takes a parameter away', () => {
    const get = { parameters: [{ name: 'token', in: 'query' }], security: [{ key: [] }] }
    const withScheme = (name: string) =>
      openapi({ '/a': { get } }, { components: { securitySchemes: { key: { type: 'apiKey', in: 'query', name } } } })
    expect(hashOf(withScheme('token'))).not.toBe(hashOf(withScheme('other')))
  })

  test('a header of a part that stands elsewhere', () => {
    const schema = { type: 'object', properties: { f: { type: 'string' } } }
    const encoding = { f: { headers: { 'X-Kind': { $ref: '#/components/headers/Kind' } } } }
    const post = { requestBody: { content: { 'multipart/form-data': { schema, encoding } } } }
    const withKind = (kind: string) =>
      openapi({ '/a': { post } }, { components: { headers: { Kind: { schema: { const: kind } } } } })
    expect(hashOf(withKind('a'))).not.toBe(hashOf(withKind('b')))
  })
})
