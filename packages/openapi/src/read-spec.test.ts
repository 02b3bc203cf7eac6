import { Problem } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { readSpec } from './read-spec.ts'

const documentOf = (text: string) => readSpec(text).document

const problemOf = (text: string): Problem => {
  try {
    readSpec(text)
  } catch (error) {
    if (error instanceof Problem) return error
  }
  throw new Error('it was read')
}

describe('what is read', () => {
  test.each([
    ['B1 JSON', '{"openapi":"3.0.3","paths":{}}', '3.0.3', '3.0'],
    ['B1 YAML', 'openapi: 3.1.1\npaths: {}\n', '3.1.1', '3.1'],
    ['B2 Swagger', 'swagger: "2.0"', '2.0', '2.0'],
    ['B3 3.2', 'openapi: 3.2.0', '3.2.0', '3.2'],
    ['B5 an unquoted version', 'openapi: 3.1', '3.1', '3.1'],
    ['B5 an unquoted Swagger version', 'swagger: 2.0', '2.0', '2.0'],
    ['B6 a byte order mark and CRLF', '\uFEFFopenapi: 3.0.0\r\npaths: {}\r\n', '3.0.0', '3.0'],
    ['B6 a trailing comma', '{"openapi":"3.0.0","paths":{},}', '3.0.0', '3.0'],
  ])('%s', (_name, text, declaredVersion, family) =>
    expect(documentOf(text)).toMatchObject({ declaredVersion, family }),
  )

  test('B5 YAML values stay what their author meant', () => {
    const { root } = documentOf(
      'openapi: 3.0.0\nvalues: [on, yes, 2020-01-01, "200", ~]\nresponses:\n  200: ok\nid: 12345678901234567890\n',
    )
    expect(root).toMatchObject({ values: ['on', 'yes', '2020-01-01', '200', null], responses: { 200: 'ok' } })
  })

  test('B5 aliases and merge keys are followed', () => {
    const { root } = documentOf('openapi: 3.0.0\na: &base {x: 1}\nb: *base\nc:\n  <<: *base\n  y: 2\n')
    expect(root).toMatchObject({ b: { x: 1 }, c: { x: 1, y: 2 } })
  })

  test('a closing bracket that is not indented, as published documents have it', () => {
    expect(documentOf('openapi: 3.0.0\nx:\n  example: {\n    "a": {}\n  }\n').root).toMatchObject({
      x: { example: { a: {} } },
    })
  })
})

describe('what cannot be read says what it is and what to do', () => {
  test.each([
    ['nothing', '', 'spec-unreadable', /empty/],
    ['blanks', ' \n\t', 'spec-unreadable', /empty/],
    ['a list', '[1]', 'spec-unreadable', /a list, not an object/],
    ['a word', 'hello', 'spec-unreadable', /a string, not an object/],
    ['B6 an HTML page', '<!DOCTYPE html><html></html>', 'spec-unreadable', /HTML page/],
    ['broken JSON', '{"openapi": "3.0.0", "paths": {', 'spec-unreadable', /not JSON/],
    ['broken YAML', 'openapi: 3.0.0\npaths:\n\t- x', 'spec-unreadable', /not YAML/],
    ['B3 version 4', 'openapi: 4.0.0', 'spec-version', /"4.0.0".*are read/],
    ['B3 Swagger 1.2', '{"swaggerVersion":"1.2"}', 'spec-version', /neither `openapi` nor `swagger`/],
    ['another document', '{"name":"x"}', 'spec-version', /neither/],
  ])('%s', (_name, text, code, detail) => {
    const problem = problemOf(text)
    expect(problem.code).toBe(code)
    expect(problem.detail).toMatch(detail)
  })

  test('B6 a page that shows a document names where it lies', () => {
    const problem = problemOf('<html><script>SwaggerUIBundle({ url: "/v3/openapi.json", dom_id: "#ui" })</script>')
    expect(problem.errors[0]!.fix).toContain('/v3/openapi.json')
  })

  test('S23 an alias bomb', () => {
    const lines = Array.from({ length: 12 }, (_, n) => `l${n + 1}: &l${n + 1} [${Array(10).fill(`*l${n}`).join(', ')}]`)
    expect(problemOf(`openapi: 3.0.0\nl0: &l0 [x]\n${lines.join('\n')}\n`).detail).toMatch(/aliases/)
  })

  test('S23 JSON and YAML nested without end', () => {
    expect(problemOf(`{"openapi":"3.0.0","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`).code).toBe(
      'spec-unreadable',
    )
    expect(problemOf(`openapi: 3.0.0\nx: ${'['.repeat(5_000)}${']'.repeat(5_000)}`).code).toBe('spec-unreadable')
    expect(problemOf(`{"openapi":"3.0.0","x":${'{"a":'.repeat(600)}1${'}'.repeat(600)}}`).detail).toMatch(
      /deeper than 500/,
    )
  })
})
