import type { HttpRequest, SendLimits } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import type { EgressOptions } from './create-egress.ts'
import { get, testEgress, testLimits, testSocket, testUpstream, text } from './test-upstream.ts'

type Answer = readonly [status: number, headers?: Record<string, string>]

/** An upstream that answers one after the other, the last for ever, and an egress that calls it. */
async function setting(answers: readonly Answer[], options: Partial<EgressOptions> = {}) {
  let at = 0
  const upstream = await testUpstream((_request, response) => {
    const [status, headers = {}] = answers[Math.min(at++, answers.length - 1)]!
    response.writeHead(status, headers).end(`${status}`)
  })
  const egress = testEgress(options)
  const send = (request: Partial<HttpRequest> = {}, limits: Partial<SendLimits> = {}) =>
    egress.send({ ...get(upstream.url), ...request }, testLimits(limits))
  return { upstream, egress, send, count: () => upstream.requests.length }
}

const AGAIN = { repeatable: true }

describe('promise 1, B132 S74: a request is sent again only where that is safe and of use', () => {
  test.each<[string, readonly Answer[], Partial<HttpRequest>, Partial<SendLimits>, number, number]>([
    ['it may be repeated, and 503 passes', [[503], [502], [200]], {}, AGAIN, 200, 3],
    ['429 that says when', [[429, { 'retry-after': '0' }], [200]], {}, AGAIN, 200, 2],
    ['a date that is past', [[503, { 'retry-after': 'Wed, 25 Nov 2015 10:00:00 GMT' }], [200]], {}, AGAIN, 200, 2],
    ['three times at most', [[504]], {}, AGAIN, 504, 3],
    ['a POST that says that it may be', [[503], [200]], { method: 'POST', body: '{}' }, AGAIN, 200, 2],
    ['not where it may not be repeated', [[503], [200]], { method: 'POST', body: '{}' }, {}, 503, 1],
    ['not after another status', [[500], [200]], {}, AGAIN, 500, 1],
    ['not where the wait is long', [[429, { 'retry-after': '3600' }], [200]], {}, AGAIN, 429, 1],
    ['not where the wait is absurd', [[503, { 'retry-after': '99999999999999999999' }], [200]], {}, AGAIN, 503, 1],
    [
      'not where the wait is a date far off',
      [[503, { 'retry-after': 'Fri, 01 Jan 2100 00:00:00 GMT' }]],
      {},
      AGAIN,
      503,
      1,
    ],
  ])('%s', async (_name, answers, request, limits, status, requests) => {
    const { send, count } = await setting(answers)
    expect(await send(request, limits)).toMatchObject({ status })
    expect(count()).toBe(requests)
  })

  test('not past its deadline', async () => {
    const { send, count } = await setting([[503, { 'retry-after': '5' }]])
    expect(await send({}, { ...AGAIN, deadline: Date.now() + 3_000 })).toMatchObject({ status: 503 })
    expect(count()).toBe(1)
  })

  test.each<[string, Partial<SendLimits>, number]>([
    ['is sent again where it may be', AGAIN, 3],
    ['is not where it may not', {}, 1],
  ])('a POST whose connection is cut off before the answer %s', async (_name, limits, requests) => {
    let seen = 0
    const upstream = await testSocket((socket) => {
      socket.once('data', () => {
        seen++
        socket.resetAndDestroy()
      })
    })
    const request = { ...get(upstream.url), method: 'POST', body: 'x' }
    await expect(testEgress().send(request, testLimits(limits))).rejects.toMatchObject({ kind: 'upstream' })
    expect(seen).toBe(requests)
  })

  test('B132 nor is a GET, of which one kept connection after the other dies, sent more than three times', async () => {
    const upstream = await testUpstream((request) => request.socket.resetAndDestroy())
    const sent = testEgress().send(get(upstream.url), testLimits(AGAIN))
    await expect(sent).rejects.toMatchObject({ kind: 'upstream' })
    expect(upstream.requests.length).toBe(3)
  })

  test('what was never sent is tried again, whatever its method', async () => {
    let lookups = 0
    const egress = testEgress({
      lookup: async () => {
        lookups++
        return [{ address: '127.0.0.1', family: 4 }]
      },
    })
    const request = { ...get('http://down.test:1/'), method: 'POST', body: 'x' }
    await expect(egress.send(request, testLimits())).rejects.toMatchObject({
      message: expect.stringContaining('refused'),
    })
    expect(lookups).toBe(3)
  })

  test('B141 a caller who goes away while it waits ends it', async () => {
    const leaving = new AbortController()
    const { send, count } = await setting([[503, { 'retry-after': '9' }]])
    const sent = send({}, { ...AGAIN, signal: leaving.signal })
    await expect.poll(count).toBe(1)
    leaving.abort()
    await expect(sent).rejects.toMatchObject({ kind: 'cancelled' })
    expect(count()).toBe(1)
  })

  test('promise 9, S73: an origin in trouble is sent a tenth more, not three times as much', async () => {
    const { send, count } = await setting([[503, { 'retry-after': '0' }]], { failuresInARow: 10_000 })
    const many = 200
    for (let n = 0; n < many; n += 20) await Promise.all(Array.from({ length: 20 }, () => send({}, AGAIN)))
    expect(count()).toBeGreaterThan(many)
    expect(count()).toBeLessThanOrEqual(many * 1.1 + 5)
  })

  test.each([true, false])('S73 nor is one that cuts connections off; may be repeated: %s', async (repeatable) => {
    const upstream = await testUpstream((request) => request.socket.resetAndDestroy())
    const egress = testEgress({ failuresInARow: 10_000 })
    const many = 50
    for (let n = 0; n < many; n++) {
      await expect(egress.send(get(upstream.url), testLimits({ repeatable }))).rejects.toMatchObject({
        kind: 'upstream',
      })
    }
    expect(upstream.requests.length).toBeGreaterThan(many)
    expect(upstream.requests.length).toBeLessThanOrEqual(many * 1.1 + 5)
  })
})

