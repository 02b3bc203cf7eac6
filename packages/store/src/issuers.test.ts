import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { readDirectory, readRevisions } from './directory.ts'
import { createIssuer, deleteIssuer, findIssuer, listIssuers, updateIssuer } from './issuers.ts'
import { auditEvents } from './schema-records.ts'
import { deleteServer } from './servers.ts'
import { onEachDatabase } from './testing/databases.ts'
import { importExample, newWorkspace, operation, toolsOf } from './testing/examples.ts'

const LOGIN = 'https://login.test/realms/shop'

onEachDatabase((store) => {
  let count = 0

  async function twoServers() {
    const workspaceId = await newWorkspace(store())
    const [one, two] = [`issuers-${++count}`, `issuers-${++count}`]
    const ids = new Map<string, string>()
    for (const slug of [one, two]) {
      const { serverId } = await importExample(store(), workspaceId, { slug, operations: [operation('a')] })
      ids.set(slug, serverId)
    }
    const by = { workspaceId, actor: 'ak_someone' }
    const values = { name: 'Login', issuer: LOGIN, servers: [two, one] }
    return { by, workspaceId, one, two, values, idOf: (slug: string) => ids.get(slug)! }
  }

  const revisions = async (...ids: string[]) => {
    const all = new Map((await readRevisions(store())).map(({ id, revision }) => [id, revision]))
    return ids.map((id) => all.get(id)!)
  }

  test('an issuer takes what was given and defaults that no shared secret satisfies', async () => {
    const { by, workspaceId, one, two, values } = await twoServers()
    const made = await createIssuer(store(), { ...by, values })
    expect(made).toMatchObject({
      name: 'Login',
      issuer: LOGIN,
      servers: [one, two],
      jwksUri: null,
      rules: [],
      allow: [],
    })
    expect(made.algorithms).toEqual(expect.arrayContaining(['RS256', 'PS256', 'ES256', 'EdDSA']))
    expect(made.algorithms.filter((name) => /^(HS|none)/.test(name))).toEqual([])
    expect(await findIssuer(store(), workspaceId, made.id)).toEqual(made)
    expect((await listIssuers(store(), workspaceId, { server: one })).items).toEqual([made])
    expect((await listIssuers(store(), workspaceId, { server: 'nowhere' })).items).toEqual([])
    const events = await store().db.select().from(auditEvents).where(eq(auditEvents.target, made.id))
    expect(events).toMatchObject([{ action: 'issuer.create', after: { issuer: LOGIN, servers: [one, two] } }])
  })

  test('S48 each change bumps the revision of the servers it concerns, and shows in the directory', async () => {
    const { by, one, two, values, idOf } = await twoServers()
    const known = async () => (await readDirectory(store())).issuers.find(({ id }) => id === made.id)
    const [first, second] = await revisions(idOf(one), idOf(two))
    const made = await createIssuer(store(), { ...by, values: { ...values, servers: [one] } })
    expect(await known()).toMatchObject({ workspaceId: by.workspaceId, issuer: LOGIN, serverIds: [idOf(one)] })
    expect(await revisions(idOf(one), idOf(two))).toEqual([first! + 1, second])
    await updateIssuer(store(), { ...by, id: made.id, change: { servers: [two] } })
    expect(await known()).toMatchObject({ serverIds: [idOf(two)] })
    expect(await revisions(idOf(one), idOf(two))).toEqual([first! + 2, second! + 1])
    expect(await deleteIssuer(store(), { ...by, id: made.id })).toBe(true)
    expect(await known()).toBeUndefined()
    expect(await revisions(idOf(one), idOf(two))).toEqual([first! + 2, second! + 2])
  })

  test('a server takes tokens of an issuer by one alone', async () => {
    const { by, one, two, values } = await twoServers()
    const made = await createIssuer(store(), { ...by, values: { ...values, servers: [one] } })
    const conflict = { code: 'conflict', errors: [{ pointer: '/servers' }] }
    await expect(createIssuer(store(), { ...by, values })).rejects.toMatchObject(conflict)
    const other = await createIssuer(store(), { ...by, values: { ...values, servers: [two] } })
    const moved = { ...by, id: other.id, change: { servers: [one] } }
    await expect(updateIssuer(store(), moved)).rejects.toMatchObject(conflict)
    await createIssuer(store(), { ...by, values: { ...values, issuer: `${LOGIN}/` } })
    expect(await updateIssuer(store(), { ...by, id: made.id, change: { name: 'Own' } })).toMatchObject({ name: 'Own' })
  })

  test('S59 servers, tools and issuers of another workspace are unknown', async () => {
    const { by, one, values } = await twoServers()
    const theirs = await twoServers()
    const [tool] = await toolsOf(store(), theirs.workspaceId, theirs.one)
    const rules = [{}, { rights: { tools: ['tool_none', tool!.id] } }]
    await expect(createIssuer(store(), { ...by, values: { ...values, rules } })).rejects.toMatchObject({
      errors: [{ pointer: '/rules/1/rights/tools/0' }, { pointer: '/rules/1/rights/tools/1' }],
    })
    const foreign = { ...values, servers: [one, theirs.one] }
    await expect(createIssuer(store(), { ...by, values: foreign })).rejects.toMatchObject({
      errors: [{ pointer: '/servers/1' }],
    })
    const { id } = await createIssuer(store(), { ...theirs.by, values: theirs.values })
    expect(await findIssuer(store(), by.workspaceId, id)).toBeUndefined()
    expect(await updateIssuer(store(), { ...by, id, change: { name: 'x' } })).toBeUndefined()
    expect(await deleteIssuer(store(), { ...by, id })).toBe(false)
  })

  test('a server that is deleted is none of the issuer’s, and no rule of it stands in the way', async () => {
    const { by, one, two, values } = await twoServers()
    const [tool] = await toolsOf(store(), by.workspaceId, one)
    const rules = [{ rights: { tools: [tool!.id] } }]
    const { id } = await createIssuer(store(), { ...by, values: { ...values, rules } })
    await deleteServer(store(), { ...by, slug: two })
    expect(await updateIssuer(store(), { ...by, id, change: { name: 'Less' } })).toMatchObject({
      servers: [one],
      rules,
    })
    await deleteServer(store(), { ...by, slug: one })
    expect(await findIssuer(store(), by.workspaceId, id)).toMatchObject({ servers: [] })
    expect(await deleteIssuer(store(), { ...by, id })).toBe(true)
  })
})
