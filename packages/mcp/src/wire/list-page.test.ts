import { expect, test } from 'vitest'
import { hosted, legacy, listed, modern } from '../testing/hosted.ts'
import { isGiven, listPage, PAGE_ITEMS } from './list-page.ts'

const pageOf = (tools: ReadonlyArray<{ name: string }>, cursor: string | undefined) =>
  listPage(tools, cursor, ({ name }) => name)

const named = (count: number) => Array.from({ length: count }, (_, n) => listed(`tool_${String(n).padStart(5, '0')}`))

test('B174 a list of any length is read page by page, each tool once and in order', async () => {
  const tools = named(2 * PAGE_ITEMS + 1)
  for (const engine of ['fast', 'sdk'] as const) {
    for (const ask of [modern, legacy]) {
      const host = hosted({ tools, engine })
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const { message } = await host.ask(ask('tools/list', cursor === undefined ? {} : { cursor }))
        const page = message!.result as { tools: Array<{ name: string }>; nextCursor?: string }
        seen.push(...page.tools.map(({ name }) => name))
        cursor = page.nextCursor
      } while (cursor !== undefined)
      expect(seen).toEqual(tools.map(({ name }) => name))
      await host.close()
    }
  }
})

test('B174 a cursor from before a change is answered alike by both engines', async () => {
  const tools = named(2 * PAGE_ITEMS)
  const { nextCursor: cursor } = pageOf(tools, undefined)!
  const left = tools.slice(5)
  const answers = await Promise.all(
    (['fast', 'sdk'] as const).map(async (engine) => {
      const host = hosted({ tools: left, engine })
      const { message } = await host.ask(modern('tools/list', { cursor }))
      await host.close()
      return message!.result as { tools: unknown[]; nextCursor?: string }
    }),
  )
  expect(answers[0]!.tools).toHaveLength(PAGE_ITEMS)
  expect(answers[0]).toEqual(answers[1])
})

test('B174 a list of one page has no cursor', () => {
  expect(pageOf(named(PAGE_ITEMS), undefined)).not.toHaveProperty('nextCursor')
})

test('B174 what goes or comes between two pages moves no other tool', () => {
  const tools = named(PAGE_ITEMS + 2)
  const { nextCursor } = pageOf(tools, undefined)!
  const later = [listed('a_new_one'), ...tools.filter((_tool, at) => at !== PAGE_ITEMS - 1)]
  expect(pageOf(later, nextCursor)!.items).toEqual(tools.slice(PAGE_ITEMS))
  expect(pageOf(named(3), nextCursor)).toEqual({ items: [] })
})

test.each(['', 'x', 'YWZ0ZXIg=', Buffer.from('before a').toString('base64url')])(
  'a cursor that was not given here is refused: %j',
  (cursor) => {
    expect(pageOf(named(1), cursor || '!')).toBeUndefined()
  },
)

test('a cursor that was never given out is none whose page is kept', () => {
  const tools = named(PAGE_ITEMS + 2)
  const given = (cursor: string) => isGiven(tools, cursor, ({ name }) => name)
  const made = (key: string) => Buffer.from(`after ${key}`).toString('base64url')
  expect([given(''), given(pageOf(tools, undefined)!.nextCursor!)]).toEqual([true, true])
  expect([given(made('!')), given(made(`${tools[PAGE_ITEMS - 1]!.name}x`))]).toEqual([false, false])
})
