import { describe, expect, test } from 'vitest'
import { callOnce, headerOf } from './testing/call-once.ts'

const KEY = { name: 'Idempotency-Key', in: 'header', schema: { type: 'string', maxLength: 64 } }
const post = (parameters: object[], args: object = {}) =>
  callOnce({ path: '/orders', method: 'post', operation: { parameters }, args })

describe('S74 what may be sent again', () => {
  test.each([
    ['get', true],
    ['put', true],
    ['delete', true],
    ['post', false],
    ['patch', false],
  ])('%s: %s', async (method, repeatable) => {
    const { limits } = await callOnce({ path: '/orders', method, operation: { parameters: [] }, args: {} })
    expect(limits[0]!.repeatable).toBe(repeatable)
  })

  test('a POST with a key of the caller’s, which is sent as it is', async () => {
    const { sent, limits } = await post([KEY], { 'Idempotency-Key': 'mine' })
    expect([headerOf(sent[0], 'idempotency-key'), limits[0]!.repeatable]).toEqual([['mine'], true])
  })

  test('a POST whose API takes a key gets one of ours, another for each call', async () => {
    const [one, other] = await Promise.all([post([KEY]), post([KEY])])
    expect(headerOf(one.sent[0], 'idempotency-key')).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)])
    expect(headerOf(other.sent[0], 'idempotency-key')).not.toEqual(headerOf(one.sent[0], 'idempotency-key'))
    expect(one.limits[0]!.repeatable).toBe(true)
  })

  test('not where ours would not fit', async () => {
    const { sent, limits } = await post([{ ...KEY, schema: { type: 'string', maxLength: 8 } }])
    expect([headerOf(sent[0], 'idempotency-key'), limits[0]!.repeatable]).toEqual([[], false])
  })
})
