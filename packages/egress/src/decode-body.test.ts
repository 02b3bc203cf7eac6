import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { decodeBody } from './decode-body.ts'

const plain = Buffer.from('{"greeting": "hello, hello, hello"}')
const limits = { maxBytes: 1_000, host: 'api.example.com' }

test.each([
  ['gzip', gzipSync(plain)],
  ['x-gzip', gzipSync(plain)],
  ['GZip', gzipSync(plain)],
  ['br', brotliCompressSync(plain)],
  ['zstd', zstdCompressSync(plain)],
  ['deflate', deflateSync(plain)],
  ['deflate', deflateRawSync(plain)],
  ['identity', plain],
  ['', plain],
  ['UTF-8', plain],
  ['binary', plain],
  ['aws-chunked,gzip', gzipSync(plain)],
  ['gzip, br', brotliCompressSync(gzipSync(plain))],
])('B138 decodes "%s"', async (coding, body) => {
  expect(Buffer.from(await decodeBody(body, [coding], limits))).toEqual(plain)
})

test('B138 codings of repeated headers are undone from the last to the first', async () => {
  const body = zstdCompressSync(gzipSync(plain))
  expect(Buffer.from(await decodeBody(body, ['gzip', 'zstd'], limits))).toEqual(plain)
})

test('an empty body stays empty whatever its coding', async () => {
  expect(await decodeBody(Buffer.alloc(0), ['gzip'], limits)).toHaveLength(0)
})

test.each([
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
])('B138 S35 a %s bomb is stopped at the limit', async (coding, compress) => {
  const bomb = compress(Buffer.alloc(20_000_000))
  await expect(decodeBody(bomb, [coding], limits)).rejects.toMatchObject({
    kind: 'too-large',
    message: 'The answer of api.example.com is larger than 1000 bytes, the most that is read. Ask for less of it.',
  })
})

test('S35 a bomb inside a bomb is stopped at the outer one', async () => {
  const bomb = gzipSync(gzipSync(Buffer.alloc(200_000_000)))
  await expect(decodeBody(bomb, ['gzip', 'gzip'], limits)).rejects.toMatchObject({ kind: 'too-large' })
})

test('a body of exactly the limit passes', async () => {
  expect(await decodeBody(gzipSync(Buffer.alloc(1_000)), ['gzip'], limits)).toHaveLength(1_000)
})

test.each([
  ['garbage', Buffer.from('not compressed at all')],
  ['a truncated stream', gzipSync(plain).subarray(0, -12)],
])('bad gzip, %s, names the host and the coding', async (_, body) => {
  await expect(decodeBody(body, ['gzip'], limits)).rejects.toMatchObject({
    kind: 'upstream',
    message: 'api.example.com sent an answer that is not valid gzip.',
    cause: expect.any(Error),
  })
})

test.each(['compress', 'constructor', '__proto__'])('the coding "%s" is not known', async (coding) => {
  await expect(decodeBody(plain, [coding], limits)).rejects.toMatchObject({
    kind: 'upstream',
    message: `api.example.com encoded its answer as "${coding}", which is not read here.`,
  })
})

test('more than four codings are refused', async () => {
  await expect(decodeBody(plain, ['gzip,gzip,gzip,gzip,gzip'], limits)).rejects.toMatchObject({
    kind: 'upstream',
    message: 'api.example.com encoded its answer more than 4 times.',
  })
})
