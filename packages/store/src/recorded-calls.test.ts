import { CallFilter, type FinishedCall, RecordedCall } from '@sluice/contract'
import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { findRecordedCall, listRecordedCalls, recordCalls } from './recorded-calls.ts'
import { onEachDatabase } from './testing/databases.ts'
import { finished, newWorkspace } from './testing/examples.ts'
import { deleteWorkspace } from './workspaces.ts'

onEachDatabase((store) => {
  describe('recorded calls', () => {
    const list = async (workspaceId: string, filter = {}) =>
      (await listRecordedCalls(store(), workspaceId, filter)).items.map(({ id }) => id)

    test('a call is read as it was told', async () => {
      const workspaceId = await newWorkspace(store())
      const call = finished(workspaceId, {
        toolId: 'tool_1',
        operationVersion: 'ver_1',
        specRevision: 'rev_1',
        clientVersion: '2.1',
        road: 'code',
        parent: 'call-0',
        outcome: 'upstream',
        status: 503,
        retries: 2,
        cache: 'miss',
        stages: { arguments: 0.1, upstream: 12.25 },
        rawBytes: 1234,
        tokens: { raw: 310, sent: 20, isReckoned: true },
      })
      await recordCalls(store(), [call])
      const { kind: _kind, workspaceId: _in, callId: id, at, ...told } = call
      const recorded = { ...told, id, at: new Date(at).toISOString(), savedTokens: 290, traceId: null }
      expect(await findRecordedCall(store(), workspaceId, id)).toEqual(recorded)
      expect(await findRecordedCall(store(), await newWorkspace(store()), id)).toBeUndefined()
    })

    test('what was not told is null, and nobody’s text can spoil a batch', async () => {
      const workspaceId = await newWorkspace(store())
      const odd = finished(workspaceId, { client: 'a\0b\ud800c \\u0000 "', tool: `'; drop table recorded_calls; --` })
      const plain = finished(workspaceId)
      await recordCalls(store(), [odd, plain])
      expect(await findRecordedCall(store(), workspaceId, odd.callId)).toMatchObject({
        client: 'a\ufffdb\ufffdc \\u0000 "',
        tool: odd.tool,
        status: null,
        tokens: null,
        savedTokens: null,
        stages: {},
        retries: 0,
      })
      expect(await list(workspaceId)).toEqual([plain.callId, odd.callId])
    })

    test('a batch that is written twice is there once, and one of a workspace that is gone holds up no other', async () => {
      const [workspaceId, gone] = [await newWorkspace(store()), await newWorkspace(store())]
      const [own, others] = [finished(workspaceId), finished(gone)]
      await recordCalls(store(), [others])
      await deleteWorkspace(store(), { workspaceId: gone, actor: 'system' })
      for (let n = 0; n < 2; n++) await recordCalls(store(), [own, others, finished(gone)])
      expect(await list(workspaceId)).toEqual([own.callId])
      const { rows } = await store().db.execute(sql`select 1 from recorded_calls where workspace_id = ${gone}`)
      expect(rows).toEqual([])
    })

    const tokens = { raw: 900, sent: 100 }
    const CASES: ReadonlyArray<[keyof RecordedCall, Partial<FinishedCall>, CallFilter]> = [
      ['server', { server: 'other' }, { server: 'other' }],
      ['tool', { tool: 'other' }, { tool: 'other' }],
      ['toolId', { toolId: 'tool_9' }, { toolId: 'tool_9' }],
      ['operationVersion', { operationVersion: 'ver_9' }, { operationVersion: 'ver_9' }],
      ['specRevision', { specRevision: 'rev_9' }, { specRevision: 'rev_9' }],
      ['callerId', { callerId: 'key_9' }, { callerId: 'key_9' }],
      ['caller', { caller: 'Bob' }, { caller: 'Bob' }],
      ['client', { client: 'codex' }, { client: 'codex' }],
      ['clientVersion', { clientVersion: '9' }, { clientVersion: '9' }],
      ['road', { road: 'search' }, { road: 'search' }],
      ['parent', { parent: 'call-0' }, { parent: 'call-0' }],
      ['outcome', { outcome: 'timeout' }, { outcome: 'timeout' }],
      ['outcome', { outcome: 'upstream' }, { failed: true }],
      ['status', { status: 404 }, { status: 404 }],
      ['cache', { cache: 'hit' }, { cache: 'hit' }],
      ['ms', { ms: 900 }, { minMs: 900 }],
      ['ms', { ms: 0.5 }, { maxMs: 0.5 }],
      ['retries', { retries: 2 }, { minRetries: 1 }],
      ['retries', { retries: -1 }, { maxRetries: -1 }],
      ['bytes', { bytes: 1_000 }, { minBytes: 1_000 }],
      ['bytes', { bytes: 7 }, { maxBytes: 7 }],
      ['rawBytes', { rawBytes: 1_000 }, { minRawBytes: 1_000 }],
      ['rawBytes', { rawBytes: 7 }, { maxRawBytes: 7 }],
      ['tokens', { tokens }, { minRawTokens: 900 }],
      ['tokens', { tokens }, { maxRawTokens: 1e300 }],
      ['tokens', { tokens }, { minSentTokens: 99.5 }],
      ['tokens', { tokens }, { maxSentTokens: 100 }],
      ['tokens', { tokens: { ...tokens, isReckoned: true } }, { reckoned: true }],
      ['tokens', { tokens }, { reckoned: false }],
      ['savedTokens', { tokens }, { minSavedTokens: 800 }],
      ['savedTokens', { tokens: { raw: 0, sent: 5 } }, { maxSavedTokens: -5 }],
      ['stages', { stages: { filter: 1 } }, { stage: 'filter' }],
      ['stages', { stages: { filter: 1, upstream: 12 } }, { minStageMs: 12 }],
      ['traceId', { trace: { traceId: 'a1', isSampled: true } }, { traceId: 'a1' }],
      ['at', { at: Date.parse('2031-01-01T00:00:00Z') }, { since: '2030-06-01T00:00:00Z' }],
      ['at', { at: Date.parse('2029-01-01T00:00:00Z') }, { until: '2029-06-01T00:00:00Z' }],
    ]
    test.each(CASES)('are found by %s: %j, %j', async (_field, more, filter) => {
      const workspaceId = await newWorkspace(store())
      const wanted = finished(workspaceId, more)
      await recordCalls(store(), [finished(workspaceId), wanted, finished(workspaceId)])
      expect(await list(workspaceId, filter)).toEqual([wanted.callId])
    })

    test('can be asked for by every field, and every filter is tried here', () => {
      // By its id one is read alone.
      expect(new Set(['id', ...CASES.map(([field]) => field)])).toEqual(new Set(Object.keys(RecordedCall.properties)))
      const tried = CASES.flatMap(([, , filter]) => Object.keys(filter))
      expect(new Set(tried)).toEqual(new Set(Object.keys(CallFilter.properties)))
    })

    test('a stage and how long it took are of the same stage', async () => {
      const workspaceId = await newWorkspace(store())
      const call = finished(workspaceId, { stages: { filter: 1, upstream: 12 } })
      await recordCalls(store(), [call])
      expect(await list(workspaceId, { stage: 'upstream', minStageMs: 12 })).toEqual([call.callId])
      expect(await list(workspaceId, { stage: 'filter', minStageMs: 12 })).toEqual([])
    })

    test('pages hold each call once, whatever began at the same moment', async () => {
      const workspaceId = await newWorkspace(store())
      const calls = Array.from({ length: 7 }, () => finished(workspaceId, { at: 1_900_000_000_000 }))
      await recordCalls(store(), calls)
      const seen: string[] = []
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await listRecordedCalls(store(), workspaceId, { limit: 3, ...(cursor ? { cursor } : {}) })
        seen.push(...page.items.map(({ id }) => id))
        cursor = page.nextCursor
      }
      expect(seen.toSorted()).toEqual(calls.map(({ callId }) => callId).toSorted())
    })
  })
})
