import {
  CallToolResultSchema,
  DiscoverResultSchema,
  InitializeResultSchema,
  ListToolsResultSchema,
} from '@modelcontextprotocol/core'
import { permissiveSchema } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import { type Answered, type Asked, hosted, legacy, listed, META, modern } from './testing/hosted.ts'

const init = (protocolVersion: string, more: object = {}) => ({
  protocolVersion,
  capabilities: {},
  clientInfo: { name: 'test', version: '1' },
  ...more,
})
const TOOL = { name: 'get_thing', arguments: { id: 1 } }

/** Messages that are answered without the SDK. */
const PLAIN: Record<string, Asked> = {
  'discover, 2026-07-28': modern('server/discover'),
  'a list, 2026-07-28': modern('tools/list'),
  'a call, 2026-07-28': modern('tools/call', TOOL),
  'a call without arguments, 2026-07-28': modern('tools/call', { name: 'get_thing' }),
  'a call with an id that is a text': { ...modern('tools/call', TOOL), id: 'a "b"' },
  'initialize, 2025-11-25': legacy('initialize', init('2025-11-25')),
  'initialize, 2025-03-26': { method: 'initialize', params: init('2025-03-26') },
  'initialize with a revision nobody knows': { method: 'initialize', params: init('2023-01-01') },
  'a list, 2025-11-25': legacy('tools/list'),
  'a list with empty parameters': legacy('tools/list', {}),
  'a list without a revision': { method: 'tools/list' },
  'a call, 2025-06-18': legacy('tools/call', TOOL, { 'mcp-protocol-version': '2025-06-18' }),
  'ping, 2025-11-25': legacy('ping'),
  'initialized, 2025-11-25': { ...legacy('notifications/initialized'), id: null },
}

/** Messages that the SDK refuses, or that ask for something that only it does. */
const ODD: Record<string, Asked> = {
  'another body revision than header': modern('tools/list', {}, { 'mcp-protocol-version': '2026-09-01' }),
  'no revision header': modern('tools/list', {}, { 'mcp-protocol-version': undefined }),
  'S22 no method header': modern('tools/list', {}, { 'mcp-method': undefined }),
  'S22 another method header': modern('tools/list', {}, { 'mcp-method': 'tools/call' }),
  'S22 no name header': modern('tools/call', TOOL, { 'mcp-name': undefined }),
  'S22 another name header': modern('tools/call', TOOL, { 'mcp-name': 'list_things' }),
  'a name header in base64': modern('tools/call', TOOL, { 'mcp-name': '=?base64?Z2V0X3RoaW5n?=' }),
  'a revision to come': modern(
    'tools/list',
    { _meta: { [`${META}protocolVersion`]: '2027-01-01' } },
    { 'mcp-protocol-version': '2027-01-01' },
  ),
  'no client capabilities': modern('tools/list', { _meta: { [`${META}clientCapabilities`]: null } }),
  'a client without a version': modern('tools/list', { _meta: { [`${META}clientInfo`]: { name: 'x' } } }),
  'ping, 2026-07-28': modern('ping'),
  'a method nobody knows, 2026-07-28': modern('tools/guess'),
  'a method nobody knows, 2025-11-25': legacy('tools/guess'),
  'initialize in the new era': modern('initialize', init('2026-07-28')),
  'discover in the old era': legacy('server/discover'),
  'a tool nobody knows, 2026-07-28': modern('tools/call', { name: 'nothing' }),
  'a tool nobody knows, 2025-11-25': legacy('tools/call', { name: 'nothing' }),
  'a call without a name': modern('tools/call', {}),
  'a cursor that is no text, 2026-07-28': modern('tools/list', { cursor: 5 }),
  'a name that is no text': legacy('tools/call', { name: 1 }),
  'an empty cursor, 2026-07-28': modern('tools/list', { cursor: '' }),
  'an empty cursor': legacy('tools/list', { cursor: '' }),
  'arguments that are null, 2026-07-28': modern('tools/call', { name: 'get_thing', arguments: null }),
  'arguments that are null': legacy('tools/call', { name: 'get_thing', arguments: null }),
  'a cursor that is none': legacy('tools/list', { cursor: 'x' }),
  'a cursor that is no text': legacy('tools/list', { cursor: 1 }),
  'initialize without a client': legacy('initialize', { protocolVersion: '2025-11-25', capabilities: {} }),
  'initialize without capabilities': legacy('initialize', {
    protocolVersion: '2025-11-25',
    clientInfo: { name: 'x', version: '1' },
  }),
  'a header of an unknown revision': legacy('tools/list', undefined, { 'mcp-protocol-version': '2025-01-01' }),
  'a client that takes no streams': legacy('tools/list', undefined, { accept: 'application/json' }),
  'an id that is null': { body: '{"jsonrpc":"2.0","id":null,"method":"ping"}' },
  'an id that is a fraction': { ...legacy('ping'), id: 1.5 },
  'another version of JSON-RPC': { body: '{"jsonrpc":"1.0","id":1,"method":"ping"}' },
  'a member more': { body: '{"jsonrpc":"2.0","id":1,"method":"ping","more":1}' },
  'parameters that are a list': { body: '{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}' },
  'no method': { body: '{"jsonrpc":"2.0","id":1}' },
  'a response': { body: '{"jsonrpc":"2.0","id":1,"result":{}}' },
  'a scalar': { body: '1' },
  'a notification nobody knows': { ...legacy('notifications/unknown'), id: null },
  'cancelled, 2026-07-28': { ...modern('notifications/cancelled', { requestId: 1 }), id: null },
  'a call as a notification': { ...modern('tools/call', TOOL), id: null },
  'a call that asks for progress': modern('tools/call', { ...TOOL, _meta: { progressToken: 1 } }),
  'a call as a task': legacy('tools/call', { ...TOOL, task: { ttl: 1 } }),
  'a call with a state that it was not given': modern('tools/call', { ...TOOL, requestState: 'x' }),
}

