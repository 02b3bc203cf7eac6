import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createResponseCache } from './response-cache.ts'
import { type CachedCalls, type Change, cachedCalls } from './testing/cached-calls.ts'
import { textOf } from './testing/call-once.ts'
import type { ApiAnswer } from './testing/start-api.ts'

let calls: CachedCalls
beforeEach(async () => {
  calls = await cachedCalls()
})
afterEach(() => calls.api.close())

const MINUTE = 60_000

test('the same call is answered from memory, and without a cache it is not', async () => {
  expect([await calls.numberOf(), await calls.numberOf(), calls.uses]).toEqual([1, 1, ['miss', 'hit']])
  const off: Change = { setting: { cache: undefined as never } }
  expect([await calls.numberOf(off), await calls.numberOf(off), calls.uses.length]).toEqual([2, 3, 2])
  const { cache: _cache, ...without } = calls.deps
  calls.deps = without
  expect([await calls.numberOf(), calls.uses.length]).toEqual([4, 2])
})

test('what a curator makes of answers is made of kept ones too, as it is now', async () => {
  const show = async (setting: Change['setting']) => textOf(await calls.ask({ setting: { ...setting } }))
  expect([await show({ filter: 'a' }), await show({ filter: 'b' })]).toEqual(['{"a":{"n":1}}', '{"b":{"n":1}}'])
  const responseInterceptor = 'response.body.seen = true; return response'
  expect(await show({ steps: { responseInterceptor } })).toBe('{"n":1,"seen":true}')
  expect(await show({ steps: { redaction: { fields: ['n'] } } })).toBe('{"n":"[redacted]"}')
  expect(await show({})).toBe('{"n":1}')
  expect(calls.api.asked).toHaveLength(1)
})

describe('S60 what is not kept:', () => {
  test.each<[string, ApiAnswer]>([
    ['a failure of the API', { status: 500, headers: { etag: '"a"' } }],
    ['an answer that nothing is there', { status: 404, headers: { 'cache-control': 'max-age=60' } }],
    ['a redirect', { status: 302, headers: { location: '/' } }],
    ['what is still being done', { status: 202 }],
    ['what sets a cookie', { headers: { 'set-cookie': 'sid=1', etag: '"a"' } }],
    ['what the API says not to store', { headers: { 'cache-control': 'no-store' } }],
    ['what is old when it comes', { headers: { 'cache-control': 'max-age=5', age: '5' } }],
    ['what differs by who knows what', { headers: { vary: '*' } }],
    ['what is too large', { body: JSON.stringify({ n: 0, text: 'x'.repeat(2 * 1024 * 1024) }) }],
  ])('%s', async (_what, answer) => {
    calls.answers = [answer]
    await calls.ask()
    expect([await calls.numberOf(), calls.conditions()[0]]).toEqual([2, undefined])
  })

  test.each(['Cache-Control', 'Pragma', 'If-None-Match', 'Range'])('what was asked with %s', async (name) => {
    const parameters = [
      { name: 'id', in: 'path', required: true, schema: {} },
      { name, in: 'header', schema: {} },
    ]
    const change = { setting: { operation: { parameters, security: [] }, args: { id: 7, [name]: 'x' } } }
    expect([await calls.numberOf(change), await calls.numberOf(change), calls.uses]).toEqual([1, 2, []])
  })

  test('what never came', async () => {
    const { send } = calls.deps
    calls.deps = { ...calls.deps, send: async () => Promise.reject(new Error('broken')) }
    await expect(calls.ask()).rejects.toThrow('broken')
    calls.deps = { ...calls.deps, send }
    expect(await calls.numberOf()).toBe(1)
  })
})

