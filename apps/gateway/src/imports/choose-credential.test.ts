import { Problem, type SecurityScheme } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { chooseCredential, sealableCredential } from './choose-credential.ts'

const KEY: SecurityScheme = { type: 'apiKey', in: 'header', name: 'X-Key' }
const COOKIE: SecurityScheme = { type: 'apiKey', in: 'cookie', name: 'sid' }
const BASIC: SecurityScheme = { type: 'http', scheme: 'basic' }
const OAUTH: SecurityScheme = { type: 'oauth2', flows: {} }

describe('which security scheme a credential is for', () => {
  test.each([
    ['a key, the only one that takes it', { value: 'k' }, { a: KEY, b: BASIC }, { scheme: 'a', secret: 'k' }],
    ['a pair', { username: 'u', password: 'p:q' }, { a: KEY, b: BASIC }, { scheme: 'b', secret: 'u:p:q' }],
    ['a token for OAuth', { value: 't' }, { o: OAUTH }, { scheme: 'o', secret: 't' }],
    ['one that is named', { scheme: 'o', value: 't' }, { a: KEY, o: OAUTH }, { scheme: 'o', secret: 't' }],
  ])('%s', (_name, given, schemes, want) => {
    expect(chooseCredential(given, schemes, 'https://api.test/v1')).toEqual({ ...want, origins: ['https://api.test'] })
  })

  test.each([
    ['none that takes it', { value: 'k' }, { b: BASIC }, /takes a key or token; it has b/],
    ['several that take it', { value: 'k' }, { a: KEY, o: OAUTH }, /name one of a, o/],
    ['a name that is none', { scheme: 'x', value: 'k' }, { a: KEY }, /no security scheme "x"; it has a/],
    ['a name of another kind', { scheme: 'b', value: 'k' }, { b: BASIC }, /"b" does not take a key or token/],
    ['both a value and a pair', { value: 'k', password: 'p' }, { a: KEY }, /either/],
    ['neither', {}, { a: KEY }, /either/],
    ['S15 a line break', { value: 'k\r\nX: 1' }, { a: KEY }, /line breaks/],
    ['S17 a second cookie', { value: 'k;sid=2' }, { a: COOKIE }, /becomes the cookie "sid", which cannot hold/],
  ])('%s is refused', (_name, given, schemes, message) => {
    expect(() => chooseCredential(given, schemes, 'https://api.test')).toThrow(Problem)
    expect(() => chooseCredential(given, schemes, 'https://api.test')).toThrow(message)
  })

  test('none given is none', () => expect(chooseCredential(undefined, { a: KEY }, 'https://api.test')).toBe(undefined))
})

describe('S17 a credential that becomes a cookie', () => {
  const about = { baseUrl: 'https://api.example.com/v1', securitySchemes: { session: COOKIE, key: KEY } }
  const set = (value: string, scheme = 'session') => sealableCredential({ value }, scheme, about)

  test.each(['cook;ie', 'a b', 'a"b', '"ab"', 'a,b', 'a\\b', 'sid=1; Path=/', 'ü'])('cannot be %s', (value) => {
    expect(() => set(value)).toThrow(Problem)
    expect(() => set(value)).toThrow(/becomes the cookie "sid", which cannot hold .* semicolons/)
    const placed = { value, placement: COOKIE }
    expect(() => sealableCredential(placed as never, 'own', about)).toThrow(/becomes the cookie "sid"/)
    expect(set(value, 'key').secret).toBe(value)
  })

  test('can be what else cookies hold', () => {
    const value = "s%3Aab.c-d_e~f/g+h=i!#$&'()*:<>?@[]^`{|}"
    expect(set(value).secret).toBe(value)
  })
})

describe('a credential that is set for a named scheme', () => {
  const upstream = { baseUrl: 'https://api.example.com/v1', securitySchemes: { key: KEY, basic: BASIC } }
  const origins = ['https://api.example.com']

  test.each([
    ['a key', { value: 'k' }, 'key', { secret: 'k' }],
    ['a pair', { username: 'u', password: 'p' }, 'basic', { secret: 'u:p' }],
    [
      'headers of one’s own',
      { headers: { 'X-A': '1' } },
      'own',
      { secret: '{"X-A":"1"}', placement: { type: 'headers' } },
    ],
  ])('%s', (_name, given, scheme, want) => {
    expect(sealableCredential(given, scheme, upstream)).toEqual({ scheme, origins, ...want })
  })

  test.each([
    ['Host', /name a header of the API/],
    ['content-length', /name a header/],
    ['Connection', /name a header/],
    ['Transfer-Encoding', /name a header/],
    ['Proxy-Authorization', /name a header/],
    ['X-Forwarded-For', /name a header/],
    ['Cookie', /"in": "cookie"/],
  ])('S16 the header %s is refused at its place, with what to do', (name, fix) => {
    const wanted = (pointer: string) =>
      expect.objectContaining({
        code: 'credential-mismatch',
        errors: [{ pointer, detail: expect.stringContaining(name), fix: expect.stringMatching(fix) }],
      })
    const refusal = (given: Parameters<typeof sealableCredential>[0]) => {
      try {
        return sealableCredential(given, 'own', upstream)
      } catch (error) {
        return error
      }
    }
    expect(refusal({ headers: { 'X-A': '1', [name]: '2' } })).toEqual(wanted(`/headers/${name}`))
    expect(refusal({ value: 'k', placement: { type: 'apiKey', in: 'header', name } })).toEqual(
      wanted('/placement/name'),
    )
  })

  test.each<[string, Parameters<typeof sealableCredential>[0], string, string, RegExp, RegExp]>([
    ['a pair', { username: 'u', password: 'p' }, 'key', '/username', /API key in the header "X-Key"/, /"value"/],
    ['a value', { value: 'k' }, 'basic', '/value', /HTTP basic/, /"username".*"password"/],
    ['headers', { headers: { 'X-A': '1' } }, 'key', '/headers', /API key/, /"value"/],
    ['a line break in a header', { headers: { 'X-A': 'a\nb' } }, 'own', '/headers/X-A', /line breaks/, /Remove/],
  ])('%s where the scheme takes another is told what it takes', (_name, given, scheme, pointer, detail, fix) => {
    const errors = [{ pointer, detail: expect.stringMatching(detail), fix: expect.stringMatching(fix) }]
    const problem = expect.objectContaining({ code: 'credential-mismatch', errors })
    let thrown: unknown
    try {
      sealableCredential(given, scheme, upstream)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toEqual(problem)
  })

  test.each([
    ['headers for a scheme that the document declares', { headers: { 'X-A': '1' } }, 'key'],
    ['a pair for a key', { username: 'u', password: 'p' }, 'key'],
    ['a value and headers', { value: 'k', headers: { 'X-A': '1' } }, 'key'],
    ['a scheme that is not there, with no place for it', { value: 'k' }, 'constructor'],
    [
      'a place for a scheme that is declared',
      { value: 'k', placement: { type: 'http' as const, scheme: 'bearer' as const } },
      'key',
    ],
    ['a line break', { value: 'k\nX-B: 1' }, 'key'],
  ])('%s is refused', (_name, given, scheme) => {
    expect(() => sealableCredential(given, scheme, upstream)).toThrow(Problem)
  })
})
