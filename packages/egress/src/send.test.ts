import { randomBytes } from 'node:crypto'
import { getEventListeners } from 'node:events'
import { createServer as createTlsServer } from 'node:https'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { testCertificate } from './test-certificate.ts'
import { get, serve, testEgress, testLimits, testSocket, testUpstream, text } from './test-upstream.ts'

const soon = () => Date.now() + 300

test('S35 a body past the limit is cut off, with and without a Content-Length', async () => {
  for (const headers of [{ 'content-length': '100000000' }, {}]) {
    let written = 0
    const upstream = await testUpstream((_, response) => {
      response.writeHead(200, headers)
      const more = () => {
        if (response.destroyed || written >= 100_000_000) return
        written += 64 * 1024
        response.write(Buffer.alloc(64 * 1024), () => setImmediate(more))
      }
      more()
    })
    await expect(testEgress().send(get(upstream.url), testLimits())).rejects.toMatchObject({
      kind: 'too-large',
      message: `The answer of 127.0.0.1:${upstream.port} is larger than 1000000 bytes, the most that is read. Ask for less of it.`,
    })
    expect(written).toBeLessThan(50_000_000)
  }
})

test('S35 a body of exactly the limit is read', async () => {
  const upstream = await testUpstream((_, response) => response.end(Buffer.alloc(1_000_000)))
  expect((await testEgress().send(get(upstream.url), testLimits())).body).toHaveLength(1_000_000)
})

