import { type Observation, Problem } from '@sluice/contract'
import type { DueRefresh } from '@sluice/store'
import { expect, test, vi } from 'vitest'
import { refreshSpecs } from './refresh-specs.ts'

const due: DueRefresh = {
  workspaceId: 'ws',
  slug: 'shop',
  url: 'https://shop.test/openapi.json',
  allow: [],
  validator: null,
  headers: null,
}

test.each<[string, unknown, Partial<Observation>]>([
  [
    'a database that goes away',
    new Problem('database-unavailable', { detail: 'away' }),
    { kind: 'refresh.finished', upstream: 'shop', outcome: 'failed: the database does not answer' },
  ],
  ['anything else', new Error('broken'), { kind: 'bug', where: 'refreshing shop' }],
])('a refresh that ends by %s is told as that', async (_what, cause, told) => {
  const observe = vi.fn()
  const refreshing = refreshSpecs({ claim: async () => [due], refresh: () => Promise.reject(cause), observe }, 60_000)
  await vi.waitFor(() => expect(observe).toHaveBeenCalledWith(expect.objectContaining(told)))
  await refreshing.close()
})
