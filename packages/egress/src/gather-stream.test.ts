import { expect, test } from 'vitest'
import { get, testEgress, testLimits, testUpstream, text } from './test-upstream.ts'

const EVENTS = { 'content-type': 'text/event-stream; charset=utf-8' }

test.each(['text/event-stream', 'application/x-ndjson', 'application/jsonl'])(
  'B137 a stream of %s that does not end is closed after a while, with what it brought',
  async (type) => {
    let isClosed = false
    const upstream = await testUpstream((_request, response) => {
      response.writeHead(200, { 'content-type': type })
      response.write('one\n')
      response.once('close', () => {
        isClosed = true
      })
    })
    const answer = await testEgress({ streamMs: 200 }).send(get(upstream.url), testLimits())
    expect([text(answer), answer.isPart]).toEqual(['one\n', true])
    await expect.poll(() => isClosed).toBe(true)
  },
)

test('B137 one that is too long is cut there, one that ends is whole', async () => {
  const upstream = await testUpstream((request, response) => {
    response.writeHead(200, EVENTS)
    if (request.url === '/ends') response.end('data: 1\n\n')
    else setInterval(() => response.write('x'.repeat(1000)), 5).unref()
  })
  const egress = testEgress()
  const long = await egress.send(get(upstream.url), testLimits({ maxBytes: 5_500 }))
  expect([long.body.length, long.isPart]).toEqual([5_500, true])
  const whole = await egress.send(get(`${upstream.url}/ends`), testLimits())
  expect([text(whole), whole.isPart]).toEqual(['data: 1\n\n', undefined])
})

test('B141 a caller who goes away closes it', async () => {
  const upstream = await testUpstream((_request, response) => {
    response.writeHead(200, EVENTS)
    response.write('data: 1\n\n')
  })
  const leaving = new AbortController()
  const sent = testEgress().send(get(upstream.url), testLimits({ signal: leaving.signal }))
  await expect.poll(() => upstream.requests.length).toBe(1)
  leaving.abort()
  await expect(sent).rejects.toMatchObject({ kind: 'cancelled' })
})

test('a stream that breaks is a failure', async () => {
  const upstream = await testUpstream((_request, response) => {
    response.writeHead(200, EVENTS)
    response.write('data: 1\n\n', () => response.socket!.resetAndDestroy())
  })
  await expect(testEgress().send(get(upstream.url), testLimits())).rejects.toMatchObject({ kind: 'upstream' })
})

test.each([
  ['application/x-ndjson', ['{"n":1}\n{"n"', ':2}\n', '\n{"n":3}\r\n', '{"n":4}'], [1, 2, 3]],
  ['text/event-stream', ['data: 1\n', 'id: 1\n\ndata: 2\r\n\r', '\n\n\ndata: 3\n\n', 'data: 4\n'], [1, 3]],
])('it is told how many records of %s have come', async (type, chunks, want) => {
  const upstream = await testUpstream(async (_request, response) => {
    response.writeHead(200, { 'content-type': type })
    for (const chunk of chunks) {
      response.write(chunk)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    response.end()
  })
  const told: number[] = []
  await testEgress().send(get(upstream.url), testLimits({ onRecords: (received) => void told.push(received) }))
  expect(told).toEqual(want)
})
