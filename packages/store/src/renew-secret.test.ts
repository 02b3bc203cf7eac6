import { setTimeout as sleep } from 'node:timers/promises'
import { and, eq, sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { renewSecret } from './renew-secret.ts'
import { secrets } from './schema.ts'
import { createSecret, updateSecret } from './secrets.ts'
import { onEachDatabase } from './testing/databases.ts'
import { newWorkspace, sealer } from './testing/examples.ts'

onEachDatabase((store) => {
  async function stored() {
    const workspaceId = await newWorkspace(store())
    const values = { name: 'token', value: 'r0', origins: ['https://api.test'] }
    const { id } = await createSecret(store(), { workspaceId, actor: 'me', values }, sealer.seal)
    const row = and(eq(secrets.workspaceId, workspaceId), eq(secrets.id, id))
    const read = async () => {
      const [found] = await store().db.select().from(secrets).where(row)
      return sealer.open({ workspaceId, secretId: id, keyId: found!.keyId, sealed: found!.sealed })
    }
    const renew = (work: (text: string) => Promise<string | undefined>) =>
      renewSecret(store(), { workspaceId, secretId: id }, (sealed) => work(sealer.open(sealed)), sealer.seal)
    const set = (value: string) =>
      updateSecret(store(), { workspaceId, actor: 'me', id, change: { value } }, sealer.seal)
    return { workspaceId, id, row, read, renew, set }
  }

  test('S57 of many that renew at once each is given what the one before it stored', async () => {
    const { read, renew } = await stored()
    let running = 0
    const next = async (text: string) => {
      expect(++running).toBe(1)
      await sleep(20)
      running--
      return `r${Number(text.slice(1)) + 1}`
    }
    await Promise.all(Array.from({ length: 6 }, () => renew(next)))
    expect(await read()).toBe('r6')
  })

  test('one that fails leaves what is stored, and the next need not wait', async () => {
    const { read, renew } = await stored()
    await expect(renew(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
    await renew(async () => undefined)
    expect(await read()).toBe('r0')
    await renew(async () => 'r1')
    expect(await read()).toBe('r1')
  })

  test('what a person sets meanwhile stays', async () => {
    const { read, renew, set } = await stored()
    await renew(async () => {
      await set('pasted')
      return 'rotated'
    })
    expect(await read()).toBe('pasted')
  })

  test('a gateway that died while it renewed holds the others up for a while only', async () => {
    const { read, renew, row } = await stored()
    const soon = sql`now() + interval '300 milliseconds'`
    await store().db.update(secrets).set({ leasedUntil: soon }).where(row)
    await renew(async (text) => `${text} later`)
    expect(await read()).toBe('r0 later')
  })

  test('a secret that is gone is said to be', async () => {
    const { workspaceId, renew, row } = await stored()
    await store().db.delete(secrets).where(row)
    expect(workspaceId).toBeTruthy()
    await expect(renew(async () => 'x')).rejects.toMatchObject({ code: 'not-found' })
  })
})
