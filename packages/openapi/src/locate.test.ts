import { describe, expect, test } from 'vitest'
import { locate } from './locate.ts'

const at = (text: string, pointer: string) => {
  const [located] = locate(text, [{ code: 'x', severity: 'info', pointer, message: '' }])
  return [located?.line, located?.column]
}

describe('line and column of a pointer', () => {
  const yaml =
    'openapi: 3.1.0\npaths:\n  /a:\n    get:\n      parameters:\n        - name: x\n        - {name: y, in: query}\n'
  test.each([
    ['/openapi', [1, 1]],
    ['/paths/~1a/get', [4, 5]],
    ['/paths/~1a/get/parameters/0', [6, 11]],
    ['/paths/~1a/get/parameters/1/in', [7, 21]],
    ['/paths/~1a/get/parameters/9/in', [5, 7]],
  ])('in YAML %s', (pointer, want) => expect(at(yaml, pointer)).toEqual(want))

  test.each([
    ['/paths/~1a', [6, 3]],
    ['/paths/~1b/1', [7, 11]],
    ['/last', [8, 1]],
  ])('in YAML behind keys that are aliases and collections, %s', (pointer, want) => {
    const odd =
      'named: &one name\n*one : aliased\n? [a, {b: c}]\n: {last: 0}\npaths: {? {k: v} : 1,\n  /a: &two {get: 1},\n  /b: [1, 2], *two : 3}\nlast: 1\n'
    expect(at(odd, pointer)).toEqual(want)
  })

  test('in JSON', () => expect(at('{\n  "paths": {\n    "/a": {"get": 1}\n  }\n}', '/paths/~1a/get')).toEqual([3, 12]))
  test.each([
    ['/paths/~1a/get', [4, 5]],
    ['/paths/~1b/post/tags/1', [6, 25]],
    ['/paths/~1b/put', [6, 3]],
  ])('C10 in YAML that only a lenient reader takes, %s', (pointer, want) => {
    const lenient = 'openapi: 3.0.0\npaths:\n  /a: {\n    "get": {}\n  }\n  /b: {post: {tags: [a, b]}}\n'
    expect(at(lenient, pointer)).toEqual(want)
  })

  test('in nothing that can be read', () => expect(at('{', '/a')).toEqual([undefined, undefined]))
})
