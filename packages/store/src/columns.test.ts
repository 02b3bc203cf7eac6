import { canonicalJson, exactNumber } from '@sluice/schema'
import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { auditEvents } from './schema-records.ts'
import { findServer } from './servers.ts'
import { readCatalogRows } from './testing/catalog-rows.ts'
import { onEachDatabase } from './testing/databases.ts'
import { importExample, newWorkspace, operation, textOf, toolsOf } from './testing/examples.ts'

onEachDatabase((store) => {
  test('an import is stored whatever characters its document holds', async () => {
    const workspaceId = await newWorkspace(store())
    const odd = operation('odd', 'NUL \0, half a pair \ud800, written out \\u0000 \\ud800, whole pair 😀')
    const operations = [{ ...odd, path: '/a\0b\udfff', tags: ['a\0', '\ud800', '\\u0000', '\\\\\0', '😀'] }]
    const { serverId } = await importExample(store(), workspaceId, { slug: 'odd', operations })
    expect(await toolsOf(store(), workspaceId, 'odd')).toMatchObject([
      { path: '/a\ufffdb\ufffd', tags: ['a\ufffd', '\ufffd', '\\u0000', '\\\\\ufffd', '😀'] },
    ])
    const { definition } = (await readCatalogRows(store(), serverId))!.tools[0]!
    expect(textOf(definition)).toBe(textOf(odd.definition))
  })

  test('what cannot be stored is not found, and is no failure', async () => {
    const workspaceId = await newWorkspace(store())
    for (const slug of ['\0', 'a\0b', '\ud800']) expect(await findServer(store(), workspaceId, slug)).toBeUndefined()
  })

  test('a JSON value comes back as it was', async () => {
    const workspaceId = await newWorkspace(store())
    const after = { text: 'a "quoted" \\ é', list: [1, 2.5, null, true], none: null, '': {} }
    await store()
      .db.insert(auditEvents)
      .values({ workspaceId, id: 'aud_1', actor: 'a', action: 'b', target: 'c', after })
    const [event] = await store().db.select().from(auditEvents).where(eq(auditEvents.workspaceId, workspaceId))
    expect(event!.after).toEqual(after)
    expect(event!.before).toBeNull()
  })

  test('B143 a JSON value keeps the digits that a double cannot hold', async () => {
    const workspaceId = await newWorkspace(store())
    const after = {
      order: exactNumber('12345678901234567890'),
      price: exactNumber('0.10000000000000000001'),
      most: 2 ** 53,
    }
    await store()
      .db.insert(auditEvents)
      .values({ workspaceId, id: 'aud_1', actor: 'a', action: 'b', target: 'c', after })
    const [event] = await store().db.select().from(auditEvents).where(eq(auditEvents.workspaceId, workspaceId))
    expect(canonicalJson(event!.after)).toBe(canonicalJson(after))
    expect(event!.after).toMatchObject({ most: 2 ** 53 })
  })
})
