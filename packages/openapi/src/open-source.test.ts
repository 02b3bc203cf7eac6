import type { ReadSpec } from '@sluice/contract'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { importSpec } from './import-spec.ts'
import { type ImportSource, missingUrls } from './open-source.ts'
import { definitions } from './testing/read-one.ts'
import { packFiles } from './unpack-archive.ts'

const read = (source: ImportSource): ReadSpec => importSpec(source, { countTokens: () => 1 })
const archive = (files: Record<string, string>) => packFiles(new Map(Object.entries(files)))

const SEVERAL = {
  'api/openapi.yaml': `
openapi: 3.1.0
info: {title: Several, version: '1'}
servers: [{url: 'https://api.test'}]
paths:
  /pets/{id}: {$ref: 'paths/pet.yaml'}
`,
  'api/paths/pet.yaml': `
parameters:
  - {$ref: '../parameters.yaml#/Id'}
put:
  operationId: putPet
  requestBody:
    content:
      application/json: {schema: {$ref: '../../schemas/pet.json'}}
`,
  'api/parameters.yaml': 'Id: {name: id, in: path, required: true, schema: {type: integer}}',
  'schemas/pet.json': JSON.stringify({
    type: 'object',
    properties: {
      name: { type: 'string' },
      friend: { $ref: '#' },
      $ref: { type: 'string', default: 'data' },
      owner: { $ref: 'people/owner%20of.yaml#/definitions/Owner' },
    },
  }),
  'schemas/people/owner of.yaml': 'definitions: {Owner: {type: object, properties: {name: {type: string}}}}',
  'notes.txt': 'not a document',
  'broken.yaml': '{',
}

