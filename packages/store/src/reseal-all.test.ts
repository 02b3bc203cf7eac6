import { and, eq, sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { findContinuation, keepContinuation } from './continuations.ts'
import { createSealer, sealingKey } from './create-sealer.ts'
import { resealAll } from './reseal-all.ts'
import { secrets } from './schema.ts'
import { createSecret } from './secrets.ts'
import { onEachDatabase } from './testing/databases.ts'
import { newWorkspace } from './testing/examples.ts'

onEachDatabase((store) => {
  const [older, newer] = [sealingKey(Buffer.alloc(32, 5)), sealingKey(Buffer.alloc(32, 6))]
  const before = createSealer({ current: older })
  const both = createSealer({ current: newer, older: [older] })
  const after = createSealer({ current: newer })
  const reseal = () => resealAll(store(), { keyId: newer.id, seal: both.seal, openSecret: both.open })

  async function stored(count: number, workspaceId?: string) {
    const workspace = workspaceId ?? (await newWorkspace(store()))
    const ids: string[] = []
    for (let n = 0; n < count; n++) {
      const values = { name: `s${ids.length}-${Math.random()}`, value: `value ${n}`, origins: ['https://api.test'] }
      ids.push((await createSecret(store(), { workspaceId: workspace, actor: 'me', values }, before.seal)).id)
    }
    const row = (id: string) => and(eq(secrets.workspaceId, workspace), eq(secrets.id, id))
    const read = async (id: string) => (await store().db.select().from(secrets).where(row(id)))[0]!
    return { workspaceId: workspace, ids, row, read }
  }

  test('S41 every row opens under the new key alone, in its own place alone', async () => {
    const [one, other] = [await stored(3), await stored(1)]
    await reseal()
    for (const [n, id] of one.ids.entries()) {
      const { keyId, sealed } = await one.read(id)
      const at = { workspaceId: one.workspaceId, secretId: id, keyId, sealed }
      expect(after.open(at)).toBe(`value ${n}`)
      expect(() => before.open(at)).toThrow(/which is not here/)
      expect(() => after.open({ ...at, secretId: one.ids[(n + 1) % 3]! })).toThrow()
      expect(() => after.open({ ...at, workspaceId: other.workspaceId })).toThrow()
    }
  })

  test('what was begun is gone on with, more than a batch of it, and nothing is done twice', async () => {
    const { workspaceId, ids, read, row } = await stored(230)
    for (const id of ids.slice(0, 50)) {
      const { keyId, sealed } = both.seal(workspaceId, id, 'done before')
      await store().db.update(secrets).set({ keyId, sealed }).where(row(id))
    }
    const done = (await read(ids[0]!)).sealed
    expect(await reseal()).toBe(180)
    expect(await reseal()).toBe(0)
    expect((await read(ids[0]!)).sealed).toBe(done)
    const { keyId, sealed } = await read(ids[229]!)
    expect(after.open({ workspaceId, secretId: ids[229]!, keyId, sealed })).toBe('value 229')
  })

  test('S57 one that is being renewed is left: what is renewed is written over what was read', async () => {
    const { ids, read, row } = await stored(1)
    await store().db.update(secrets).set({ leasedUntil: sql`now() + interval '1 minute'` }).where(row(ids[0]!))
    const { sealed } = await read(ids[0]!)
    await reseal()
    expect((await read(ids[0]!)).sealed).toBe(sealed)
    await store().db.update(secrets).set({ leasedUntil: null }).where(row(ids[0]!))
    expect(await reseal()).toBe(1)
    expect((await read(ids[0]!)).keyId).toBe(newer.id)
  })

  test('answers that are kept for a while are read on; one of a key that is lost goes', async () => {
    const owner = { workspaceId: await newWorkspace(store()), callerId: 'me' }
    const handle = await keepContinuation(store(), owner, 'the rest', 60_000, before)
    const lost = createSealer({ current: sealingKey(Buffer.alloc(32, 9)) })
    const gone = await keepContinuation(store(), owner, 'of nobody', 60_000, lost)
    await reseal()
    expect(await findContinuation(store(), owner, handle, after)).toBe('the rest')
    expect(await findContinuation(store(), owner, gone, lost)).toBeUndefined()
  })

  test('a secret of a key that is not here stops it, and says which', async () => {
    const { workspaceId, row } = await stored(0)
    const lost = createSealer({ current: sealingKey(Buffer.alloc(32, 8)) })
    const values = { name: 'lost', value: 'x', origins: ['https://api.test'] }
    const { id } = await createSecret(store(), { workspaceId, actor: 'me', values }, lost.seal)
    await expect(reseal()).rejects.toThrow(new RegExp(`${id} was sealed with the key`))
    await store().db.delete(secrets).where(row(id))
  })
})
