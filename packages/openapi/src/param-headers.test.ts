import { describe, expect, test } from 'vitest'
import { importSpec } from './import-spec.ts'
import { readDefinition } from './read-definition.ts'

function read(parameters: object[]) {
  const document = { openapi: '3.1.0', info: {}, paths: { '/things': { get: { parameters } } } }
  const { operations, diagnostics } = importSpec({ text: JSON.stringify(document) }, { countTokens: () => 1 })
  const { wireSchema } = readDefinition(operations[0]!.definition)
  return { properties: wireSchema.properties as Record<string, object>, diagnostics }
}

const query = (name: string, schema: object, more: object = {}) => ({ name, in: 'query', schema, ...more })

describe('x-mcp-header, by which a client repeats an argument in a header', () => {
  test('of a parameter or of its schema is told to clients', () => {
    const { properties, diagnostics } = read([
      query('region', { type: 'string' }, { 'x-mcp-header': 'Region' }),
      query('tenant', { type: 'integer', 'x-mcp-header': 'Tenant-Id' }),
      query('dry', { type: 'boolean' }),
    ])
    expect(properties.region).toHaveProperty('x-mcp-header', 'Region')
    expect(properties.tenant).toHaveProperty('x-mcp-header', 'Tenant-Id')
    expect(properties.dry).not.toHaveProperty('x-mcp-header')
    expect(diagnostics).toEqual([])
  })

  test.each([
    ['no text', query('a', { type: 'string' }, { 'x-mcp-header': 1 }), /is no name of a header/],
    ['no token', query('a', { type: 'string' }, { 'x-mcp-header': 'a b' }), /is no name of a header/],
    ['nothing', query('a', { type: 'string' }, { 'x-mcp-header': '' }), /is no name of a header/],
    ['a number', query('a', { type: 'number' }, { 'x-mcp-header': 'A' }), /no text, integer or flag/],
    ['a list', query('a', { type: 'array', items: {} }, { 'x-mcp-header': 'A' }), /no text, integer or flag/],
  ])('%s is left out and told, since clients would drop the tool', (_name, parameter, message) => {
    const { properties, diagnostics } = read([parameter])
    expect(properties.a).not.toHaveProperty('x-mcp-header')
    expect(diagnostics).toMatchObject([{ code: 'mcp-header-ignored', message: expect.stringMatching(message) }])
  })

  test('the same name for two arguments is for the first', () => {
    const { properties, diagnostics } = read([
      query('a', { type: 'string' }, { 'x-mcp-header': 'Same' }),
      query('b', { type: 'string' }, { 'x-mcp-header': 'SAME' }),
    ])
    expect([properties.a, properties.b]).toMatchObject([{ 'x-mcp-header': 'Same' }, { type: 'string' }])
    expect(diagnostics).toMatchObject([{ code: 'mcp-header-ignored' }])
  })
})