describe('documents of several files', () => {
  test('B7 B9 B15 an archive is read as one document, across folders, with cycles', () => {
    const spec = read({ bytes: archive(SEVERAL) })
    expect(spec.diagnostics.map(({ code }) => code)).toEqual(['schema-elided'])
    const [{ operation }] = definitions(spec) as [ReturnType<typeof definitions>[number]]
    expect(operation.inputSchema.properties).toMatchObject({ id: { type: 'integer' }, name: { type: 'string' } })
    expect(operation.parameters).toMatchObject([{ name: 'id', in: 'path' }])
    expect(Object.keys(operation.inputSchema.properties as object)).toEqual(['id', 'name', 'friend', 'ref', 'owner'])
    expect(JSON.stringify(operation.inputSchema.$defs)).toContain('"name":{"type":"string"}')
    expect(JSON.stringify(operation.inputSchema)).not.toMatch(/yaml|schemas|x-sluice/)
  })

  test('a diagnostic says the file, and the line there', () => {
    const files = {
      ...SEVERAL,
      'api/parameters.yaml': '\n\nId: {name: id, in: path, required: true, schema: {type: int}}',
    }
    const [diagnostic] = read({ bytes: archive(files) }).diagnostics
    expect(diagnostic).toMatchObject({
      code: 'type-unknown',
      file: 'api/parameters.yaml',
      pointer: '/Id/schema/type',
      line: 3,
    })
  })

  test('B11 B15 what is not there, and what lies outside, is said and not read', () => {
    const { 'api/parameters.yaml': _gone, ...files } = SEVERAL
    const spec = read({ bytes: archive({ ...files, 'schemas/pet.json': '{"$ref": "../../../../etc/passwd"}' }) })
    expect(spec.coverage.imported).toBe(1)
    expect(spec.diagnostics.map(({ code }) => code)).toEqual(expect.arrayContaining(['ref-external']))
    expect(spec.diagnostics[0]!.message).toContain(
      'api/parameters.yaml#/Id lies in another document, which was not given',
    )
    for (const reference of ['file:///etc/passwd', '/etc/passwd', 'http://169.254.169.254/x']) {
      const only = { ...SEVERAL, 'schemas/pet.json': JSON.stringify({ $ref: reference }) }
      expect(read({ bytes: archive(only) }).diagnostics.map(({ code }) => code)).toContain('ref-external')
    }
  })

  test('the document to begin with is found, or asked for', () => {
    const api = 'openapi: 3.1.0\ninfo: {title: A, version: "1"}\npaths: {}'
    expect(read({ bytes: archive({ 'x/deep/other.yaml': api, 'x/openapi.yaml': api }) }).title).toBe('A')
    const two = archive({ 'one.yaml': api, 'two.yaml': api.replace('title: A', 'title: B') })
    expect(() => read({ bytes: two })).toThrow(/Several files/)
    expect(read({ bytes: two, entry: 'two.yaml' }).title).toBe('B')
    expect(() => read({ bytes: two, entry: 'three.yaml' })).toThrow(/no file "three.yaml"/)
    expect(() => read({ bytes: archive({ 'a.json': '{}' }) })).toThrow(/No file/)
  })

  test('S23 an archive that claims or holds too much is refused before it is unpacked', () => {
    const bomb = zipSync({ 'openapi.json': new Uint8Array(70 * 1024 * 1024) })
    expect(() => read({ bytes: bomb })).toThrow(/more than 64 MB/)
    const lying = Buffer.from(zipSync({ 'openapi.json': strToU8(' '.repeat(1_000_000)) }))
    // The uncompressed size in the central directory (APPNOTE 4.3.12), made small.
    const directory = lying.indexOf(Buffer.from('504b0102', 'hex'))
    lying.writeUInt32LE(10, directory + 24)
    expect(() => read({ bytes: lying })).toThrow()
    expect(() => read({ bytes: Buffer.from('504b0304ffff', 'hex') })).toThrow(/broken/)
  })

  test('S25 only what was fetched for it is read from the network, and what is missing is named', () => {
    const url = 'https://api.test/specs/openapi.json'
    const text = JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'T', version: '1' },
      paths: {
        '/a': { get: { parameters: [{ $ref: 'common.json#/P' }, { $ref: 'openapi.json#/components/parameters/Q' }] } },
      },
      components: { parameters: { Q: { name: 'q', in: 'query', schema: { $ref: 'https://other.test/s.json' } } } },
    })
    const common = '{"P": {"name": "p", "in": "query", "schema": {"$ref": "deeper.json"}}}'
    expect(missingUrls({ text, url })).toEqual(['https://api.test/specs/common.json', 'https://other.test/s.json'])
    const files = new Map([['https://api.test/specs/common.json', common]])
    expect(missingUrls({ text, url, files })).toEqual([
      'https://other.test/s.json',
      'https://api.test/specs/deeper.json',
    ])
    const spec = read({ text, url, files })
    expect(definitions(spec)[0]!.operation.parameters.map(({ argument }) => argument)).toEqual(['p', 'q'])
    expect(spec.diagnostics.map(({ fix }) => fix)).toContain(
      'Import again and allow it: "externalRefs": ["https://other.test"].',
    )
  })

  test.each([
    ['plain', 'paths/pet.yaml'],
    ['quoted', '"paths/pet.yaml"'],
    ['in a folded block', '>-\n      paths/pet.yaml'],
    ['in a literal block', '|-\n      paths/pet.yaml'],
    ['with a tag', '!!str paths/pet.yaml'],
  ])('B7 a reference to another file, %s', (_name, reference) => {
    const entry = `openapi: 3.1.0\ninfo: {title: T}\npaths:\n  /pets/{id}:\n    $ref: ${reference}\n`
    expect(read({ bytes: archive({ ...SEVERAL, 'api/openapi.yaml': entry }) }).coverage.imported).toBe(1)
    expect(missingUrls({ text: entry, url: 'https://api.test/openapi.yaml' })).toEqual([
      'https://api.test/paths/pet.yaml',
    ])
  })

  test.each(['"#Pet"', '>-\n  #Pet'])('B10 a reference to a name, %s', (reference) => {
    const block = reference.replace('\n', '\n              ')
    const text = `openapi: 3.1.0
info: {title: T}
paths:
  /a:
    post:
      requestBody:
        content:
          application/json:
            schema:
              $ref: ${block}
components: {schemas: {Named: {$anchor: Pet, type: object, properties: {name: {type: string}}}}}
`
    expect(definitions(read({ text }))[0]!.operation.inputSchema.properties).toHaveProperty('name')
  })

  test.each([
    ['without', ''],
    ['with', '\uFEFF'],
  ])('a line and a column are those of the text received, %s a byte order mark', (_name, mark) => {
    const text = `${mark}openapi: 3.1.0\ninfo: {title: T}\npaths: {/a: {get: {parameters: [{name: a, in: query, schema: {type: int}}]}}}`
    const [{ line, column }] = read({ text }).diagnostics as [ReadSpec['diagnostics'][number]]
    expect([line, column]).toEqual([3, text.split('\n')[2]!.indexOf('type: int') + 1])
  })

  test('B6 UTF-16 with a byte order mark', () => {
    const text = '\uFEFFopenapi: 3.1.0\ninfo: {title: Ünï, version: "1"}\npaths: {}'
    expect(read({ bytes: Buffer.from(text, 'utf16le') }).title).toBe('Ünï')
    expect(read({ bytes: Buffer.from(text, 'utf16le').swap16() }).title).toBe('Ünï')
  })
})
