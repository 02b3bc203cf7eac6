import type { CatalogCredential, SecurityScheme } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { applyCredential } from './apply-credential.ts'
import type { Tokens } from './create-tokens.ts'
import { callOf, callOnce, headerOf, SCHEMES, sealed, textOf } from './testing/call-once.ts'

const placed = (
  scheme: string,
  placement: SecurityScheme,
  plain: string,
  origins: readonly string[] = ['https://api.test'],
): CatalogCredential => ({ id: scheme, scheme, placement, origins, secret: sealed(plain) })

const KEY: SecurityScheme = { type: 'apiKey', in: 'query', name: 'k' }

describe('a credential for a scheme that no document declares', () => {
  test('goes with every call, also where the operation declares no security', async () => {
    const { sent } = await callOnce({ placed: [placed('mine', KEY, 'a&b')] })
    expect(sent[0]!.url).toBe('https://api.test/v1/things/7?k=a%26b')
  })

  test('B154 S42 goes only to its origins, and its absence stops nothing', async () => {
    const { sent } = await callOnce({ placed: [placed('mine', KEY, 'plain-key', ['https://other.test'])] })
    expect(sent[0]!.url).toBe('https://api.test/v1/things/7')
  })

  test.each(['https://api.test.evil.test', 'https://api.test@evil.test', 'https://api.test:8443', 'http://api.test'])(
    'S42 does not go to %s, which only begins like its origin',
    async (begin) => {
      const call = callOf({ placed: [placed('mine', KEY, 'plain-key')] })
      const signed = async (url: string) => {
        const deps = { openSecret: () => 'plain-key', tokens: {} as Tokens }
        return (await applyCredential({ method: 'GET', url, headers: [] }, call, [], deps)).request.url
      }
      expect(await signed('https://api.test/x')).toBe('https://api.test/x?k=plain-key')
      expect(await signed(`${begin}/x`)).toBe(`${begin}/x`)
    },
  )

  test('goes on after what the operation wants, and replaces a header of its name', async () => {
    const { sent } = await callOnce({
      operation: { security: [{ header: [], bearer: [] }] },
      credentials: { header: 'declared', bearer: 'token' },
      placed: [placed('mine', { type: 'apiKey', in: 'header', name: 'x-API-key' }, 'placed')],
    })
    expect([headerOf(sent[0], 'x-api-key'), headerOf(sent[0], 'authorization')]).toEqual([['placed'], ['Bearer token']])
  })

  test('meets a requirement that names its scheme, and is put on once', async () => {
    const setting = { operation: { security: [{ mine: [] }] }, placed: [placed('mine', KEY, 'key')] }
    expect((await callOnce(setting)).sent[0]!.url).toBe('https://api.test/v1/things/7?k=key')
  })

  test.each<[string, SecurityScheme, string, string]>([
    ['basic', { type: 'http', scheme: 'basic' }, 'ada:pw', `Basic ${btoa('ada:pw')}`],
    ['bearer', { type: 'http', scheme: 'bearer' }, 'token', 'Bearer token'],
  ])('is placed as %s', async (_name, placement, plain, want) => {
    const { sent } = await callOnce({ placed: [placed('mine', placement, plain)] })
    expect(headerOf(sent[0], 'authorization')).toEqual([want])
  })
})

