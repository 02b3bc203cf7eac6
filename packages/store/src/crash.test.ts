import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { openStore, type Store } from './open-store.ts'
import { upstreams } from './schema.ts'
import { auditEvents } from './schema-records.ts'
import { readCatalogRows } from './testing/catalog-rows.ts'
import { startProcess } from './testing/child.ts'
import { withEachDatabase } from './testing/databases.ts'
import { saidBy, serversOf } from './testing/examples.ts'

const KILLS = 3
/** As `commit-forever.ts` imports them. */
const OPERATIONS = 40
const VERSIONS = ['version 1', 'version 2', 'version 3']

withEachDatabase((newDatabase) => {
  test('promise 5: kill -9 while imports are committed loses none that was acknowledged and leaves none half', async () => {
    const { options } = await newDatabase()
    const acknowledged = new Map<string, string>()
    for (let kill = 1; kill <= KILLS; kill++) {
      const process = startProcess('commit-forever.ts', options)
      expect(await process.next()).toBe('open')
      for (let commits = 0; commits < kill; commits++) note(await process.next())
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 100))
      await process.kill()
      for (let last = await process.next(); last; last = await process.next()) note(last)

      const store = await openStore(options)
      const stored = await readVersions(store)
      for (const [slug, says] of acknowledged) {
        expect(VERSIONS.indexOf(stored.get(slug)!)).toBeGreaterThanOrEqual(VERSIONS.indexOf(says))
      }
      await store.close()
    }

    function note(commit: unknown): void {
      const { slug, says } = commit as { slug: string; says: string }
      acknowledged.set(slug, says)
    }
  }, 120_000)
})

/** The version of each upstream, after a look at whether all of it is there, once. */
async function readVersions(store: Store): Promise<Map<string, string>> {
  const versions = new Map<string, string>()
  for (const { workspaceId, id, slug } of await store.db.select().from(upstreams)) {
    const server = (await serversOf(store, workspaceId)).find((server) => server.slug === slug)
    expect(server).toMatchObject({ tools: { enabled: OPERATIONS, total: OPERATIONS } })
    const { tools } = (await readCatalogRows(store, server!.id))!
    const says = new Set(tools.map(({ definition }): string => saidBy(definition)))
    expect(says.size).toBe(1)
    const [version] = says
    const events = await store.db.$count(auditEvents, eq(auditEvents.target, id))
    expect(events).toBe(VERSIONS.indexOf(version!) + 1)
    versions.set(slug, version!)
  }
  expect(await store.db.$count(upstreams)).toBe((await serversOf(store, 'ws_default')).length)
  return versions
}
