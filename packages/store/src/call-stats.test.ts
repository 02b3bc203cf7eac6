import { describe, expect, test } from 'vitest'
import { countCalls } from './call-stats.ts'
import { recordCalls } from './recorded-calls.ts'
import { onEachDatabase } from './testing/databases.ts'
import { finished, newWorkspace } from './testing/examples.ts'

onEachDatabase((store) => {
  describe('figures of recorded calls', () => {
    test('are right, in all and by what calls have in common, and of one workspace', async () => {
      const [workspaceId, other] = [await newWorkspace(store()), await newWorkspace(store())]
      const tokens = { raw: 100, sent: 30 }
      const calls = [
        ...Array.from({ length: 99 }, (_, n) =>
          finished(workspaceId, { ms: n + 1, tokens: n < 40 ? { ...tokens, isReckoned: true } : tokens }),
        ),
        finished(workspaceId, { ms: 100, server: 'other', tool: 'fails', outcome: 'upstream' }),
      ]
      await recordCalls(store(), [...calls, finished(other)], [{ id: `drop-${workspaceId}`, workspaceId, calls: 7 }])
      const { total, groups, dropped } = await countCalls(store(), workspaceId, { by: 'tool', most: 10 })
      const saved = { rawTokens: 9900, sentTokens: 2970, savedTokens: 6930, reckoned: 40 }
      expect(total).toEqual({ calls: 100, errors: 1, p50: 50.5, p95: 95.05, p99: 99.01, ...saved })
      expect(groups).toMatchObject([
        { key: 'shop/get_book', name: 'shop/get_book', calls: 99, errors: 0, p50: 50, ...saved },
        { key: 'other/fails', calls: 1, errors: 1, p50: 100, p99: 100, savedTokens: 0, reckoned: 0 },
      ])
      expect(dropped).toBe(7)
    })

    test('of keys have the name of the caller, of hours are in their order', async () => {
      const workspaceId = await newWorkspace(store())
      const hour = (text: string) => ({ at: Date.parse(text) })
      await recordCalls(store(), [
        finished(workspaceId, hour('2030-01-01T10:59:59.999Z')),
        finished(workspaceId, { ...hour('2030-01-01T11:00:00Z'), callerId: 'key_2', caller: 'Bob' }),
        finished(workspaceId, hour('2030-01-01T11:30:00Z')),
      ])
      const count = async (by: 'hour' | 'key') =>
        (await countCalls(store(), workspaceId, { by, most: 10 })).groups.map(({ key, name, calls }) => [
          key,
          name,
          calls,
        ])
      expect(await count('hour')).toEqual([
        ['2030-01-01T10:00:00Z', '2030-01-01T10:00:00Z', 1],
        ['2030-01-01T11:00:00Z', '2030-01-01T11:00:00Z', 2],
      ])
      expect(await count('key')).toEqual([
        ['key_1', 'Ada', 2],
        ['key_2', 'Bob', 1],
      ])
    })

    test('of no calls are none', async () => {
      const workspaceId = await newWorkspace(store())
      expect(await countCalls(store(), workspaceId, { by: 'server', most: 10 })).toMatchObject({
        total: { calls: 0, errors: 0, p50: null, p99: null, savedTokens: 0 },
        groups: [],
        dropped: 0,
      })
    })
  })
})
