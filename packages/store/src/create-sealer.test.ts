import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createSealer, sealingKey } from './create-sealer.ts'

const current = sealingKey(randomBytes(32))
const { seal, open } = createSealer({ current })

test('opens what it sealed', () => {
  expect(open(seal('ws_a', 'sec_1', 'pässword: 🔑'))).toBe('pässword: 🔑')
  expect(open(seal('ws_a', 'sec_1', ''))).toBe('')
})

test('seals the same text differently each time, and never in the clear', () => {
  const [first, second] = [seal('ws_a', 'sec_1', 'canary'), seal('ws_a', 'sec_1', 'canary')]
  expect(first.sealed).not.toBe(second.sealed)
  expect(Buffer.from(first.sealed, 'base64').toString('latin1')).not.toContain('canary')
})

describe('S41: does not open', () => {
  const secret = seal('ws_a', 'sec_1', 'canary')

  test.each([
    ['in another workspace', { ...secret, workspaceId: 'ws_b' }],
    ['in another row', { ...secret, secretId: 'sec_2' }],
    ['with the halves of its place moved', { ...secret, workspaceId: 'ws_as', secretId: 'ec_1' }],
    ['under the id of another key', { ...secret, keyId: 'deadbeef' }],
    ['when a byte is changed', { ...secret, sealed: flipLastByte(secret.sealed) }],
    ['when it is cut short', { ...secret, sealed: secret.sealed.slice(0, 20) }],
  ])('%s', (_how, moved) => {
    expect(() => open(moved)).toThrow()
  })

  test('with another key of the same id', () => {
    const other = createSealer({ current: { id: current.id, key: randomBytes(32) } })
    expect(() => other.open(secret)).toThrow()
  })
})

test('after a change of keys, opens what the older one sealed and seals with the new one', () => {
  const sealed = seal('ws_a', 'sec_1', 'canary')
  const rotated = createSealer({ current: sealingKey(randomBytes(32)), older: [current] })
  expect(rotated.open(sealed)).toBe('canary')
  expect(() => open(rotated.seal('ws_a', 'sec_1', 'canary'))).toThrow(/which is not here/)
})

test('names a key by what can be computed from it alone', () => {
  expect(sealingKey(Buffer.alloc(32)).id).toMatch(/^[0-9a-f]{8}$/)
  expect(sealingKey(Buffer.alloc(32)).id).toBe(sealingKey(Buffer.alloc(32)).id)
  expect(sealingKey(Buffer.alloc(32)).id).not.toBe(sealingKey(Buffer.alloc(32, 1)).id)
})

test('refuses a key that has not 32 bytes', () => {
  expect(() => createSealer({ current: sealingKey(Buffer.alloc(31)) })).toThrow(/has 31 bytes/)
})

function flipLastByte(base64: string): string {
  const bytes = Buffer.from(base64, 'base64')
  bytes[bytes.length - 1]! ^= 1
  return bytes.toString('base64')
}
