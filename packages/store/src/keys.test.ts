import { expect, test } from 'vitest'
import { hashKey, newKey } from './keys.ts'

test('S49 a key is 256 bits of chance, of which the hash is stored', () => {
  const keys = Array.from({ length: 100 }, () => newKey('slk'))
  const secrets = keys.map(({ key }) => Buffer.from(key.slice('slk_'.length), 'base64url'))
  expect(secrets.map((secret) => secret.length)).toEqual(Array(100).fill(32))
  expect(new Set(keys.map(({ keyHash }) => keyHash)).size).toBe(100)
  for (const { key, keyHash } of keys) expect(keyHash).toBe(hashKey(key))
})
