import { describe, expect, test } from 'vitest'
import { leaseCalls } from './rate-windows.ts'
import { onEachDatabase } from './testing/databases.ts'
import { newWorkspace } from './testing/examples.ts'

onEachDatabase((store) => {
  describe('what is leased of a limit', () => {
    const lease = (workspaceId: string, more: object = {}) =>
      leaseCalls(store(), { workspaceId, scope: 'key k', window: 7, wanted: 3, limit: 10, ...more })

    test('is never more than the limit, whoever asks at once', async () => {
      const workspaceId = await newWorkspace(store())
      const leases = await Promise.all(Array.from({ length: 8 }, () => lease(workspaceId)))
      expect(leases.reduce((sum, { granted }) => sum + granted, 0)).toBe(10)
      expect(Math.min(...leases.map(({ left }) => left))).toBe(0)
    })

    test('begins anew with each window, and not by a clock that is behind', async () => {
      const workspaceId = await newWorkspace(store())
      expect(await lease(workspaceId, { wanted: 10 })).toEqual({ granted: 10, left: 0 })
      expect(await lease(workspaceId, { window: 8 })).toEqual({ granted: 3, left: 7 })
      expect(await lease(workspaceId, { window: 7 })).toEqual({ granted: 3, left: 4 })
    })

    test('of one scope and workspace is not of another', async () => {
      const [one, other] = [await newWorkspace(store()), await newWorkspace(store())]
      await lease(one, { wanted: 10 })
      expect(await lease(other)).toEqual({ granted: 3, left: 7 })
      expect(await lease(one, { scope: 'server s' })).toEqual({ granted: 3, left: 7 })
    })
  })
})
