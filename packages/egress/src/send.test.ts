import { getEventListeners } from 'node:events'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { get, testEgress, testLimits, testSocket, testUpstream, text } from './test-upstream.ts'

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

test('promise 2, S35 a body that drips is given up at the deadline', async () => {
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
