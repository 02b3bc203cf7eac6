import { expect, test } from 'vitest'
import { createResponseCache, type ResponseCache } from './response-cache.ts'

const KB = 1024

function put(cache: ResponseCache, key: string, bytes: number, site = 'site'): void {
  const response = { status: 200, headers: [], body: Buffer.alloc(bytes) }
  cache.open(key, site).keep({ response, at: cache.now(), freshMs: 1 })
}
const has = (cache: ResponseCache, key: string, site = 'site') => cache.open(key, site).kept !== undefined

test('so many bytes are kept, and what was used longest ago makes room', () => {
  const cache = createResponseCache()
  for (let n = 0; n < 16; n++) put(cache, `k${n}`, 2 * KB * KB - 500)
  expect(has(cache, 'k0')).toBe(true)
  put(cache, 'one more', 1)
  expect([has(cache, 'k0'), has(cache, 'k1'), has(cache, 'k2'), has(cache, 'one more')]).toEqual([
    true,
    false,
    true,
    true,
  ])
})

test('so many answers are kept, however small', () => {
  const cache = createResponseCache()
  for (let n = 0; n < 5_001; n++) put(cache, `k${n}`, 0)
  expect([has(cache, 'k0'), has(cache, 'k1'), has(cache, 'k5000')]).toEqual([false, true, true])
})

test('an answer that would push many out is not kept, nor the one before it', () => {
  const cache = createResponseCache()
  put(cache, 'a', 1)
  put(cache, 'a', 2 * KB * KB)
  expect(has(cache, 'a')).toBe(false)
})

test('what is kept is held by nobody else, and holds no buffer that it was cut from', () => {
  const cache = createResponseCache()
  const whole = Buffer.from('a small part of a large buffer')
  const body = whole.subarray(2, 7)
  cache.open('a', 'site').keep({ response: { status: 200, headers: [], body }, at: cache.now(), freshMs: 1 })
  whole.fill('x')
  const { response } = cache.open('a', 'site').kept!
  expect([Buffer.from(response.body).toString(), response.body.buffer.byteLength]).toEqual(['small', 5])
})

test('S60 a write is remembered however many other sites are written to', () => {
  const cache = createResponseCache()
  put(cache, 'a', 1)
  put(cache, 'b', 1, 'another')
  cache.forget('site')
  expect([has(cache, 'a'), has(cache, 'b', 'another')]).toEqual([false, true])
  for (let n = 0; n < 10_001; n++) cache.forget(`s${n}`)
  expect(has(cache, 'a')).toBe(false)
  put(cache, 'a', 1)
  expect(has(cache, 'a')).toBe(true)
})

test('S60 what was read before a write never takes the place of what was read after it', () => {
  const cache = createResponseCache()
  const early = cache.open('a', 'site')
  cache.forget('site')
  put(cache, 'a', 2)
  early.keep({ response: { status: 200, headers: [], body: Buffer.alloc(1) }, at: cache.now(), freshMs: 1 })
  expect(cache.open('a', 'site').kept!.response.body).toHaveLength(2)
})
