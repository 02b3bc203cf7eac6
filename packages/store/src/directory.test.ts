import { expect, test } from 'vitest'
import { createAccessKey } from './access-keys.ts'
import { readDirectory, readRevisions } from './directory.ts'
import { hashKey } from './keys.ts'
import { readCatalogRows } from './testing/catalog-rows.ts'
import { onEachDatabase } from './testing/databases.ts'
import { importExample, newWorkspace, operation, toolsOf } from './testing/examples.ts'
import { updateTool } from './tools.ts'

onEachDatabase((store) => {
  test('the directory holds the servers and keys of all workspaces', async () => {
    const [mine, theirs] = [await newWorkspace(store()), await newWorkspace(store())]
    const one = await importExample(store(), mine, { slug: 'dir-one', operations: [operation('a')] })
    const two = await importExample(store(), mine, { slug: 'dir-two', operations: [operation('a')] })
    const three = await importExample(store(), theirs, { slug: 'dir-three', operations: [operation('a')] })
    const expiresAt = '2099-01-01T00:00:00.000Z'
    const servers = ['dir-one', 'dir-two']
    const both = await createAccessKey(store(), { workspaceId: mine, actor: 'ak', name: 'both', servers, expiresAt })

    const directory = await readDirectory(store())
    for (const [workspaceId, { serverId, serverSlug }] of [
      [mine, one],
      [mine, two],
      [theirs, three],
    ] as const) {
      const revision = (await readRevisions(store())).find(({ id }) => id === serverId)!.revision
      expect(directory.servers).toContainEqual({ id: serverId, workspaceId, slug: serverSlug, revision })
    }
    expect(directory.keys.find(({ id }) => id === three.accessKey!.id)).toEqual({
      id: three.accessKey!.id,
      workspaceId: theirs,
      name: 'First key',
      keyHash: hashKey(three.accessKey!.key),
      expiresAt: null,
      serverIds: [three.serverId],
      toolIds: null,
      tags: null,
      readOnly: false,
      limits: null,
    })
    const found = directory.keys.find(({ id }) => id === both.id)!
    expect(found.expiresAt).toBe(Date.parse(expiresAt))
    expect([...found.serverIds].sort()).toEqual([one.serverId, two.serverId].sort())
  })

  test('a catalog has the enabled tools of a server by name, with all that serving them takes', async () => {
    const workspaceId = await newWorkspace(store())
    const credential = { scheme: 'token', secret: 's', origins: ['https://api.example.com'] }
    const operations = ['c', 'a', 'b'].map((name) => operation(name))
    const committed = await importExample(store(), workspaceId, { slug: 'cat-1', operations, credential })
    const [, b] = await toolsOf(store(), workspaceId, 'cat-1')
    await updateTool(store(), { workspaceId, actor: 'ak', id: b!.id, change: { enabled: false } })
    await importExample(store(), workspaceId, { slug: 'cat-2', server: 'cat-1', operations: [operation('a')] })

    const rows = (await readCatalogRows(store(), committed.serverId))!
    expect(rows.server).toMatchObject({
      id: committed.serverId,
      workspaceId,
      slug: 'cat-1',
      mode: 'auto',
      instructions: '',
    })
    expect(rows.tools.map(({ name }) => name)).toEqual(['a', 'c', 'cat_2_a'])
    expect(rows.tools[0]).toMatchObject({
      upstreamId: committed.upstreamId,
      title: null,
      description: null,
      responseFilter: null,
      definition: operation('a').definition,
    })
    expect(rows.upstreams).toHaveLength(2)
    expect(rows.upstreams.find(({ id }) => id === committed.upstreamId)).toMatchObject({
      slug: 'cat-1',
      baseUrl: 'https://api.example.com',
      allow: [],
      securitySchemes: {},
      credentials: [{ scheme: 'token', origins: ['https://api.example.com'], secret: { workspaceId } }],
    })
  })

  test('there is no catalog of a server that is not there', async () => {
    expect(await readCatalogRows(store(), 'srv_nowhere')).toBeUndefined()
  })
})
