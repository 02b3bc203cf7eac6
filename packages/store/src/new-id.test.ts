import { expect, test } from 'vitest'
import { newId } from './new-id.ts'

test('is the prefix and 26 characters of base 32', () => {
  expect(newId('up')).toMatch(/^up_[0-9a-hjkmnp-tv-z]{26}$/)
})

test('sorts by the millisecond it was made in', async () => {
  const first = newId('up')
  await new Promise((resolve) => setTimeout(resolve, 2))
  expect(newId('up') > first).toBe(true)
})

test('does not repeat', () => {
  const ids = Array.from({ length: 1_000 }, () => newId('up'))
  expect(new Set(ids).size).toBe(1_000)
})
