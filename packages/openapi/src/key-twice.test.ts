import { describe, expect, test } from 'vitest'
import { read, readText } from './testing/read-one.ts'

const ROOT = '"openapi": "3.1.0", "servers": [{"url": "https://a.test"}]'
const told = (text: string) => {
  const { operations, diagnostics } = readText(text)
  return {
    operations: operations.map(({ method, path }) => `${method} ${path}`),
    told: diagnostics.map(({ code, pointer }) => `${code} ${pointer}`),
  }
}

describe('B11 a key that stands twice', () => {
  test.each<[string, string, string[], string[]]>([
    [
      'a path, with other operations',
      `{${ROOT}, "paths": {"/a": {"get": {}}, "/a": {"post": {}}}}`,
      ['GET /a', 'POST /a'],
      ['key-twice /paths/~1a'],
    ],
    [
      'a path in YAML',
      `{${ROOT}, paths: {/a: {get: {}}, /b: {get: {}}, /a: {post: {}}}}`,
      ['GET /a', 'POST /a', 'GET /b'],
      ['key-twice /paths/~1a'],
    ],
    [
      'all paths',
      `{${ROOT}, "paths": {"/a": {"get": {}}}, "paths": {"/a": {"post": {}}, "/b": {"get": {}}}}`,
      ['GET /a', 'POST /a', 'GET /b'],
      ['key-twice /paths'],
    ],
    [
      'an operation, of which the last counts',
      `{${ROOT}, "paths": {"/a": {"get": {"operationId": "x"}, "get": {"operationId": "y"}}}}`,
      ['GET /a'],
      ['key-twice /paths/~1a/get'],
    ],
    [
      'a path within one that is written over, which is read all the same',
      `{${ROOT}, "paths": {"/a": {"get": {}, "get": {}}, "/a": {"put": {}}}}`,
      ['GET /a', 'PUT /a'],
      ['key-twice /paths/~1a/get', 'key-twice /paths/~1a'],
    ],
    ['none: keys within texts', `{${ROOT}, "paths": {"/a": {"get": {"summary": "\\"a\\": \\\\"}}}}`, ['GET /a'], []],
    [
      'none: what is written beside what is merged',
      'openapi: 3.1.0\nservers: [{url: "https://a.test"}]\nx-a: &a {get: {}}\npaths:\n  /a: {<<: *a, get: {summary: own}}\n',
      ['GET /a'],
      [],
    ],
  ])('%s', (_name, text, operations, diagnostics) => {
    expect(told(text)).toEqual({ operations, told: diagnostics })
  })

  test('names what both have, and where', () => {
    const { diagnostics } = readText(
      `{${ROOT}, "paths": {"/a": {"get": {}},\n "/a": {"get": {"deprecated": true}, "put": {}}}}`,
    )
    expect(diagnostics).toMatchObject([
      { message: '"/a" stands twice in one object; both were read; of "get" the last counts', line: 2, column: 2 },
    ])
  })
})

test.each([
  ['3.1', { openapi: '3.1.0', servers: [{ url: 'https://a.test' }] }],
  ['2.0', { swagger: '2.0', host: 'a.test' }],
])('B22 methods in other letters are read and said, in %s', (_version, root) => {
  const parameters = [{ name: 'q', in: 'query', type: 'string', schema: { type: 'string' } }]
  const spec = read({ ...root, paths: { '/z': { GET: { parameters }, Post: {}, post: {}, Servers: [] } } })
  expect(spec.operations.map(({ method }) => method)).toEqual(['GET', 'POST'])
  expect(spec.coverage).toMatchObject({ operations: 3, skipped: 1 })
  const codes = spec.diagnostics.map(({ code, pointer }) => `${code} ${pointer}`)
  expect(codes).toEqual(
    expect.arrayContaining([
      'method-case /paths/~1z/GET',
      'method-case /paths/~1z/Post',
      'operation-skipped /paths/~1z/Post',
    ]),
  )
})

test('B6 JSON with comments is read without them, in their places, and it is said', () => {
  const text = `// made by hand\n{ ${ROOT}, /* the "paths" */\n"paths": {"/a": {"get": "x" // https://x\n}, "/b//c": {"get": {}}},}`
  const { operations, diagnostics } = readText(text)
  expect(operations.map(({ path }) => path)).toEqual(['/b//c'])
  expect(diagnostics).toMatchObject([
    { code: 'json-comments', pointer: '' },
    { code: 'operation-skipped', pointer: '/paths/~1a/get', line: 3, column: 18 },
  ])
})
