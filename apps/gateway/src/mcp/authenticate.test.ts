import { hashKey } from '@sluice/store'
import { expect, test } from 'vitest'
import { authenticate, type KnownKey } from './authenticate.ts'

const key = `slk_${'aB3-x_'.repeat(7)}Z`
const HASH = hashKey(key)

function directoryOf(expiresAt: number | null = null) {
  const asked: string[] = []
  const known: KnownKey = { id: 'key_1', workspaceId: 'ws_1', name: 'Claude', expiresAt, serverIds: new Set() }
  const keys = new Map([[HASH, known]])
  const get = (hash: string) => {
    asked.push(hash)
    return keys.get(hash)
  }
  const keysByHash = Object.assign(new Map(keys), { get })
  return { asked, directory: { keysByHash, issuersByServer: new Map() } }
}

test('S49 a key is looked up once, by the hash of the whole of it', () => {
  const { asked, directory } = directoryOf()
  expect(authenticate(directory, `Bearer ${key}`)?.id).toBe('key_1')
  const others = [key.slice(0, -1), `${key}A`, key.slice(0, 12), key.toLowerCase(), HASH]
  expect(others.map((other) => authenticate(directory, `Bearer ${other}`))).toEqual(others.map(() => undefined))
  expect(asked).toEqual([key, ...others].map(hashKey))
})

test('S49 one that expired is looked up like any other', () => {
  const { asked, directory } = directoryOf(Date.now() - 1)
  expect(authenticate(directory, `Bearer ${key}`)).toBeUndefined()
  expect(asked).toEqual([HASH])
})

test('S47 nothing but the header is a key', () => {
  const { asked, directory } = directoryOf()
  for (const header of [undefined, '', key, `Basic ${key}`, `Bearer ${key} ${key}`, `Bearer ${key}, Bearer ${key}`])
    expect(authenticate(directory, header)).toBeUndefined()
  expect(asked).toEqual([])
})
