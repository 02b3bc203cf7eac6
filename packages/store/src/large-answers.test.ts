import { describe, expect, test } from 'vitest'
import { recordLargeAnswer } from './large-answers.ts'
import { readCatalogRows } from './testing/catalog-rows.ts'
import { onEachDatabase } from './testing/databases.ts'
import { importExample, newWorkspace, operation } from './testing/examples.ts'
import { findTool, updateTool } from './tools.ts'

onEachDatabase((store) => {
  describe('a tool whose answer was more than a result may cost', () => {
    async function setUp() {
      const workspaceId = await newWorkspace(store())
      const { serverId } = await importExample(store(), workspaceId, { slug: 'large', operations: [operation('a')] })
      const [tool] = (await readCatalogRows(store(), serverId))!.tools
      const read = async () => {
        const { server, tools } = (await readCatalogRows(store(), serverId))!
        return { revision: server.revision, offers: tools[0]!.offersProjection, hasLarge: tools[0]!.hasLargeAnswers }
      }
      const choose = (projection: 'auto' | 'always' | 'never') =>
        updateTool(store(), { workspaceId, actor: 'ak_someone', id: tool!.id, change: { projection } })
      return { workspaceId, id: tool!.id, read, choose, note: () => recordLargeAnswer(store(), workspaceId, tool!.id) }
    }

    test('offers to pick from it from then on, and its servers are told once', async () => {
      const { workspaceId, id, read, note } = await setUp()
      const before = await read()
      expect(before.offers).toBe(false)
      await note()
      const after = await read()
      expect(after).toEqual({ revision: before.revision + 1, offers: true, hasLarge: true })
      await note()
      expect(await read()).toEqual(after)
      expect(await findTool(store(), workspaceId, id)).toMatchObject({ projection: 'auto', largeAnswers: true })
    })

    test('does not where its curator said never, though there is more to read; and does without any where he said always', async () => {
      const { read, note, choose } = await setUp()
      await choose('always')
      expect((await read()).offers).toBe(true)
      await choose('never')
      const { revision } = await read()
      await note()
      expect(await read()).toEqual({ revision: revision + 1, offers: false, hasLarge: true })
      await choose('auto')
      expect((await read()).offers).toBe(true)
    })
  })
})