/** What a session id says of a client. It also tells it from others, so no two are the same. */
function factsOf({ headers }: Answered): object | undefined {
  const session = headers['mcp-session-id']
  return session && { ...JSON.parse(Buffer.from(session.split('.')[0]!, 'base64url').toString()), id: undefined }
}

describe('4 both engines give one answer', () => {
  test.each(Object.entries({ ...PLAIN, ...ODD }))('%s', async (_name, asked) => {
    const [fast, sdk] = [hosted(), hosted({ engine: 'sdk' })]
    const [ours, theirs] = [await fast.ask(asked), await sdk.ask(asked)]
    expect(ours.status).toBe(theirs.status)
    expect(ours.message).toEqual(theirs.message)
    expect(factsOf(ours)).toEqual(factsOf(theirs))
    await Promise.all([fast.close(), sdk.close()])
  })

  test.each(Object.entries(PLAIN))('%s is answered as one JSON message', async (_name, asked) => {
    const { ask, close } = hosted()
    const { status, headers, text } = await ask(asked)
    if (asked.id === null) expect([status, text]).toEqual([202, ''])
    else expect([status, headers['content-type']]).toEqual([200, 'application/json'])
    await close()
  })

  test.each([
    ['an error', async () => ({ ok: false as const, kind: 'upstream' as const, message: 'no' })],
    [
      'an image',
      async () => ({
        ok: true as const,
        status: 200,
        content: [{ type: 'image' as const, data: 'AA==', mimeType: 'image/png' }],
      }),
    ],
    [
      'a list as a value',
      async () => {
        const schema = permissiveSchema({ type: 'array', items: { type: 'integer' } }, 1_000)
        return {
          ok: true as const,
          status: 200,
          content: [{ type: 'text' as const, text: '[1]' }],
          structured: { value: [1], schema, fits: true, notes: [] },
        }
      },
    ],
    ['a bug', async () => Promise.reject(new Error('broken'))],
  ])('a call that ends with %s', async (_name, call) => {
    for (const asked of [modern('tools/call', TOOL), legacy('tools/call', TOOL)]) {
      const outputSchema = permissiveSchema({ type: 'array', items: { type: 'integer' } }, 1_000)
      const tools = [listed('get_thing', { outputSchema })]
      const [fast, sdk] = [hosted({ call, tools }), hosted({ call, tools, engine: 'sdk' })]
      const [ours, theirs] = [await fast.ask(asked), await sdk.ask(asked)]
      expect([ours.status, ours.message]).toEqual([theirs.status, theirs.message])
      expect(fast.bugs).toEqual(sdk.bugs)
      await Promise.all([fast.close(), sdk.close()])
    }
  })
})

test.each<[string, Asked]>([
  ['tools/list', modern('tools/list', { cursor: 5 })],
  ['tools/list', modern('tools/list', { cursor: null })],
  ['tools/call', modern('tools/call', { name: 5 }, { 'mcp-name': '5' })],
  ['prompts/get', modern('prompts/get', { name: 'a', arguments: { order: 5 } })],
  ['completion/complete', modern('completion/complete', { ref: { type: 'ref/x' }, argument: {} })],
  ['tools/list', legacy('tools/list', { cursor: 5 })],
])('S21 parameters that %s does not take are told in a sentence (JSON-RPC 2.0 5.1)', async (method, asked) => {
  const { ask, close } = hosted()
  const { error } = (await ask(asked)).message as { error: { code: number; message: string } }
  expect(error.code).toBe(-32602)
  expect(error.message).toMatch(`The parameters are not as ${method} wants them. params.`)
  expect(error.message).not.toContain('\n')
  await close()
})

describe('4 the SDK’s own schemas take what is answered without it', () => {
  const many = Array.from({ length: 3 }, (_, n) => listed(`tool_${n}`, { outputSchema: {} }))
  test.each([
    ['discover', modern('server/discover'), DiscoverResultSchema],
    ['a list, 2026-07-28', modern('tools/list'), ListToolsResultSchema],
    ['a list, 2025-11-25', legacy('tools/list'), ListToolsResultSchema],
    ['a call', modern('tools/call', { name: 'tool_1' }), CallToolResultSchema],
    ['initialize', legacy('initialize', init('2025-11-25')), InitializeResultSchema],
  ] as const)('%s', async (_name, asked, schema) => {
    const { ask, close } = hosted({ tools: many })
    const { message } = await ask(asked)
    expect(schema.safeParse(message!.result)).toMatchObject({ success: true })
    await close()
  })
})

test.each(['fast', 'sdk'] as const)(
  'B121 S14 no member of an answer is lost, whatever its name: %s',
  async (engine) => {
    const value = JSON.parse('{"__proto__":{"a":1},"constructor":2,"below":{"__proto__":[3]}}')
    const structured = { value, schema: { type: 'object', properties: {} }, fits: true, notes: [] }
    const call = async () => ({ ok: true as const, status: 200, content: [], structured })
    const { ask } = hosted({ engine, tools: [listed('get_thing', { outputSchema: structured.schema })], call })
    for (const asked of [legacy('tools/call', TOOL), modern('tools/call', TOOL)]) {
      const { text } = await ask(asked)
      expect(text).toContain('"__proto__":{"a":1},"constructor":2,"below":{"__proto__":[3]}')
    }
  },
)
