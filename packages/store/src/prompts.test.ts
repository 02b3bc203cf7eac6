import { and, eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { choosePromptVersion } from './prompt-versions.ts'
import { deletePrompt, findPrompt, setPrompt } from './prompts.ts'
import { setResource } from './resources.ts'
import { prompts, promptVersions, resources } from './schema-offers.ts'
import { auditEvents } from './schema-records.ts'
import { createServer, deleteServer, findServer } from './servers.ts'
import { readCatalogRows } from './testing/catalog-rows.ts'
import { onEachDatabase } from './testing/databases.ts'
import { newWorkspace } from './testing/examples.ts'

onEachDatabase((store) => {
  let count = 0

  async function oneServer() {
    const workspaceId = await newWorkspace(store())
    const by = { workspaceId, actor: 'ak_someone' }
    const { id, slug } = await createServer(store(), { ...by, values: { name: 'S', slug: `offers-${++count}` } })
    const say = (text: string, name = 'say') =>
      setPrompt(store(), { ...by, server: slug, name, prompt: { messages: [{ role: 'user', text }] } })
    const revision = async () => (await findServer(store(), workspaceId, slug))!.revision
    return { by, id, slug, say, revision, place: { ...by, server: slug, name: 'say' } }
  }

  test('a version is a row that stays as it was; what changes nothing makes none, and bumps nothing', async () => {
    const { id, by, slug, say, revision, place } = await oneServer()
    await say('one')
    const before = await store().db.select().from(promptVersions).where(eq(promptVersions.serverId, id))
    const first = await revision()
    expect(await say('one')).toMatchObject({ version: 1, versions: 1 })
    expect(await revision()).toBe(first)
    await say('two')
    await choosePromptVersion(store(), { ...place, version: 1 })
    expect(await revision()).toBe(first + 2)
    const isFirst = and(eq(promptVersions.serverId, id), eq(promptVersions.version, 1))
    expect(await store().db.select().from(promptVersions).where(isFirst)).toEqual(before)
    expect((await readCatalogRows(store(), id))!.prompts).toMatchObject([{ name: 'say', messages: [{ text: 'one' }] }])
    const events = await store().db.select().from(auditEvents).where(eq(auditEvents.workspaceId, by.workspaceId))
    expect(
      events.filter(({ action }) => action.startsWith('prompt.')).map(({ action, after }) => [action, after]),
    ).toEqual([
      ['prompt.set', { name: 'say', version: 1 }],
      ['prompt.set', { name: 'say', version: 2 }],
      ['prompt.choose', { name: 'say', version: 1 }],
    ])
    expect(await findPrompt(store(), { ...place, workspaceId: 'ws_another', server: slug })).toBeUndefined()
  })

  test('a version’s number is never given twice, so long as the prompt is there', async () => {
    const { say, place } = await oneServer()
    for (const text of ['one', 'two', 'one']) await say(text)
    expect(await findPrompt(store(), place)).toMatchObject({ version: 3, versions: 3 })
    await deletePrompt(store(), place)
    expect(await say('anew')).toMatchObject({ version: 1 })
  })

  test('what a server says itself is at most 10 MB together, which every way to more of it is held to', async () => {
    const { by, slug, say, place, revision } = await oneServer()
    const store1 = (name: string, megabytes: number) => {
      const resource = { uri: `x:${name}`, text: 'é'.repeat(megabytes * 512 * 1024) }
      return setResource(store(), { ...by, server: slug, name, resource })
    }
    await say('m'.repeat(900 * 1024))
    await say('short')
    for (let n = 0; n < 9; n++) await store1(`r${n}`, 1)
    await store1('r9', 0.5)
    const before = await revision()
    const refused = {
      code: 'conflict',
      detail: expect.stringMatching(/at most 10\.0 MB together.*would be 10\.[45] MB/),
    }
    await expect(store1('r10', 1)).rejects.toMatchObject(refused)
    await expect(say('n'.repeat(900 * 1024))).rejects.toMatchObject(refused)
    await expect(choosePromptVersion(store(), { ...place, version: 1 })).rejects.toMatchObject(refused)
    expect(await revision()).toBe(before)
    expect(await findPrompt(store(), place)).toMatchObject({ version: 2 })
    await store1('r9', 0.01)
    expect(await choosePromptVersion(store(), { ...place, version: 1 })).toMatchObject({ version: 1 })
  })

  test('a server takes what it offers along', async () => {
    const { by, id, slug, say } = await oneServer()
    await say('one')
    await setResource(store(), { ...by, server: slug, name: 'r', resource: { uri: 'x:r', text: 'r' } })
    await deleteServer(store(), { ...by, slug })
    for (const table of [prompts, promptVersions, resources])
      expect(await store().db.select().from(table).where(eq(table.serverId, id))).toEqual([])
  })
})
