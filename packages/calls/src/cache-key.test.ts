import type { Caller } from '@sluice/contract'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CachedCalls, type Change, cachedCalls, KEY } from './testing/cached-calls.ts'
import { sealed, textOf } from './testing/call-once.ts'

let calls: CachedCalls
beforeEach(async () => {
  calls = await cachedCalls()
})
afterEach(() => calls.api.close())

describe('S60 an answer never crosses to a call that differs in', () => {
  test.each<[string, () => Change]>([
    ['its workspace', () => ({ call: { caller: { workspaceId: 'w2', id: 'k', name: 'test' } } })],
    ['the subject of its access token', () => ({ call: { caller: spokenFor('https://login.test', 'ada') } })],
    ['its credential, be its text the same', () => of([calls.credential(KEY, 'another')])],
    ['the text of its credential', () => ({ setting: { credentials: { header: 'sk-live-another' } } })],
    ['a credential that was set anew, be its text the same', () => of([calls.credential(`${KEY}#2`)])],
    ['a credential that goes with every call', () => of([calls.credential(KEY), placed('x')])],
    ['its tool', () => ({ tool: { id: 't2' } })],
    ['the version of its operation', () => ({ tool: { operationVersion: 'ver2' } })],
    ['its upstream', () => ({ upstream: { id: 'u2' } })],
    ['its base URL', () => ({ upstream: { baseUrl: `${calls.api.url}/v2` } })],
    ['what its upstream may reach', () => ({ upstream: { allow: ['10.0.0.0/8'] } })],
    ['whether redirects are followed', () => ({ upstream: { policy: { followRedirects: true } } })],
    ['an argument', () => ({ setting: { args: { id: 8 } } })],
    ['an argument more', () => ({ setting: { args: { id: 7, limit: 1 } } })],
    ['a fixed argument', () => ({ setting: { fixed: { limit: { value: 1 } } } })],
    ['a header that is passed on', () => passedOn(['X-User'], [['x-user', 'ada']])],
  ])('%s', async (_what, change) => {
    const changed = change()
    const { numberOf } = calls
    expect([await numberOf(), await numberOf(changed), await numberOf(), await numberOf(changed)]).toEqual([1, 2, 1, 2])
  })

  test('subject or issuer, where access tokens say who is calling', async () => {
    const as = (issuer: string, sub: string) => calls.numberOf({ call: { caller: spokenFor(issuer, sub) } })
    const [one, other] = ['https://login.test', 'https://other.test']
    expect([await as(one, 'ada'), await as(one, 'bob'), await as(other, 'ada'), await as(one, 'ada')]).toEqual([
      1, 2, 3, 1,
    ])
  })

  test('which header holds what, in whatever order they come', async () => {
    const as = (user: string, team: string, names = ['X-User', 'X-Team']) =>
      calls.numberOf(
        passedOn(names, [
          ['x-user', user],
          ['x-team', team],
        ]),
      )
    expect([await as('a', 'b'), await as('b', 'a'), await as('a', 'b', ['X-Team', 'x-user'])]).toEqual([1, 2, 1])
  })

  test('its secret argument', async () => {
    const origins = [calls.api.url]
    const withSecret = (text: string) =>
      calls.numberOf({ setting: { fixed: { limit: { secret: sealed(text), origins } } } })
    expect([await withSecret('1'), await withSecret('2'), await withSecret('1#2'), await withSecret('1')]).toEqual([
      1, 2, 3, 1,
    ])
  })

  test('B155 its access token', async () => {
    expect([await calls.numberOf(calls.granted()), await calls.numberOf(calls.granted())]).toEqual([1, 1])
    calls.token = 'token-two'
    expect(await calls.numberOf(calls.granted())).toBe(2)
  })

  test('its method or its body', async () => {
    const schema = { type: 'object', properties: { q: { type: 'string' } } }
    const operation = { requestBody: { content: { 'application/json': { schema } } } }
    const query = (q: string) => calls.numberOf({ setting: { method: 'query', operation, args: { id: 7, q } } })
    expect([await query('a'), await query('b'), await query('a')]).toEqual([1, 2, 1])
    await calls.ask()
    await calls.ask({ setting: { method: 'head' } })
    expect(calls.api.asked.map(({ method }) => method)).toEqual(['QUERY', 'QUERY', 'GET', 'HEAD'])
  })
})

describe('S60 an answer is shared by calls that send the same', () => {
  test.each<[string, Change]>([
    ['another caller of the workspace', { call: { caller: { workspaceId: 'w', id: 'k2', name: 'another' } } }],
    ['arguments that are healed to the same', { setting: { args: { id: '7' } } }],
    ['a header of the client that is not passed on', { call: { headers: () => [['x-user', 'ada']] } }],
    ['another name, on another server', { tool: { name: 'alias' } }],
  ])('%s', async (_what, change) => expect([await calls.numberOf(), await calls.numberOf(change)]).toEqual([1, 1]))
})

test('S60 a credential that is taken away takes along what it got', async () => {
  await calls.ask()
  expect(await calls.ask(of([]))).toMatchObject({ ok: false, kind: 'needs-authorization' })
  expect(calls.api.asked).toHaveLength(1)
})

test('S34 an echo of a secret is masked each time, and what an answer is kept by holds none', async () => {
  calls.answers = [{ body: JSON.stringify({ echo: `${KEY} 123456789` }) }]
  const names: string[] = []
  const cache = calls.deps.cache!
  const open: typeof cache.open = (key, site) => {
    names.push(key, site)
    return cache.open(key, site)
  }
  calls.deps = { ...calls.deps, cache: { ...cache, open } }
  const fixed = { limit: { secret: sealed('123456789'), origins: [calls.api.url] } }
  for (const _ of [1, 2]) expect(textOf(await calls.ask({ setting: { fixed } }))).toBe('{"echo":"[masked] [masked]"}')
  expect(calls.uses).toEqual(['miss', 'hit'])
  expect(names.slice(0, 2)).toEqual([expect.stringMatching(/^[\w-]{43}$/), `["w","${calls.api.url}"]`])
})

const of = (credentials: ReturnType<CachedCalls['credential']>[]): Change => ({ upstream: { credentials } })

const passedOn = (forwardHeaders: string[], headers: Array<[string, string]>): Change => ({
  call: { headers: () => headers },
  upstream: { policy: { forwardHeaders } },
})

/** A scheme that no document declares. */
const placed = (text: string) => ({
  ...calls.credential(text, 'placed'),
  scheme: 'more',
  placement: { type: 'apiKey', in: 'header', name: 'X-More' } as const,
})

function spokenFor(issuer: string, sub: string): Caller {
  return { workspaceId: 'w', id: `${issuer} ${sub}`, name: sub, subject: { issuer, sub } }
}
