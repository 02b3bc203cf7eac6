import type { CatalogUpstream } from '@sluice/contract'
import { expect, test } from 'vitest'
import { maskOfCall } from './mask-of-call.ts'

test('S34 a mask is kept for the calls that have its secrets, and for no other', () => {
  const upstream = {} as CatalogUpstream
  const mask = maskOfCall(upstream, ['first-secret'])
  expect(maskOfCall(upstream, ['first-secret'])).toBe(mask)
  expect(mask.text('a first-secret')).toBe('a [masked]')
  const renewed = maskOfCall(upstream, ['second-secret'])
  expect(renewed.text('a first-secret, a second-secret')).toBe('a first-secret, a [masked]')
  expect(maskOfCall({} as CatalogUpstream, ['second-secret'])).not.toBe(renewed)
  expect(maskOfCall(upstream, []).text('a second-secret')).toBe('a second-secret')
})