describe('how long', () => {
  test.each<[string, ApiAnswer, number]>([
    ['the curator’s time where the API says nothing', {}, 60],
    ['the curator’s time where the API allows more', { headers: { 'cache-control': 'max-age=600' } }, 60],
    ['the API’s where that is less', { headers: { 'cache-control': 'max-age=10' } }, 10],
    ['the rest of it', { headers: { 'cache-control': 'max-age=10', age: '4' } }, 6],
  ])('%s', async (_what, answer, seconds) => {
    calls.answers = [answer]
    await calls.ask()
    calls.now += seconds * 1000 - 1
    expect(await calls.numberOf()).toBe(1)
    calls.now += 1
    expect(await calls.numberOf()).toBe(2)
  })

  test('a time that is changed holds at once', async () => {
    await calls.ask()
    calls.now += MINUTE / 2
    expect(await calls.numberOf({ tool: { cache: { ttlSeconds: 30 } } })).toBe(2)
    calls.now += MINUTE
    expect(await calls.numberOf({ tool: { cache: { ttlSeconds: 61 } } })).toBe(2)
  })

  test('a clock that is set back or stands still makes nothing younger', async () => {
    let [steady, wall] = [0, 1_000_000]
    calls.deps = { ...calls.deps, cache: createResponseCache([() => steady, () => wall]) }
    await calls.ask()
    ;[steady, wall] = [MINUTE, 0]
    expect(await calls.numberOf()).toBe(2)
    ;[steady, wall] = [MINUTE, MINUTE]
    expect(await calls.numberOf()).toBe(3)
  })
})

describe('what is no longer fresh is asked about', () => {
  const DATE = 'Thu, 26 Nov 2026 10:00:00 GMT'
  const later = async (headers: Record<string, string>, next: ApiAnswer, change?: Change) => {
    calls.answers = [{ headers }, next]
    await calls.ask(change)
    calls.now += MINUTE
    return calls.ask(change)
  }

  test.each<[string, Record<string, string>, Array<string | undefined>]>([
    ['by its ETag', { etag: 'W/"a"' }, ['W/"a"', undefined]],
    ['by its date', { 'last-modified': DATE }, [undefined, DATE]],
    ['by both', { etag: '"a"', 'last-modified': DATE }, ['"a"', DATE]],
  ])('%s, and served again for as long after a 304', async (_what, headers, want) => {
    expect(await later(headers, { status: 304 })).toMatchObject({ ok: true, status: 200 })
    expect(calls.conditions()).toEqual(want)
    calls.now += MINUTE - 1
    expect([await calls.numberOf(), calls.uses]).toEqual([1, ['miss', 'revalidated', 'hit']])
    calls.now += 1
    calls.answers = [{ status: 304 }]
    expect([await calls.numberOf(), calls.conditions(), calls.api.asked.length]).toEqual([1, want, 3])
  })

  test('with neither it is fetched anew', async () => {
    expect(textOf(await later({}, {}))).toBe('{"n":2}')
    expect(calls.conditions()).toEqual([undefined, undefined])
  })

  test('each time where the API says no-cache', async () => {
    const headers = { etag: '"a"', 'cache-control': 'no-cache, max-age=60' }
    calls.answers = [{ headers }, { status: 304 }, { status: 304 }]
    expect([await calls.numberOf(), await calls.numberOf(), await calls.numberOf()]).toEqual([1, 1, 1])
    expect(calls.uses).toEqual(['miss', 'revalidated', 'revalidated'])
  })

  test('another answer takes its place, with its own ETag', async () => {
    expect(textOf(await later({ etag: '"a"' }, { headers: { etag: '"b"' } }))).toBe('{"n":2}')
    expect([await calls.numberOf(), calls.uses]).toEqual([2, ['miss', 'miss', 'hit']])
    calls.now += MINUTE
    calls.answers = [{ status: 304 }]
    expect([await calls.numberOf(), calls.conditions()[0]]).toEqual([2, '"b"'])
  })

  test.each([404, 500, 503])('S60 a %i is what the call is told, and the old answer is gone', async (status) => {
    expect(await later({ etag: '"a"' }, { status })).toMatchObject({ ok: false, status })
    expect([await calls.numberOf(), calls.conditions()[0]]).toEqual([3, undefined])
  })

  test.each<[string, Record<string, string>]>([
    ['must not be stored any more', { 'cache-control': 'no-store' }],
    ['sets a cookie', { 'set-cookie': 'sid=2' }],
  ])('S60 a 304 that %s renews for once', async (_what, headers) => {
    expect(textOf(await later({ etag: '"a"' }, { status: 304, headers }))).toBe('{"n":1}')
    expect([await calls.numberOf(), calls.conditions()[0]]).toEqual([3, undefined])
  })

  test('S60 a 304 that speaks of another answer is not believed', async () => {
    expect(textOf(await later({ etag: '"a"' }, { status: 304, headers: { etag: '"b"' } }))).toBe('{"n":3}')
    expect([calls.conditions()[0], calls.uses]).toEqual([undefined, ['miss', 'miss']])
  })

  test('a 304 that nobody asked for is a failure as ever, and renews nothing', async () => {
    calls.answers = [{ status: 304 }]
    expect(await calls.ask()).toMatchObject({ ok: false, status: 304 })
    expect(await later({}, { status: 304 })).toMatchObject({ ok: false, status: 304 })
  })

  test('never where redirects are followed: they may lead to another thing with the same ETag', async () => {
    const change = { upstream: { policy: { followRedirects: true } } }
    expect(textOf(await later({ etag: '"a"' }, {}, change))).toBe('{"n":2}')
    expect(calls.conditions()[0]).toBeUndefined()
  })

  test('with a new token after a refused one nothing of the old one is used', async () => {
    const discard = () => {
      calls.token = 'token-two'
      return true
    }
    calls.deps = { ...calls.deps, tokens: { get: async () => calls.token, discard } }
    expect(textOf(await later({ etag: '"a"' }, { status: 401 }, calls.granted()))).toBe('{"n":3}')
    const [, refused, sent] = calls.api.asked.map(({ headers }) => [headers['x-api-key'], headers['if-none-match']])
    expect([refused, sent]).toEqual([
      ['token-one', '"a"'],
      ['token-two', undefined],
    ])
    expect(await calls.numberOf(calls.granted())).toBe(3)
  })
})

