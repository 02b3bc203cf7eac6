import { readFileSync } from 'node:fs'
import { and, eq, sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { listAuditEvents, recordAudit } from './audit-events.ts'
import { hashEvent } from './hash-event.ts'
import { inTransaction } from './in-transaction.ts'
import { auditEvents, auditHeads } from './schema-records.ts'
import { createSecret, deleteSecret } from './secrets.ts'
import { onEachDatabase } from './testing/databases.ts'
import { importExample, newWorkspace, operation, sealer } from './testing/examples.ts'
import { transact } from './transact.ts'
import { updateTools } from './update-tools.ts'
import { createUpstream } from './upstreams.ts'
import { verifyAuditChain } from './verify-audit-chain.ts'

const PAGE = readFileSync(new URL('../../../docs/how-to/back-up-and-restore.md', import.meta.url), 'utf8')
const MENDED = /```sql\n([\s\S]*?)```/.exec(PAGE)![1]!

onEachDatabase((store) => {
  const actor = 'ak_someone'
  const verify = (workspaceId: string) => verifyAuditChain(store(), workspaceId)
  const record = (workspaceId: string, target: string, after: unknown = { target }) =>
    transact(store(), workspaceId, (tx) =>
      recordAudit(tx, { workspaceId, actor, action: 'tool.update', target, after }),
    )
  const at = (workspaceId: string, sequence: number) =>
    and(eq(auditEvents.workspaceId, workspaceId), eq(auditEvents.sequence, sequence))
  const place = (workspaceId: string, from: number, to: number) =>
    store().db.update(auditEvents).set({ sequence: to }).where(at(workspaceId, from))

  async function chainOf(events: number): Promise<string> {
    const workspaceId = await newWorkspace(store())
    for (let n = 1; n <= events; n++) await record(workspaceId, `tool_${n}`, { n })
    return workspaceId
  }

  describe('S69: the chain of events', () => {
    test('is whole as it was written, whatever the events hold, and one for each workspace', async () => {
      const [workspaceId, other] = [await newWorkspace(store()), await chainOf(2)]
      expect(await verify(workspaceId)).toEqual({ intact: true, events: 0, earlier: 0, end: null, fault: null })
      const odd = { b: 1, aa: [1e21, -0, 1e-7, 0.1, 2 ** 53], 'x\0': '\ud800 \\u0000 😀', ['__proto__']: 1, none: null }
      for (const after of [odd, null, undefined, [], 'text', 5]) await record(workspaceId, 'tool_\0', after)
      const { end, ...rest } = await verify(workspaceId)
      expect(rest).toEqual({ intact: true, events: 6, earlier: 0, fault: null })
      expect(end).toMatch(/^6:[0-9a-f]{64}$/)
      expect(await verify(other)).toMatchObject({ intact: true, events: 2 })
    })

    test.each<[string, Partial<typeof auditEvents.$inferInsert>]>([
      ['what is said of it', { after: { n: 3.5 } }],
      ['that it says nothing', { before: null, after: null }],
      ['who', { actor: 'ak_else' }],
      ['when', { at: new Date(0) }],
      ['the kind', { action: 'tool.agree' }],
      ['what it is about', { target: 'tool_4' }],
      ['its id', { id: 'aud_else' }],
      ['its hash', { hash: null }],
    ])('tells an event that was edited: %s', async (_what, edit) => {
      const workspaceId = await chainOf(4)
      await store().db.update(auditEvents).set(edit).where(at(workspaceId, 3))
      expect(await verify(workspaceId)).toMatchObject({ intact: false, fault: { kind: 'edited', sequence: 3 } })
    })

    test('whose end was set back is gone on with by nobody, who are told what happened and what to do', async () => {
      const workspaceId = await chainOf(4)
      const { end } = await verify(workspaceId)
      const [third] = await store().db.select({ hash: auditEvents.hash }).from(auditEvents).where(at(workspaceId, 3))
      const ofWorkspace = eq(auditHeads.workspaceId, workspaceId)
      await store().db.update(auditHeads).set({ sequence: 3, hash: third!.hash! }).where(ofWorkspace)
      expect((await verify(workspaceId)).fault).toMatchObject({ kind: 'added', sequence: 4 })
      await expect(record(workspaceId, 'tool_5')).rejects.toMatchObject({
        code: 'database-unavailable',
        detail: expect.stringMatching(/set back.*event 3 is the last, and event 4 is there/),
        errors: [{ fix: expect.stringContaining('sluice audit verify') }],
      })
      // As the page says, where there is no backup.
      await store().db.execute(sql.raw(MENDED.replaceAll('WORKSPACE', workspaceId)))
      await record(workspaceId, 'tool_5')
      expect(await verifyAuditChain(store(), workspaceId, end!)).toMatchObject({ intact: true, events: 5 })
    })

    test('tells one that was edited with its hash by the event that follows', async () => {
      const workspaceId = await chainOf(3)
      const [first] = await store().db.select().from(auditEvents).where(at(workspaceId, 1))
      const [second] = await store().db.select().from(auditEvents).where(at(workspaceId, 2))
      const after = { n: 9 }
      const hash = hashEvent(first!.hash!, { ...second!, sequence: 2, after })
      await store().db.update(auditEvents).set({ after, hash }).where(at(workspaceId, 2))
      expect((await verify(workspaceId)).fault).toMatchObject({ kind: 'edited', sequence: 3 })
    })

    test('tells one that was edited with its hash and all that follow, but for the end', async () => {
      const workspaceId = await chainOf(2)
      const forged = await chainOf(2)
      const [row] = await store().db.select().from(auditEvents).where(at(forged, 2))
      await store().db.update(auditEvents).set({ hash: row!.hash }).where(at(workspaceId, 2))
      expect(await verify(workspaceId)).toMatchObject({ fault: { kind: 'edited', sequence: 2 } })
      const whole = await chainOf(2)
      await store().db.update(auditHeads).set({ hash: row!.hash! }).where(eq(auditHeads.workspaceId, whole))
      expect((await verify(whole)).fault).toMatchObject({
        kind: 'edited',
        detail: expect.stringContaining('made anew'),
      })
    })

    test('tells what was deleted: the first, one in the middle, and several', async () => {
      const workspaceId = await chainOf(6)
      const remove = (sequence: number) => store().db.delete(auditEvents).where(at(workspaceId, sequence))
      for (const sequence of [4, 5]) await remove(sequence)
      const fault = { kind: 'deleted', sequence: 4, event: null, detail: expect.stringMatching(/^Events 4 to 5 were/) }
      expect((await verify(workspaceId)).fault).toEqual(fault)
      await remove(1)
      expect((await verify(workspaceId)).fault).toMatchObject({
        sequence: 1,
        detail: expect.stringMatching(/^Event 1 was/),
      })
      // Closing the gap does not hide it.
      for (const sequence of [2, 3, 6]) await place(workspaceId, sequence, sequence === 6 ? 3 : sequence - 1)
      expect(await verify(workspaceId)).toMatchObject({ intact: false, fault: { sequence: 1 } })
    })

    test('tells that the newest were cut off, and that its end was deleted or set back', async () => {
      const workspaceId = await chainOf(4)
      const ofWorkspace = eq(auditHeads.workspaceId, workspaceId)
      const [head] = await store().db.select().from(auditHeads).where(ofWorkspace)
      await store().db.update(auditHeads).set({ sequence: 3 }).where(ofWorkspace)
      expect((await verify(workspaceId)).fault).not.toBeNull()
      const [third] = await store().db.select().from(auditEvents).where(at(workspaceId, 3))
      await store().db.update(auditHeads).set({ hash: third!.hash! }).where(ofWorkspace)
      expect((await verify(workspaceId)).fault).toMatchObject({ kind: 'added', sequence: 4 })
      await store().db.delete(auditHeads).where(ofWorkspace)
      expect((await verify(workspaceId)).fault).toMatchObject({ kind: 'deleted', sequence: null })
      await store().db.insert(auditHeads).values(head!)
      expect((await verify(workspaceId)).intact).toBe(true)
      await store().db.delete(auditEvents).where(at(workspaceId, 4))
      const cut = { kind: 'cut-off', sequence: 4, detail: 'Event 4 was cut off at the end.' }
      expect((await verify(workspaceId)).fault).toMatchObject(cut)
      await store().db.delete(auditEvents).where(eq(auditEvents.workspaceId, workspaceId))
      expect((await verify(workspaceId)).fault).toMatchObject({ kind: 'cut-off', sequence: 1 })
    })

    test.each([
      [2, 3],
      [2, 5],
      [1, 6],
    ])('tells that events %i and %i were swapped', async (a, b) => {
      const workspaceId = await chainOf(6)
      const [moved] = await store().db.select().from(auditEvents).where(at(workspaceId, b))
      await place(workspaceId, a, 1000)
      await place(workspaceId, b, a)
      await place(workspaceId, 1000, b)
      const detail = `What stands as event ${a} was written as event ${b}.`
      expect((await verify(workspaceId)).fault).toEqual({ kind: 'reordered', sequence: a, event: moved!.id, detail })
    })

    test('tells what was added beside it, or behind its end', async () => {
      const [beside, behind, zero] = [await chainOf(2), await chainOf(2), await chainOf(2)]
      const forged = { id: 'aud_forged', actor, action: 'tool.update', target: 'tool_1' }
      await store()
        .db.insert(auditEvents)
        .values({ ...forged, workspaceId: beside })
      await store()
        .db.insert(auditEvents)
        .values({ ...forged, workspaceId: behind, sequence: 3, hash: 'x' })
      await store()
        .db.insert(auditEvents)
        .values({ ...forged, workspaceId: zero, sequence: 0, hash: 'x' })
      expect((await verify(beside)).fault).toMatchObject({ kind: 'added', sequence: null })
      expect((await verify(behind)).fault).toMatchObject({ kind: 'added', sequence: 3 })
      expect((await verify(zero)).fault).toMatchObject({ kind: 'added', sequence: null })
    })

    test('begins behind the events of earlier versions, and tells when those are fewer', async () => {
      const workspaceId = await newWorkspace(store())
      const old = (id: string) => ({ workspaceId, id, actor, action: 'tool.update', target: 'tool_1' })
      await store()
        .db.insert(auditEvents)
        .values([old('aud_1'), old('aud_2')])
      expect(await verify(workspaceId)).toMatchObject({ intact: true, events: 0, earlier: 2 })
      for (const target of ['tool_1', 'tool_2']) await record(workspaceId, target)
      expect(await verify(workspaceId)).toMatchObject({ intact: true, events: 2, earlier: 2 })
      await store().db.delete(auditEvents).where(eq(auditEvents.id, 'aud_1'))
      expect((await verify(workspaceId)).fault).toMatchObject({
        kind: 'deleted',
        detail: expect.stringMatching(/^1 of the 2/),
      })
    })

    test('is not broken by a clock set back', async () => {
      const workspaceId = await chainOf(1)
      // The database's own clock cannot be set here: the last event bears a time to come, as it would then.
      const later = new Date(Date.now() + 86_400_000)
      const [row] = await store().db.select().from(auditEvents).where(at(workspaceId, 1))
      const hash = hashEvent('', { ...row!, sequence: 1, at: later })
      await store().db.update(auditEvents).set({ at: later, hash }).where(at(workspaceId, 1))
      await store().db.update(auditHeads).set({ hash }).where(eq(auditHeads.workspaceId, workspaceId))
      await record(workspaceId, 'tool_2')
      const { items } = await listAuditEvents(store(), workspaceId, {})
      expect(items.map(({ target }) => target)).toEqual(['tool_1', 'tool_2'])
      expect(await verify(workspaceId)).toMatchObject({ intact: true, events: 2 })
    })

    test('goes on through many events of one transaction, and leaves none of one that is taken back', async () => {
      const workspaceId = await newWorkspace(store())
      const slug = `chain-${workspaceId.slice(-6)}`
      const operations = Array.from({ length: 600 }, (_, n) => operation(`tool_${n}`))
      await importExample(store(), workspaceId, { slug, operations })
      const before = await verify(workspaceId)
      const disable = (keep: boolean) =>
        inTransaction(store(), workspaceId, async (within) => {
          await updateTools(within, { workspaceId, actor, choice: { upstream: slug }, enabled: false })
          const values = { name: 's', value: 's', origins: ['https://api.example.com'] }
          const { id } = await createSecret(within, { workspaceId, actor, values }, sealer.seal)
          await deleteSecret(within, { workspaceId, actor, id })
          return { keep, answer: undefined }
        })
      await disable(false)
      expect(await verify(workspaceId)).toEqual(before)
      await disable(true)
      expect(await verify(workspaceId)).toMatchObject({ intact: true, events: before.events + 602 })
    })

    test('is one, however many changes come at once', async () => {
      const workspaceId = await newWorkspace(store())
      const create = (n: number) =>
        createUpstream(store(), {
          workspaceId,
          actor,
          values: { slug: `at-once-${n}-${workspaceId.slice(-6)}`, name: 'U', baseUrl: 'https://api.example.com' },
        })
      const checks: boolean[] = []
      await Promise.all(
        Array.from({ length: 20 }, async (_, n) => {
          await create(n)
          checks.push((await verify(workspaceId)).intact)
        }),
      )
      expect(await verify(workspaceId)).toMatchObject({ intact: true, events: 20 })
      expect(checks).toEqual(Array(20).fill(true))
    })

    test('tells by an end that was kept elsewhere that all of it was written anew, or cut off with its end', async () => {
      const [workspaceId, forged] = [await chainOf(3), await chainOf(3)]
      const { end } = await verify(workspaceId)
      await record(workspaceId, 'tool_4')
      const compared = (kept: string) => verifyAuditChain(store(), workspaceId, kept)
      expect(await compared(end!)).toMatchObject({ intact: true, events: 4 })
      const other = await verify(forged)
      expect((await compared(other.end!)).fault).toMatchObject({
        kind: 'edited',
        sequence: 3,
        detail: expect.stringContaining('not the one that was kept'),
      })
      const longer = `5:${end!.split(':')[1]}`
      expect((await compared(longer)).fault).toMatchObject({ kind: 'cut-off', sequence: 5 })
    })

    test('is gone on with by one at a time, even where nobody holds the workspace', async () => {
      const workspaceId = await newWorkspace(store())
      const event = { workspaceId, actor, action: 'tool.update' as const, target: 'tool_1' }
      await Promise.all(Array.from({ length: 10 }, () => store().db.transaction((tx) => recordAudit(tx, event))))
      expect(await verify(workspaceId)).toMatchObject({ intact: true, events: 10 })
    })
  })
})