describe('S72 an origin that only fails is left alone', () => {
  test('after some failures in a row nothing is sent; one request tries it again later', async () => {
    const { send, count } = await setting([...Array<Answer>(5).fill([503]), [200]], { failuresInARow: 5, restMs: 300 })
    for (let n = 0; n < 5; n++) await send()
    await expect(send()).rejects.toMatchObject({
      kind: 'upstream',
      message: expect.stringMatching(/failed 5 times in a row.*Nothing was sent/),
    })
    expect(count()).toBe(5)
    await expect.poll(() => send().then(text, () => 'left alone'), { timeout: 5_000 }).toBe('200')
    expect(count()).toBe(6)
  })

  test('other origins are not, and neither is one that answers 500 or refuses what is asked', async () => {
    const one = await setting([[503]], { failuresInARow: 2 })
    await one.send()
    await one.send()
    await expect(one.send()).rejects.toMatchObject({ kind: 'upstream' })
    const other = await testUpstream((_request, response) => response.writeHead(500).end())
    for (let n = 0; n < 5; n++)
      expect(await one.egress.send(get(other.url), testLimits())).toMatchObject({ status: 500 })
  })

  test.each<[string, (url: string) => HttpRequest, string | Buffer, Record<string, string>]>([
    ['is not the gzip it says', get, 'no gzip', { 'content-encoding': 'gzip' }],
    ['is in a coding that nobody knows', get, 'x', { 'content-encoding': 'klingon' }],
    ['has larger headers than are read', get, 'x', { 'x-large': 'x'.repeat(40_000) }],
    ['is too large', get, 'x'.repeat(2_000), {}],
    ['was never asked for, since the request is none', (url) => get(url, [['x-key', 'a\r\nb']]), 'x', {}],
  ])('promise 6: neither is one of which an operation’s answer %s', async (_name, request, body, headers) => {
    const upstream = await testUpstream((asked, response) => {
      if (asked.url === '/broken') response.writeHead(200, headers).end(body)
      else response.end('ok')
    })
    const egress = testEgress({ failuresInARow: 3 })
    const broken = () => egress.send(request(`${upstream.url}/broken`), testLimits({ maxBytes: 1_000 }))
    for (const result of await Promise.allSettled(Array.from({ length: 12 }, broken)))
      expect(result.status).toBe('rejected')
    expect(text(await egress.send(get(`${upstream.url}/whole`), testLimits()))).toBe('ok')
  })

  test('an answer that is not HTTP is one operation’s fault, too', async () => {
    const upstream = await testSocket((socket) => {
      socket.on('data', (head) => {
        socket.end(String(head).includes('/broken') ? 'SSH-2.0\r\n' : 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
      })
    })
    const egress = testEgress({ failuresInARow: 2 })
    for (let n = 0; n < 4; n++)
      await expect(egress.send(get(`${upstream.url}/broken`), testLimits())).rejects.toThrow('not valid HTTP')
    expect(text(await egress.send(get(`${upstream.url}/whole`), testLimits()))).toBe('ok')
  })

  test.each([
    ['refuses connections', 'http://127.0.0.1:1/', {}],
    ['has no name', 'http://nowhere.test/', { lookup: async () => Promise.reject(notFound()) }],
    ['gives no answer in time', undefined, {}],
    ['closes connections', 'closes', {}],
    ['speaks no TLS', 'https', {}],
  ])('one that %s is', async (_name, url, options) => {
    const upstream = await testUpstream((request) => url === 'closes' && request.socket.resetAndDestroy())
    const egress = testEgress({ ...options, failuresInARow: 3 })
    const called = url?.includes(':') ? url : upstream.url.replace(/^http/, url === 'https' ? 'https' : 'http')
    const send = () => egress.send(get(called), testLimits({ deadline: Date.now() + (url ? 10_000 : 50) }))
    for (let n = 0; n < 3; n++) await send().catch(() => {})
    await expect(send()).rejects.toThrow('failed 3 times in a row and is left alone')
  })

  test('promise 6: each workspace has its own circuit, repeats and turns of an origin', async () => {
    const { send } = await setting([[503], [503], [200]], { failuresInARow: 2 })
    const [blue, green] = [{ workspaceId: 'blue' }, { workspaceId: 'green' }]
    for (let n = 0; n < 2; n++) expect(await send({}, blue)).toMatchObject({ status: 503 })
    await expect(send({}, blue)).rejects.toThrow('left alone')
    expect(await send({}, green)).toMatchObject({ status: 200 })

    const slow = await testUpstream((request, response) => void (request.url === '/quick' && response.end('quick')))
    const narrow = testEgress({ maxConcurrentPerOrigin: 2 })
    const caller = new AbortController()
    const held = [0, 1].map(() => narrow.send(get(slow.url), testLimits({ ...blue, signal: caller.signal })))
    const ended = Promise.allSettled(held)
    await expect.poll(() => slow.requests.length).toBe(2)
    expect(text(await narrow.send(get(`${slow.url}/quick`), testLimits(green)))).toBe('quick')
    caller.abort()
    await ended

    // The reserve of repeats is five.
    const failing = await setting([[503, { 'retry-after': '0' }]], { failuresInARow: 10_000 })
    for (let n = 0; n < 8; n++) await failing.send({}, { ...AGAIN, ...blue })
    const before = failing.count()
    await failing.send({}, { ...AGAIN, ...green })
    expect(failing.count() - before).toBe(3)
  })

  test('calls that are cancelled say nothing of it', async () => {
    const upstream = await testUpstream(() => {})
    const egress = testEgress({ failuresInARow: 2 })
    for (let n = 0; n < 4; n++) {
      const leaving = new AbortController()
      const sent = egress.send(get(upstream.url), testLimits({ signal: leaving.signal }))
      await expect.poll(() => upstream.requests.length).toBe(n + 1)
      leaving.abort()
      await expect(sent).rejects.toMatchObject({ kind: 'cancelled' })
    }
  })
})

test.each([
  ['does not begin', '', /did not begin to answer in time/],
  ['stops in the middle of', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', /stopped in the middle/],
])(
  'S35 an upstream that %s its answer is given up, with the doubt of an unsafe request',
  async (_name, bytes, message) => {
    const upstream = await testSocket((socket) => {
      socket.once('data', () => socket.write(bytes))
    })
    const egress = testEgress({ firstByteMs: 200, idleMs: 200 })
    await expect(egress.send({ ...get(upstream.url), method: 'POST' }, testLimits())).rejects.toMatchObject({
      kind: 'timeout',
      message: expect.stringMatching(new RegExp(`${message.source}.*may have been carried out`)),
    })
  },
)

function notFound(): Error {
  return Object.assign(new Error('getaddrinfo ENOTFOUND nowhere.test'), { code: 'ENOTFOUND' })
}
