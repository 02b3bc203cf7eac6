import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { get, testEgress, testLimits, testSocket, testUpstream, text } from './test-upstream.ts'

test('sends method, path, query, repeated headers and body as they are', async () => {
  const bodies: string[] = []
  const upstream = await testUpstream(async (request, response) => {
    bodies.push(Buffer.concat(await request.toArray()).toString())
    response.end()
  })
  await testEgress().send(
    {
      method: 'PATCH',
      url: `${upstream.url}/a%2Fb/%C3%BC?q=1&q=%20#fragment`,
      headers: [
        ['X-Tag', 'one'],
        ['x-tag', 'two'],
        ['Content-Type', 'application/json'],
      ],
      body: '{"a": 1}',
    },
    testLimits(),
  )
  const [request] = upstream.requests
  expect(request).toMatchObject({ method: 'PATCH', url: '/a%2Fb/%C3%BC?q=1&q=%20' })
  expect(request!.headersDistinct).toMatchObject({
    'x-tag': ['one', 'two'],
    'content-type': ['application/json'],
    'content-length': ['8'],
    host: [`127.0.0.1:${upstream.port}`],
  })
  expect(bodies).toEqual(['{"a": 1}'])
})

test('sends a body of bytes unchanged', async () => {
  const bodies: Buffer[] = []
  const upstream = await testUpstream(async (request, response) => {
    bodies.push(Buffer.concat(await request.toArray()))
    response.end()
  })
  const body = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  await testEgress().send({ method: 'POST', url: upstream.url, headers: [], body }, testLimits())
  expect(bodies).toEqual([Buffer.from(body)])
})

test('response headers come in order, with lower-case names, repeated ones apart', async () => {
  const upstream = await testUpstream((_, response) =>
    response.writeHead(201, ['Set-Cookie', 'a=1', 'X-Thing', 'Some Value', 'Set-Cookie', 'b=2']).end('made'),
  )
  const response = await testEgress().send(get(upstream.url), testLimits())
  expect(response.status).toBe(201)
  expect(text(response)).toBe('made')
  expect(response.headers.slice(0, 3)).toEqual([
    ['set-cookie', 'a=1'],
    ['x-thing', 'Some Value'],
    ['set-cookie', 'b=2'],
  ])
})

test('asks for the codings it reads, unless the request says which', async () => {
  const upstream = await testUpstream((_, response) => response.end())
  const egress = testEgress()
  await egress.send(get(upstream.url), testLimits())
  await egress.send(get(upstream.url, [['Accept-Encoding', 'identity']]), testLimits())
  expect(upstream.requests.map((request) => request.headersDistinct['accept-encoding'])).toEqual([
    ['gzip, br, zstd, deflate'],
    ['identity'],
  ])
})

test('B138 decodes what the Content-Encoding headers say', async () => {
  const upstream = await testUpstream((_, response) =>
    response.writeHead(200, ['Content-Encoding', 'gzip', 'Content-Encoding', 'gzip']).end(gzipSync(gzipSync('plain'))),
  )
  expect(text(await testEgress().send(get(upstream.url), testLimits()))).toBe('plain')
})

test.each([
  ['HEAD', 200],
  ['GET', 204],
  ['GET', 304],
])('the answer to %s with %i has no body, though its headers speak of one', async (method, status) => {
  const upstream = await testUpstream((_, response) =>
    response
      .writeHead(status, method === 'HEAD' ? { 'content-length': '99999999', 'content-encoding': 'gzip' } : {})
      .end(),
  )
  const response = await testEgress().send({ method, url: upstream.url, headers: [] }, testLimits())
  expect(response.status).toBe(status)
  expect(response.body).toHaveLength(0)
})

test('interim answers are passed over', async () => {
  const upstream = await testUpstream((_, response) => {
    response.writeProcessing()
    response.writeEarlyHints({ link: '</style.css>; rel=preload' })
    response.end('final')
  })
  const response = await testEgress().send(get(upstream.url), testLimits())
  expect([response.status, text(response)]).toEqual([200, 'final'])
})

test('a kept connection that dies under a safe request is replaced and the request sent once more', async () => {
  const paths: string[] = []
  const upstream = await testUpstream((request, response) => {
    paths.push(`${request.method} ${request.url}`)
    if (request.url === '/second' && paths.length === 2) request.socket.destroy()
    else response.end('ok')
  })
  const egress = testEgress()
  await egress.send(get(`${upstream.url}/first`), testLimits())
  expect(text(await egress.send(get(`${upstream.url}/second`), testLimits()))).toBe('ok')
  expect(paths).toEqual(['GET /first', 'GET /second', 'GET /second'])
})

test('promise 1: a request that may change something is never sent twice', async () => {
  const methods: string[] = []
  const upstream = await testUpstream((request, response) => {
    methods.push(request.method!)
    if (request.method === 'GET') response.end('ok')
    else request.socket.destroy()
  })
  const egress = testEgress()
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    await egress.send(get(upstream.url), testLimits())
    await expect(egress.send({ method, url: upstream.url, headers: [] }, testLimits())).rejects.toMatchObject({
      kind: 'upstream',
      message: expect.stringMatching(/closed the connection .* may have been carried out nevertheless\.$/),
    })
  }
  expect(methods).toEqual(['GET', 'POST', 'GET', 'PUT', 'GET', 'PATCH', 'GET', 'DELETE'])
})

test('a kept connection half closed by the upstream is not used again', async () => {
  const upstream = await testSocket((socket) => {
    socket.on('data', () => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
      socket.end()
    })
  })
  const egress = testEgress()
  const request = { method: 'POST', url: upstream.url, headers: [] }
  for (let round = 0; round < 3; round++) {
    expect(text(await egress.send(request, testLimits()))).toBe('ok')
    // Lets the other side's FIN arrive; without the pause the next request may race it.
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  expect(upstream.connections()).toBe(3)
})
