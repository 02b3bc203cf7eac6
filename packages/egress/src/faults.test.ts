import { randomBytes } from 'node:crypto'
import { createServer as createTlsServer } from 'node:https'
import { expect, test } from 'vitest'
import { testCertificate } from './test-certificate.ts'
import { get, serve, testEgress, testLimits, testSocket, testUpstream } from './test-upstream.ts'

const soon = () => Date.now() + 300

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
    message: `The TLS certificate of localhost:${upstream.port} is self-signed. The operator can trust it: start Sluice with NODE_EXTRA_CA_CERTS naming a PEM file that holds it. (DEPTH_ZERO_SELF_SIGNED_CERT)`,
  })
})

test('HTTP/2 is not offered', async () => {
  const offered: string[][] = []
  const server = createTlsServer({
    ...testCertificate(),
    ALPNCallback({ protocols }) {
      offered.push(protocols)
      return 'http/1.1'
    },
  })
  const upstream = await serve(server, '127.0.0.1', 0)
  await testEgress()
    .send(get(`https://127.0.0.1:${upstream.port}/`), testLimits())
    .catch(() => {})
  expect(offered).toEqual([['http/1.1']])
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