describe('S60 writes', () => {
  const write: Change = { setting: { method: 'post' } }

  test('are never answered from memory, whatever is stored', async () => {
    expect([await calls.numberOf(write), await calls.numberOf(write), calls.uses]).toEqual([1, 2, []])
    const annotations = { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true }
    const declared: Change = { tool: { annotations } }
    expect([await calls.numberOf(declared), await calls.numberOf(declared), calls.uses]).toEqual([3, 4, []])
  })

  test('make stale what was read at the same origin in the workspace, whatever they answer, and nothing else', async () => {
    const elsewhere: Change = { call: { caller: { workspaceId: 'w2', id: 'k', name: 'test' } } }
    expect([await calls.numberOf(), await calls.numberOf(elsewhere)]).toEqual([1, 2])
    calls.answers = [{ status: 500 }]
    await calls.ask({
      setting: { method: 'delete', cache: undefined as never },
      tool: { id: 't2' },
      upstream: { id: 'u2' },
    })
    expect([await calls.numberOf(), await calls.numberOf(elsewhere)]).toEqual([4, 2])
  })

  test('that end while something is read make that stale too', async () => {
    const { send } = calls.deps
    const [arrived, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const held: typeof send = async (request, limits) => {
      const answer = await send(request, limits)
      arrived.resolve()
      await goOn.promise
      return answer
    }
    calls.deps = { ...calls.deps, send: held }
    const slow = calls.numberOf()
    await arrived.promise
    calls.deps = { ...calls.deps, send }
    await calls.ask(write)
    goOn.resolve()
    expect([await slow, await calls.numberOf(), await calls.numberOf()]).toEqual([1, 3, 3])
  })
})
