import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { findContinuation, keepContinuation, sweepContinuations, takeContinuation } from './continuations.ts'
import { continuations } from './schema-records.ts'
import { onEachDatabase } from './testing/databases.ts'
import { newWorkspace, sealer } from './testing/examples.ts'

onEachDatabase((store) => {
  describe('an answer that is kept for who reads on', () => {
    const keep = (workspaceId: string, ms = 60_000) =>
      keepContinuation(store(), { workspaceId, callerId: 'ak_1' }, 'the answer', ms, sealer)

    test('is found by its handle, as often as it is asked for', async () => {
      const workspaceId = await newWorkspace(store())
      const handle = await keep(workspaceId)
      for (let n = 0; n < 2; n++)
        expect(await findContinuation(store(), { workspaceId, callerId: 'ak_1' }, handle, sealer)).toBe('the answer')
    })

    test('S66 not by another caller, nor in another workspace, nor by another handle', async () => {
      const [workspaceId, other] = [await newWorkspace(store()), await newWorkspace(store())]
      const handle = await keep(workspaceId)
      const find = (reader: { workspaceId: string; callerId: string }, by = handle) =>
        findContinuation(store(), reader, by, sealer)
      expect(await find({ workspaceId, callerId: 'ak_2' })).toBeUndefined()
      expect(await find({ workspaceId: other, callerId: 'ak_1' })).toBeUndefined()
      expect(await find({ workspaceId, callerId: 'ak_1' }, `${handle}x`)).toBeUndefined()
    })

    test('S68 what is taken is found once, by its owner alone, and then it is gone', async () => {
      const workspaceId = await newWorkspace(store())
      const handle = await keep(workspaceId)
      const take = (callerId: string) => takeContinuation(store(), { workspaceId, callerId }, handle, sealer)
      expect(await take('ak_2')).toBeUndefined()
      const both = await Promise.all([take('ak_1'), take('ak_1')])
      expect(both.filter((text) => text === 'the answer')).toHaveLength(1)
      expect(await findContinuation(store(), { workspaceId, callerId: 'ak_1' }, handle, sealer)).toBeUndefined()
      const old = await keep(workspaceId, -1)
      expect(await takeContinuation(store(), { workspaceId, callerId: 'ak_1' }, old, sealer)).toBeUndefined()
    })

    test('not when its time is over, and then it goes', async () => {
      const workspaceId = await newWorkspace(store())
      const handle = await keep(workspaceId, -1)
      expect(await findContinuation(store(), { workspaceId, callerId: 'ak_1' }, handle, sealer)).toBeUndefined()
      await sweepContinuations(store())
      expect(await store().db.$count(continuations, sql`${continuations.expiresAt} < now()`)).toBe(0)
    })

    test('S72 of one caller the newest ten are kept, and what another keeps takes no place of theirs', async () => {
      const workspaceId = await newWorkspace(store())
      const other = await keepContinuation(store(), { workspaceId, callerId: 'ak_2' }, 'b', 60_000, sealer)
      const handles: string[] = []
      for (let n = 0; n < 13; n++) handles.push(await keep(workspaceId, 60_000 + n * 100))
      const find = (handle: string, callerId = 'ak_1') =>
        findContinuation(store(), { workspaceId, callerId }, handle, sealer)
      const found = await Promise.all(handles.map((handle) => find(handle)))
      expect(found.map((text) => text !== undefined)).toEqual(handles.map((_handle, at) => at >= 3))
      expect(await find(other, 'ak_2')).toBe('b')
    })

    test('S39 lies sealed, and its handle is not stored', async () => {
      const workspaceId = await newWorkspace(store())
      const handle = await keep(workspaceId)
      const rows = JSON.stringify(await store().db.select().from(continuations))
      expect(rows).toContain(workspaceId)
      expect(rows).not.toContain('the answer')
      expect(rows).not.toContain(handle)
    })
  })
})
