import { Problem } from '@sluice/contract'
import { countCalls, recordCalls } from '@sluice/store'
import { describe, expect, test } from 'vitest'
import { createCallRecorder, type WriteCalls } from '../../apps/gateway/src/live/record-calls.ts'
import { onEachDatabase } from '../../packages/store/src/testing/databases.ts'
import { finished, newWorkspace } from '../../packages/store/src/testing/examples.ts'

// No call is lost without being counted, whatever keeps the database from recording it.

onEachDatabase((store) => {
  describe('calls that were not recorded', () => {
    const run = (query: string) => store().db.execute(query)
    let isAway = false
    const write: WriteCalls = async (calls, drops) => {
      if (isAway) throw new Problem('database-unavailable', { detail: 'away' })
      await recordCalls(store(), calls, drops)
    }
    const setAway = (value: boolean) => async () => {
      isAway = value
    }

    test.each<[what: string, ill: () => Promise<unknown>, well: () => Promise<unknown>]>([
      ['is away', setAway(true), setAway(false)],
      [
        'refuses them',
        () => run('alter table recorded_calls add constraint refused check (false) not valid'),
        () => run('alter table recorded_calls drop constraint refused'),
      ],
    ])('are counted when the database %s for a while: with those that were, they are all', async (_what, ill, well) => {
      const workspaceId = await newWorkspace(store())
      const recorder = createCallRecorder(write, () => {}, { mostWaiting: 300, everyMs: 1_000_000 })
      for (let n = 0; n < 1_000; n++) {
        if (n === 200) await recorder.flush().then(ill)
        recorder.record(finished(workspaceId))
        if (n % 100 === 99) await recorder.flush()
        if (n === 799) await well()
      }
      await recorder.close()
      const { total, dropped } = await countCalls(store(), workspaceId, { by: 'server', most: 1 })
      expect([total.calls + dropped, dropped]).toEqual([1_000, recorder.counts().dropped])
      // 200 were recorded before, and 200 afterwards.
      expect(total.calls).toBeGreaterThanOrEqual(400)
      expect(dropped).toBeGreaterThan(0)
    })
  })
})
