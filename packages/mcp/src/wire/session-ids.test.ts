import { describe, expect, test } from 'vitest'
import { hosted, legacy } from '../testing/hosted.ts'
import { createSessionIds } from './session-ids.ts'

const ids = createSessionIds(Buffer.alloc(32, 1))
const FACTS = {
  revision: '2025-06-18',
  name: 'codex',
  askable: { elicitation: ['url' as const], sampling: true, roots: false },
}

describe('a session id holds what it stands for', () => {
  const id = ids.make(FACTS, 'key_1')

  test('and is read by any gateway with the same key', () => {
    expect(createSessionIds(Buffer.alloc(32, 1)).open(id, 'key_1')).toEqual(FACTS)
    expect(id).toMatch(/^[\x21-\x7e]+$/)
  })

  test.each([
    ['another caller', id, 'key_2'],
    [
      'another payload',
      `${Buffer.from('{"revision":"2025-11-25"}').toString('base64url')}.${id.split('.')[1]}`,
      'key_1',
    ],
    ['another signature', `${id.split('.')[0]}.${'A'.repeat(43)}`, 'key_1'],
    ['half a signature', id.slice(0, -5), 'key_1'],
    ['a text', 'x', 'key_1'],
    ['nothing', '', 'key_1'],
    ['dots', '...', 'key_1'],
  ])('S66 but not for %s', (_name, other, principal) => {
    expect(ids.open(other, principal)).toBeUndefined()
  })

  test('nor with another key', () => {
    expect(createSessionIds(Buffer.alloc(32, 2)).open(id, 'key_1')).toBeUndefined()
  })
})

describe('a client that initialized', () => {
  const clientInfo = { name: 'cursor-vscode', version: '1' }
  const initialize = { protocolVersion: '2025-06-18', capabilities: { elicitation: {} }, clientInfo }

  test('is known at its calls', async () => {
    const seen: object[] = []
    const call = async (_name: string, _args: unknown, { client }: { client: object }) => {
      seen.push(client)
      return { ok: true as const, status: 200, content: [] }
    }
    const { ask, close } = hosted({ call })
    const { headers } = await ask({ method: 'initialize', params: initialize })
    const id = headers['mcp-session-id']
    expect((await ask(legacy('tools/call', { name: 'get_thing' }, { 'mcp-session-id': id }))).status).toBe(200)
    await ask(legacy('tools/call', { name: 'get_thing' }))
    expect(seen).toEqual([
      { name: 'cursor-vscode', version: '1', schema: 'portable', nameChars: 40 },
      { name: 'unknown', schema: 'portable' },
    ])
    await close()
  })

  test.each(['tools/list', 'ping', 'notifications/initialized'])(
    'is told to do so again where its id is of another installation: %s',
    async (method) => {
      const [one, other] = [hosted(), hosted({ sessionKey: Buffer.alloc(32, 9) })]
      const { headers } = await one.ask({ method: 'initialize', params: initialize })
      const asked = legacy(method, undefined, { 'mcp-session-id': headers['mcp-session-id'] })
      expect(await other.ask(asked)).toMatchObject({ status: 404, message: { id: 1, error: { code: -32001 } } })
      await Promise.all([one.close(), other.close()])
    },
  )
})