describe('S34 a trace shows a request as it was sent, and no secret', () => {
  const headers: SecurityScheme = { type: 'headers', names: ['X-One', 'X-Two'] } as unknown as SecurityScheme
  test.each<[string, object, RegExp]>([
    ['a key in a header', { header: 'k1' }, /"X-Api-Key","\*\*\*"/],
    ['a key in the query, however short', { query: 'k1' }, /things\/7\?key=\*\*\*"/],
    ['a cookie', { cookie: 'k1' }, /"cookie","sid=\*\*\*"/],
    ['basic', { basic: 'ada:k1' }, /"authorization","Basic \*\*\*"/],
    ['bearer', { bearer: 'k1' }, /"authorization","Bearer \*\*\*"/],
  ])('%s', async (_name, credentials, want) => {
    const [scheme] = Object.keys(credentials)
    const traced: string[] = []
    const operation = { security: [{ [scheme!]: [] }] }
    const trace = (stage: string, value: unknown) => stage === 'sent' && traced.push(JSON.stringify(value))
    await callOnce({ credentials: credentials as Record<string, string>, operation, trace: trace as never })
    expect(traced).toEqual([expect.stringMatching(want)])
    expect(traced[0]).not.toMatch(/k1|azE=/)
  })

  test('custom headers, and a fixed argument', async () => {
    const traced: string[] = []
    const trace = (stage: string, value: unknown) => stage === 'sent' && traced.push(JSON.stringify(value))
    await callOnce({
      placed: [placed('mine', headers, '{"X-One":"Bearer k1","X-Two":"k2"}')],
      fixed: { limit: { secret: sealed('77'), origins: ['https://api.test'] } },
      trace: trace as never,
    })
    expect(traced[0]).toMatch(/"X-One","\*\*\*"\],\["X-Two","\*\*\*"/)
    expect(traced[0]).not.toMatch(/k1|k2|77/)
  })
})

test.each(['cook;ie', 'a b', 'a"b', 'a,b', 'a\\b', 'a\tb', 'ü'])('S17 %s is not put on as a cookie', async (plain) => {
  const setting = { operation: { security: [{ cookie: [] }] }, credentials: { cookie: plain } }
  const { sent, outcome } = await callOnce(setting)
  expect(sent).toEqual([])
  expect(outcome).toMatchObject({ ok: false, kind: 'needs-authorization' })
  expect(textOf(outcome)).toBe(
    'The credential "cookie" holds characters that a cookie cannot hold; the operator must set it again. Nothing was sent.',
  )
})

describe('S16 B158 a free-form object cannot place a second key', () => {
  const freeForm = (place: string, style: string) => ({
    parameters: [{ name: 'more', in: place, style, explode: true, schema: { type: 'object' } }],
  })

  test('in the query, however its name is written', async () => {
    const { sent } = await callOnce({
      path: '/a?key=document',
      operation: { ...freeForm('query', 'form'), security: [{ query: [] }] },
      credentials: { query: 'SEC' },
      args: { more: { key: 'mine', 'k-ey': 'other' } },
    })
    expect(sent[0]!.url).toBe('https://api.test/v1/a?k-ey=other&key=SEC')
  })

  test('in a cookie', async () => {
    const { sent } = await callOnce({
      path: '/a',
      operation: { ...freeForm('cookie', 'cookie'), security: [{ cookie: [] }] },
      credentials: { cookie: 'SEC' },
      args: { more: { sid: 'mine', theme: 'dark' } },
    })
    expect(headerOf(sent[0], 'cookie')).toEqual(['theme=dark; sid=SEC'])
  })
})

describe('custom headers', () => {
  const HEADERS = JSON.stringify({ 'X-Tenant': 'tenant-4242', Authorization: 'Token abcdefgh' })

  test('B145 each is set last, in place of any other of its name', async () => {
    const parameters = [{ name: 'x-tenant', in: 'header', schema: {} }]
    const { sent } = await callOnce({
      path: '/a',
      operation: { parameters, security: [{ bearer: [] }] },
      credentials: { bearer: 'declared' },
      args: { 'x-tenant': 'mine' },
      placed: [placed('own', { type: 'headers' }, HEADERS)],
    })
    expect([headerOf(sent[0], 'x-tenant'), headerOf(sent[0], 'authorization')]).toEqual([
      ['tenant-4242'],
      ['Token abcdefgh'],
    ])
  })

  test('S34 an echo of each value is masked, also without its first word', async () => {
    const { outcome } = await callOnce({
      placed: [placed('own', { type: 'headers' }, HEADERS)],
      answer: { body: '{"a":"tenant-4242","b":"Token abcdefgh","c":"abcdefgh"}' },
    })
    expect(textOf(outcome)).toBe('{"a":"[masked]","b":"[masked]","c":"[masked]"}')
  })

  test.each(['sk-live-4242 is no JSON', 'null', '[1]', '"text"'])(
    'S39 %j is refused without being told',
    async (text) => {
      const { outcome, sent } = await callOnce({ placed: [placed('own', { type: 'headers' }, text)] })
      expect(outcome).toMatchObject({ ok: false, kind: 'needs-authorization' })
      expect([textOf(outcome).includes(text), sent]).toEqual([false, []])
    },
  )
})

describe('where no credential is stored', () => {
  const advice = async (security: object[], schemes = SCHEMES, credentials = {}) =>
    /Nothing was sent\. (.*)$/.exec(
      textOf((await callOnce({ operation: { security }, schemes, credentials })).outcome),
    )?.[1]
  const command = async (...given: Parameters<typeof advice>) => (await advice(...given))?.replace('Set it with: ', '')

  test('B152 the message ends with the command that sets what is lacking', async () => {
    expect(await command([{ header: [] }, { basic: [] }])).toBe('sluice credential set shop header')
    expect(await command([{ header: [], basic: [] }], SCHEMES, { header: 'k' })).toBe(
      'sluice credential set shop basic',
    )
  })

  test('B145 what is stored for a scheme comes before what stands in for another', async () => {
    const schemes = { ...SCHEMES, odd: { type: 'http', scheme: 'digest' } as const }
    const operation = { security: [{ odd: [] }, { header: [] }] }
    const extra = placed('extra', { type: 'headers' }, '{"X-Tenant":"t"}')
    const { sent } = await callOnce({ operation, schemes, credentials: { header: 'stored-key' }, placed: [extra] })
    expect([headerOf(sent[0], 'x-api-key'), headerOf(sent[0], 'x-tenant')]).toEqual([['stored-key'], ['t']])
  })

  test('it is a scheme that can have one', async () => {
    const schemes = { ...SCHEMES, odd: { type: 'unsupported', declared: 'mutualTLS' } as const }
    expect(await command([{ odd: [] }, { basic: [] }], schemes)).toBe('sluice credential set shop basic')
  })

  test.each<[string, SecurityScheme]>([
    ['HTTP digest', { type: 'http', scheme: 'digest' }],
    ['mutual TLS', { type: 'unsupported', declared: 'mutualTLS' }],
  ])('B149 %s can have none: custom headers are advised, and stand in for it', async (_name, odd) => {
    const schemes = { ...SCHEMES, odd }
    expect(await advice([{ odd: [] }], schemes)).toBe(
      'Sluice cannot present it; set custom headers under another name with: sluice credential set shop extra --place headers',
    )
    expect(await command([{ odd: [] }, { header: [] }], schemes)).toBe('sluice credential set shop header')
    const extra = placed('extra', { type: 'headers' }, '{"Authorization":"Digest x"}')
    const { sent } = await callOnce({ operation: { security: [{ odd: [] }] }, schemes, placed: [extra] })
    expect(headerOf(sent[0], 'authorization')).toEqual(['Digest x'])
  })

  test('one that the document does not declare is placed', async () => {
    expect(await command([{ gone: [] }])).toBe('sluice credential set shop gone --place headers')
    expect(await command([{ gone: [] }, { basic: [] }])).toBe('sluice credential set shop basic')
  })

  test('a name from a document is nothing to a shell', async () => {
    const schemes = { "x'; rm -rf ~ #": KEY }
    expect(await command([{ "x'; rm -rf ~ #": [] }], schemes)).toBe(`sluice credential set shop 'x'\\''; rm -rf ~ #'`)
  })
})