test('S35 a gzip bomb is stopped at the limit', async () => {
  const bomb = gzipSync(Buffer.alloc(100_000_000))
  const upstream = await testUpstream((_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
  )
  await expect(testEgress().send(get(upstream.url), testLimits())).rejects.toMatchObject({ kind: 'too-large' })
})

test('S35 a flood of headers is stopped', async () => {
  const upstream = await testSocket((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n')
    for (let index = 0; index < 20_000; index++) socket.write(`x-flood-${index}: ${'y'.repeat(50)}\r\n`)
  })
  await expect(testEgress().send(get(upstream.url), testLimits())).rejects.toMatchObject({
    kind: 'too-large',
    message: expect.stringContaining(`headers of the answer of 127.0.0.1:${upstream.port}`),
  })
})

test('S35 a body that drips is given up at the deadline', async () => {
  const upstream = await testUpstream((_, response) => {
    response.writeHead(200)
    const drip = setInterval(() => response.write('.'), 20)
    response.on('close', () => clearInterval(drip))
  })
  await expect(testEgress().send(get(upstream.url), testLimits({ deadline: soon() }))).rejects.toMatchObject({
    kind: 'timeout',
    message: expect.stringMatching(
      new RegExp(`^127\\.0\\.0\\.1:${upstream.port} gave no complete answer within \\d+ ms\\.$`),
    ),
  })
})

test('an answer that does not begin is given up at the deadline, and the connection with it', async () => {
  const gone = Promise.withResolvers<void>()
  const upstream = await testUpstream((request) => {
    request.socket.on('close', () => gone.resolve())
  })
  const request = { method: 'POST', url: upstream.url, headers: [] }
  await expect(testEgress().send(request, testLimits({ deadline: soon() }))).rejects.toMatchObject({
    kind: 'timeout',
    message: expect.stringMatching(/ms\. The request may have been carried out nevertheless\.$/),
  })
  await gone.promise
})

test('nothing is sent when the deadline has passed or the caller has gone, not even where a connection is ready', async () => {
  const upstream = await testUpstream((_, response) => response.end())
  const egress = testEgress()
  await egress.send(get(upstream.url), testLimits())
  await new Promise((resolve) => setImmediate(resolve))
  const late = egress.send(get(upstream.url), testLimits({ deadline: Date.now() - 1 }))
  await expect(late).rejects.toMatchObject({ kind: 'timeout' })
  const gone = egress.send(get(upstream.url), testLimits({ signal: AbortSignal.abort() }))
  await expect(gone).rejects.toMatchObject({ kind: 'cancelled', message: 'The call was cancelled.' })
  await egress.send(get(`${upstream.url}/last`), testLimits())
  expect(upstream.requests.map((request) => request.url)).toEqual(['/', '/last'])
})

test('an answered request leaves nothing behind on its caller', async () => {
  const upstream = await testUpstream((_, response) => response.end())
  const { signal } = new AbortController()
  await testEgress().send(get(upstream.url), testLimits({ signal }))
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

test('a caller that goes away ends the request upstream', async () => {
  const caller = new AbortController()
  const gone = Promise.withResolvers<void>()
  const upstream = await testUpstream((request) => {
    request.socket.on('close', () => gone.resolve())
    caller.abort()
  })
  const cancelled = testEgress().send(get(upstream.url), testLimits({ signal: caller.signal }))
  await expect(cancelled).rejects.toMatchObject({ kind: 'cancelled' })
  await gone.promise
})

test('an upstream that accepts and then keeps silent fails at the connect time-out', async () => {
  const upstream = await testSocket(() => {})
  const egress = testEgress({ connectMs: 100 })
  // Before undici's own connect time-out of 10 s.
  const limits = testLimits({ deadline: Date.now() + 8_000 })
  const url = upstream.url.replace('http:', 'https:')
  await expect(egress.send(get(url), limits)).rejects.toMatchObject({
    kind: 'timeout',
    message: `127.0.0.1:${upstream.port} did not accept a connection in time. It may be down; try again later. (UND_ERR_CONNECT_TIMEOUT)`,
  })
})

test('a deadline before the connect time-out holds although nothing is connected', async () => {
  const upstream = await testSocket(() => {})
  const egress = testEgress({ connectMs: 1_000 })
  const url = upstream.url.replace('http:', 'https:')
  await expect(egress.send(get(url), testLimits({ deadline: soon() }))).rejects.toMatchObject({
    kind: 'timeout',
    message: expect.stringContaining('gave no complete answer within'),
  })
})

test('B140 a resolver that never answers fails at the connect time-out', async () => {
  const egress = testEgress({ connectMs: 100, lookup: () => new Promise(() => {}) })
  const limits = testLimits({ deadline: Date.now() + 8_000 })
  await expect(egress.send(get('http://slow.test/'), limits)).rejects.toMatchObject({
    kind: 'timeout',
    message: expect.stringContaining('slow.test did not accept a connection in time.'),
  })
})

test('B140 a name that does not resolve is named', async () => {
  const lookup = async () => {
    throw Object.assign(new Error('getaddrinfo ENOTFOUND nowhere.test'), { code: 'ENOTFOUND' })
  }
  await expect(testEgress({ lookup }).send(get('http://nowhere.test/'), testLimits())).rejects.toMatchObject({
    kind: 'upstream',
    message: 'The name of nowhere.test could not be resolved. (ENOTFOUND)',
  })
})

test('B140 a refused connection is named by host, without the address behind it', async () => {
  const upstream = await testSocket(() => {})
  const unused = upstream.port === 1 ? 2 : 1
  const egress = testEgress({ lookup: async () => [{ address: '127.0.0.1', family: 4 }] })
  await expect(egress.send(get(`http://down.test:${unused}/`), testLimits())).rejects.toMatchObject({
    kind: 'upstream',
    message: `down.test:${unused} refused the connection. It may be down; try again later. (ECONNREFUSED)`,
    cause: expect.objectContaining({ code: 'ECONNREFUSED' }),
  })
})

test.each([
  ['before the headers', ''],
  ['mid-body', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'],
])('B140 a connection reset %s is an upstream failure', async (_, bytes) => {
  const upstream = await testSocket((socket) => {
    socket.once('data', () => socket.write(bytes, () => socket.resetAndDestroy()))
  })
  await expect(testEgress().send(get(upstream.url), testLimits())).rejects.toMatchObject({
    kind: 'upstream',
    message: expect.stringContaining(
      `127.0.0.1:${upstream.port} closed the connection before its answer was complete.`,
    ),
  })
})

test.each([
  ['a Content-Length not reached', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'],
  [
    'a Content-Length not reached, connection: close',
    'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 100\r\n\r\nhalf',
  ],
  ['a chunk not ended', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n64\r\nhalf'],
  [
    'a last chunk missing, connection: close',
    'HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n',
  ],
])('a truncated body is a failure, never a short answer: %s', async (_, bytes) => {
  const upstream = await testSocket((socket) => {
    socket.once('data', () => socket.end(bytes))
  })
  await expect(testEgress().send(get(upstream.url), testLimits())).rejects.toMatchObject({ kind: 'upstream' })
})

test('what is not HTTP is an upstream failure', async () => {
  const upstream = await testSocket((socket) => {
    socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))
  })
  await expect(testEgress().send(get(upstream.url), testLimits())).rejects.toMatchObject({
    kind: 'upstream',
    message: expect.stringContaining(`127.0.0.1:${upstream.port} gave an answer that is not valid HTTP.`),
  })
})

test('B140 a certificate that nobody vouches for is refused', async () => {
  const server = createTlsServer(testCertificate(), (_, response) => response.end('ok'))
  const upstream = await serve(server, '127.0.0.1', 0)
  const egress = testEgress({ lookup: async () => [{ address: '127.0.0.1', family: 4 }] })
  await expect(egress.send(get(`https://localhost:${upstream.port}/`), testLimits())).rejects.toMatchObject({
    kind: 'upstream',
    message: `The TLS certificate of localhost:${upstream.port} is self-signed. (DEPTH_ZERO_SELF_SIGNED_CERT)`,
  })
})

test('B140 https to a port that speaks plain HTTP is a TLS failure', async () => {
  const upstream = await testUpstream((_, response) => response.end())
  await expect(testEgress().send(get(`https://127.0.0.1:${upstream.port}/`), testLimits())).rejects.toMatchObject({
    kind: 'upstream',
    message: expect.stringContaining(`The TLS connection to 127.0.0.1:${upstream.port} failed.`),
  })
})

test('a header that cannot be sent is named, its value is not', async () => {
  const secret = randomBytes(8).toString('hex')
  const failure = await testEgress()
    .send(get('http://127.0.0.1:1/', [['x-key', `${secret}\r\nx-evil: 1`]]), testLimits())
    .catch((error) => error)
  expect(failure).toMatchObject({
    kind: 'upstream',
    message: 'The request to 127.0.0.1:1 cannot be sent: invalid x-key header. (UND_ERR_INVALID_ARG)',
  })
  expect(failure.message).not.toContain(secret)
})

test('S72 a slow upstream has its own slots: the next call to it fails clearly, calls to others pass', async () => {
  const slow = await testUpstream(() => {})
  const quick = await testUpstream((_, response) => response.end('quick'))
  const egress = testEgress({ maxConcurrentPerOrigin: 2, maxConcurrent: 4 })
  const caller = new AbortController()
  const held = [0, 1].map(() => egress.send(get(slow.url), testLimits({ signal: caller.signal })).catch(() => {}))
  await expect.poll(() => slow.requests.length).toBe(2)
  const waiting = Array.from({ length: 20 }, () => egress.send(get(slow.url), testLimits({ deadline: soon() })))
  const waited = Promise.allSettled(waiting)
  expect(text(await egress.send(get(quick.url), testLimits()))).toBe('quick')
  for (const result of await waited) {
    expect(result).toMatchObject({
      status: 'rejected',
      reason: {
        kind: 'timeout',
        message: expect.stringMatching(/was not called: every connection that may be opened was busy for \d+ ms\./),
      },
    })
  }
  expect(slow.requests).toHaveLength(2)
  caller.abort()
  await Promise.all(held)
})

test('all origins together have no more than the slots of all', async () => {
  const upstreams = [await testUpstream(() => {}), await testUpstream(() => {})]
  const egress = testEgress({ maxConcurrentPerOrigin: 2, maxConcurrent: 3 })
  const caller = new AbortController()
  const sent = [0, 1, 0, 1].map((at) =>
    egress.send(get(upstreams[at]!.url), testLimits({ signal: caller.signal })).catch((failure) => failure),
  )
  const arrived = () => upstreams.flatMap((upstream) => upstream.requests).length
  await expect.poll(arrived).toBe(3)
  const late = egress.send(get(upstreams[1]!.url), testLimits({ deadline: soon() }))
  await expect(late).rejects.toMatchObject({ message: expect.stringContaining('was not called') })
  expect(arrived()).toBe(3)
  caller.abort()
  await Promise.all(sent)
})

test('a slot is free again after an answer, a failure and a time-out', async () => {
  let answers = 0
  const upstream = await testUpstream((request, response) => {
    answers++
    if (request.url === '/fail') request.socket.destroy()
    else if (request.url === '/ok') response.end('ok')
  })
  const egress = testEgress({ maxConcurrentPerOrigin: 1, maxConcurrent: 1 })
  const send = (path: string, deadline?: number) =>
    egress.send({ method: 'POST', url: upstream.url + path, headers: [] }, testLimits(deadline ? { deadline } : {}))
  await expect(send('/fail')).rejects.toMatchObject({ kind: 'upstream' })
  await expect(send('/hang', soon())).rejects.toMatchObject({ kind: 'timeout' })
  expect(text(await send('/ok'))).toBe('ok')
  expect(answers).toBe(3)
})
