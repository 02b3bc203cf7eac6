import { describe, expect, test } from 'vitest'
import { hosted, legacy, listed, modern } from '../testing/hosted.ts'
import { clientProfile } from './client-profile.ts'
import { shownName } from './shown-name.ts'

describe('what a client is given', () => {
  test.each([
    ['one that nobody knows', { name: 'x', version: '1' }, {}, { name: 'x', version: '1', schema: 'portable' }],
    [
      'one that says more than is kept of it',
      { name: 'n'.repeat(5_000), version: 'v'.repeat(5_000) },
      {},
      { name: 'n'.repeat(100), version: 'v'.repeat(100) },
    ],
    ['one that does not say', {}, {}, { name: 'unknown', schema: 'portable' }],
    ['Cursor', { name: 'cursor-vscode' }, {}, { name: 'cursor-vscode', schema: 'portable', nameChars: 40 }],
    ['Gemini CLI', { name: 'gemini-cli-mcp-client' }, {}, { schema: 'portable', nameChars: 44 }],
    [
      'what the URL asks for comes first',
      { name: 'cursor' },
      { resultBytes: 2_000, schema: 'strict' as const },
      { resultBytes: 2_000, schema: 'strict' },
    ],
  ])('%s', (_name, client, asked, want) => {
    expect(clientProfile(client, asked)).toMatchObject(want)
  })
})

describe('a client that takes short names', () => {
  const LONG = 'list_all_of_the_orders_of_a_customer_by_date_2'
  const tools = [listed('get_thing'), listed(LONG), listed(`${LONG}b`)]
  const cursor = { clientInfo: { name: 'cursor-vscode', version: '1' } }
  const meta = { _meta: { 'io.modelcontextprotocol/clientInfo': cursor.clientInfo } }

  test('is shown short ones, each its own, and calls by them', async () => {
    for (const engine of ['fast', 'sdk'] as const) {
      const called: string[] = []
      const call = async (name: string) => {
        called.push(name)
        return { ok: true as const, status: 200, content: [] }
      }
      const { ask, close } = hosted({ tools, engine, call })
      const { message } = await ask(modern('tools/list', meta))
      const names = (message!.result as { tools: Array<{ name: string }> }).tools.map(({ name }) => name)
      expect(names[0]).toBe('get_thing')
      expect(new Set(names).size).toBe(3)
      for (const name of names) {
        expect(name).toMatch(/^[a-z0-9_]{1,40}$/)
        await ask(modern('tools/call', { name, ...meta }))
      }
      expect(called.toSorted()).toEqual([...tools.map(({ name }) => name)].toSorted())
      await close()
    }
  })

  test('others see the whole ones', async () => {
    const { ask, close } = hosted({ tools })
    expect((await ask(legacy('tools/list'))).text).toContain(`"${LONG}"`)
    await close()
  })

  test('a name of the very length stays', () => {
    expect(shownName('x'.repeat(40), clientProfile({ name: 'cursor' }))).toBe('x'.repeat(40))
    expect(shownName('x'.repeat(41), clientProfile({ name: 'cursor' }))).toHaveLength(40)
  })
})
