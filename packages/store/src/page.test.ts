import type { AccessKey, PageOf, PageRequest } from '@sluice/contract'
import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { createAccessKey, listAccessKeys } from './access-keys.ts'
import { accessKeys } from './schema.ts'
import { onEachDatabase } from './testing/databases.ts'
import { importExample, newWorkspace, operation, toolsOf } from './testing/examples.ts'
import { listTools } from './tools.ts'

onEachDatabase((store) => {
  /** All pages of a list, each with as many items as asked for, but the last. */
  async function pagesOf<T>(list: (request: PageRequest) => Promise<PageOf<T>>, limit: number, sort: string) {
    const pages: T[][] = []
    for (let cursor: string | null = null; ; ) {
      const page: PageOf<T> = await list({ limit, sort, ...(cursor === null ? {} : { cursor }) })
      pages.push([...page.items])
      if (page.nextCursor === null) return pages
      cursor = page.nextCursor
    }
  }

  /** Keys of these names, all made at the same instant. */
  async function keysNamed(...names: string[]) {
    const workspaceId = await newWorkspace(store())
    const slug = `pages-${workspaceId.slice(-6)}`
    await importExample(store(), workspaceId, { slug, operations: ['a', 'b', 'c'].map((name) => operation(name)) })
    await store().db.delete(accessKeys).where(eq(accessKeys.workspaceId, workspaceId))
    for (const name of names) await createAccessKey(store(), { workspaceId, actor: 'ak', name, servers: [slug] })
    const createdAt = new Date('2030-01-01T00:00:00.123Z')
    await store().db.update(accessKeys).set({ createdAt }).where(eq(accessKeys.workspaceId, workspaceId))
    const list = (request: PageRequest) => listAccessKeys(store(), workspaceId, request)
    return { workspaceId, slug, list }
  }

  describe('pages', () => {
    test.each(['name', '-name', 'createdAt', '-createdAt'])('hold each row once, over ties, by %s', async (sort) => {
      const { list } = await keysNamed('b', 'a', 'b', 'b', 'c', 'a', 'b')
      const pages = await pagesOf(list, 2, sort)
      expect(pages.map((page) => page.length)).toEqual([2, 2, 2, 1])
      const rows = pages.flat()
      const keyOf = ({ name, createdAt, id }: AccessKey) => `${sort.endsWith('name') ? name : createdAt} ${id}`
      const sorted = rows.map(keyOf).toSorted()
      expect(rows.map(keyOf)).toEqual(sort.startsWith('-') ? sorted.toReversed() : sorted)
      expect(new Set(rows.map(({ id }) => id)).size).toBe(7)
    })

    test('a page that is just full is the last where nothing follows', async () => {
      const { list } = await keysNamed('a', 'b')
      expect((await list({ limit: 2 })).nextCursor).toBeNull()
      expect((await list({ limit: 1 })).nextCursor).not.toBeNull()
    })

    test('go on where a row was deleted that the cursor names', async () => {
      const { list } = await keysNamed('a', 'b', 'c')
      const { items, nextCursor } = await list({ limit: 2, sort: 'name' })
      await store().db.delete(accessKeys).where(eq(accessKeys.id, items[1]!.id))
      const rest = await list({ sort: 'name', cursor: nextCursor! })
      expect(rest.items.map(({ name }) => name)).toEqual(['c'])
    })

    test('are sorted by a number as numbers are, and by what a list makes up itself', async () => {
      const { workspaceId, slug } = await keysNamed()
      for (const sort of ['tokens', '-tokens']) {
        const pages = await pagesOf((request) => listTools(store(), workspaceId, request), 1, sort)
        expect(new Set(pages.flat().map(({ id }) => id)).size).toBe(3)
      }
      expect((await toolsOf(store(), workspaceId, slug)).map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    })
  })

  describe('a cursor is refused, with what to do,', () => {
    test('where the list is sorted otherwise', async () => {
      const { list } = await keysNamed('a', 'b')
      const { nextCursor } = await list({ limit: 1, sort: 'name' })
      for (const sort of ['-name', 'createdAt']) {
        await expect(list({ sort, cursor: nextCursor! })).rejects.toMatchObject({
          code: 'invalid-request',
          detail: `The cursor belongs to a list sorted by name, not by ${sort}.`,
          errors: [{ pointer: 'cursor', fix: expect.stringContaining('nextCursor') }],
        })
      }
    })

    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    test.each<[string, string]>([
      ['no base64', '%%%'],
      ['no JSON', Buffer.from('nonsense').toString('base64url')],
      ['no list', encoded({ name: 'a' })],
      ['null', encoded(null)],
      ['too short', encoded(['name', 'a'])],
      ['a value that is no text', encoded(['name', { $ne: 1 }, 'x'])],
      ['an id that is no text', encoded(['name', 'a', 5])],
      ['text that no database takes', encoded(['name', 'a\0', 'x'])],
      ['an id that no database takes', encoded(['name', 'a', '\ud800'])],
      ['too long', encoded(['name', 'a', 'x', 'y'])],
    ])('where it was made up: %s', async (_what, cursor) => {
      const { list } = await keysNamed('a')
      await expect(list({ sort: 'name', cursor })).rejects.toMatchObject({
        code: 'invalid-request',
        detail: 'The cursor is not one of this list.',
      })
    })

    test.each([
      ['an instant that is none', 'createdAt', 'yesterday, perhaps'],
      ['an instant out of range', 'createdAt', '999999-01-01'],
      ['a day that is none', 'createdAt', '2030-02-31T00:00:00.000Z'],
      ['a number for an instant', 'createdAt', 5],
    ])('where its value does not fit: %s', async (_what, sort, value) => {
      const { list } = await keysNamed('a')
      const cursor = encoded([sort, value, 'key_x'])
      await expect(list({ sort, cursor })).rejects.toMatchObject({ code: 'invalid-request' })
    })

    test.each(['x', 1.5, 1e300])('where it has %j for a whole number', async (value) => {
      const { workspaceId } = await keysNamed()
      const cursor = encoded(['tokens', value, 'tool_x'])
      const listed = listTools(store(), workspaceId, { sort: 'tokens', cursor })
      await expect(listed).rejects.toMatchObject({ code: 'invalid-request' })
    })
  })
})
