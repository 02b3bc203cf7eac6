import {
  createBrotliCompress,
  createDeflate,
  createDeflateRaw,
  createGzip,
  createZstdCompress,
  gzipSync,
} from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { get, testEgress, testLimits, testUpstream, text } from './test-upstream.ts'

const EVENTS = { 'content-type': 'text/event-stream; charset=utf-8' }

test.each([
  'text/event-stream',
  'application/x-ndjson',
  'application/jsonl',
  'application/x-jsonlines',
  'Application/JSONLines; charset=utf-8',
  'application/json-seq',
  'application/geo+json-seq',
])('B137 a stream of %s that does not end is closed after a while, with what it brought', async (type) => {
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
})

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
  ['application/json-seq', ['\x1e{"n":1}\n\x1e{\n"n":', '2}\n', '\x1e{"n":3}\n', '\x1e'], [1, 2, 3]],
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

describe('B137 B138 a stream that is compressed', () => {
  const ENCODERS = {
    gzip: createGzip,
    br: createBrotliCompress,
    zstd: createZstdCompress,
    deflate: createDeflate,
    'deflate, bare': createDeflateRaw,
  }

  test.each(Object.entries(ENCODERS))(
    'in %s is heard as it is flushed, and closed after a while',
    async (name, make) => {
      const coding = name.split(',', 1)[0]!
      let isClosed = false
      const upstream = await testUpstream((_request, response) => {
        response.once('close', () => {
          isClosed = true
        })
        response.writeHead(200, { ...EVENTS, 'content-encoding': coding })
        const encoder = make()
        encoder.pipe(response)
        encoder.write('data: 1\n\n')
        encoder.flush(() =>
          setTimeout(() => {
            encoder.write('data: 2\n\n')
            encoder.flush()
          }, 50),
        )
      })
      const told: number[] = []
      const onRecords = (received: number) => void told.push(received)
      const answer = await testEgress({ streamMs: 1_000 }).send(get(upstream.url), testLimits({ onRecords }))
      expect([text(answer), answer.isPart, told]).toEqual(['data: 1\n\ndata: 2\n\n', true, [1, 2]])
      await expect.poll(() => isClosed).toBe(true)
    },
  )

  test.each(Object.entries(ENCODERS))('in %s that ends is whole; a bomb of it is cut', async (name, make) => {
    const coding = name.split(',', 1)[0]!
    const upstream = await testUpstream((request, response) => {
      response.writeHead(200, { ...EVENTS, 'content-encoding': coding })
      const encoder = make()
      encoder.pipe(response)
      encoder.end(request.url === '/bomb' ? Buffer.alloc(20_000_000, 'x') : 'data: 1\n\n')
    })
    const egress = testEgress()
    const whole = await egress.send(get(upstream.url), testLimits())
    expect([text(whole), whole.isPart]).toEqual(['data: 1\n\n', undefined])
    const bomb = await egress.send(get(`${upstream.url}/bomb`), testLimits({ maxBytes: 5_500 }))
    expect([bomb.body.length, bomb.isPart]).toEqual([5_500, true])
  })

  const TWICE = gzipSync(gzipSync('data: 1\n\n'))

  test.each([
    ['twice', 'gzip, gzip', TWICE, 'data: 1\n\n'],
    ['and empty', 'gzip', '', ''],
    ['by name only', 'identity', 'data: 1\n\n', 'data: 1\n\n'],
  ])('%s is read', async (_name, coding, body, want) => {
    const upstream = await testUpstream((_request, response) =>
      response.writeHead(200, { ...EVENTS, 'content-encoding': coding }).end(body),
    )
    const answer = await testEgress().send(get(upstream.url), testLimits())
    expect([text(answer), answer.isPart]).toEqual([want, undefined])
  })

  test.each([
    ['is not what it says', 'gzip', 'data: 1\n\n', 'sent an answer that is not valid gzip.'],
    ['ends too early', 'gzip', TWICE.subarray(0, -5), 'sent an answer that is not valid gzip.'],
    ['is in an unknown coding', 'klingon', 'x', 'encoded its answer as "klingon", which is not read here.'],
    ['is encoded too often', 'br,br,br,br,br', 'x', 'encoded its answer more than 4 times.'],
  ])('that %s is a failure', async (_name, coding, body, message) => {
    const upstream = await testUpstream((_request, response) =>
      response.writeHead(200, { ...EVENTS, 'content-encoding': coding }).end(body),
    )
    const failure = { kind: 'upstream', message: `127.0.0.1:${upstream.port} ${message}` }
    await expect(testEgress().send(get(upstream.url), testLimits())).rejects.toMatchObject(failure)
  })

  test('that breaks is a failure, by its own name', async () => {
    const upstream = await testUpstream((_request, response) => {
      response.writeHead(200, { ...EVENTS, 'content-encoding': 'gzip' })
      response.write(TWICE.subarray(0, 20), () => response.socket!.resetAndDestroy())
    })
    await expect(testEgress().send(get(upstream.url), testLimits())).rejects.toThrow('closed the connection before')
  })
})
