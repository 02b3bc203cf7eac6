import { describe, expect, test } from 'vitest'
import type { InputsWanted } from '../inputs-wanted.ts'
import type { CallRequest } from '../mcp-session.ts'
import { type Answered, type Asked, hosted, legacy, listed, META, modern } from '../testing/hosted.ts'

const ASKED = {
  who: { method: 'elicitation/create', params: { message: 'Who?', requestedSchema: { type: 'object' } } },
} as const
const GIVEN = { who: { action: 'accept', content: { name: 'Ada' } } }
const CAPABLE = { [`${META}clientCapabilities`]: { elicitation: {} } }

/** A tool that says who it was told of, and asks where it was not. */
function asking() {
  const seen: Array<CallRequest['given']> = []
  const call = async (_name: string, _args: unknown, { given }: CallRequest) => {
    seen.push(given)
    if (!given || !('who' in given.inputs)) return { wanted: ASKED, state: { asked: 1 } } satisfies InputsWanted
    const text = JSON.stringify([given.inputs, given.state])
    return { ok: true as const, status: 200, content: [{ type: 'text' as const, text }] }
  }
  return { ...hosted({ call, mayAsk: true, tools: [listed('greet'), listed('greet_again')] }), seen }
}

interface ToolResult {
  readonly requestState?: string
  readonly content: ReadonlyArray<{ readonly text: string }>
  readonly capabilities?: object
}

const resultOf = ({ message }: Answered) => message?.result as ToolResult
const codeOf = ({ message }: Answered) => (message?.error as { code?: number } | undefined)?.code

describe('what a client of 2026-07-28 is asked ends its request, and it makes it again', () => {
  const greet = (more: object = {}, name = 'greet') =>
    modern('tools/call', { name, arguments: { id: 1, lang: 'en' }, ...more, _meta: CAPABLE })

  async function askedOnce() {
    const host = asking()
    const first = resultOf(await host.ask(greet()))
    expect(first).toMatchObject({
      resultType: 'input_required',
      inputRequests: ASKED,
      requestState: expect.any(String),
    })
    return { ...host, requestState: first.requestState as string }
  }

  test('with what it was asked for, and its state comes back', async () => {
    const { ask, requestState } = await askedOnce()
    expect(requestState).not.toContain('asked')
    const result = resultOf(await ask(greet({ inputResponses: GIVEN, requestState, arguments: { lang: 'en', id: 1 } })))
    expect(result).toMatchObject({ resultType: 'complete', content: [{ text: JSON.stringify([GIVEN, { asked: 1 }]) }] })
  })

  test.each([
    ['is used again', async () => ({})],
    ['was changed', async (state: string) => ({ requestState: `${state}x` })],
    ['is no text', async () => ({ requestState: 7 })],
    ['comes with other arguments', async () => ({ arguments: { id: 2, lang: 'en' } })],
    ['comes with another tool', async () => ({ name: 'greet_again' })],
  ])('S68 a state that %s is refused, and the tool does not run', async (what, change) => {
    const { ask, requestState, seen } = await askedOnce()
    const { name = 'greet', ...changed } = (await change(requestState)) as { name?: string }
    if (what === 'is used again') await ask(greet({ inputResponses: GIVEN, requestState }))
    const before = seen.length
    const refused = await ask(greet({ inputResponses: GIVEN, requestState, ...changed }, name))
    expect(codeOf(refused)).toBe(-32602)
    expect(refused.text).not.toContain('asked')
    expect(seen).toHaveLength(before)
  })

  test('a client that cannot be asked is told what it lacks', async () => {
    const lacking = await asking().ask(modern('tools/call', { name: 'greet', arguments: {} }))
    expect([lacking.status, codeOf(lacking)]).toEqual([400, -32021])
    expect(lacking.message).toMatchObject({ error: { data: { requiredCapabilities: { elicitation: {} } } } })
  })

  test('for a prompt too, and what it gives stands there', async () => {
    const prompts = [
      {
        name: 'say',
        title: null,
        description: null,
        arguments: [],
        messages: [{ role: 'user' as const, text: 'To {{who}}.' }],
      },
    ]
    const { ask } = hosted({
      mayAsk: true,
      prompts,
      completePrompt: async (_name, { given }) => (given?.inputs.who ? { values: { who: 'Ada' } } : { wanted: ASKED }),
    })
    const get = (more: object = {}) => modern('prompts/get', { name: 'say', ...more, _meta: CAPABLE })
    expect(resultOf(await ask(get()))).toMatchObject({ resultType: 'input_required', inputRequests: ASKED })
    expect(JSON.stringify(resultOf(await ask(get({ inputResponses: GIVEN }))))).toContain('To Ada.')
  })
})

describe('before it, a client is asked on the stream of its request', () => {
  const initialize = (capabilities: object) =>
    legacy('initialize', { protocolVersion: '2025-11-25', capabilities, clientInfo: { name: 'c', version: '1' } })

  /** Calls the tool; what it is asked is answered by these, one after the other. */
  async function called(capabilities: object, answers: ReadonlyArray<Partial<Asked> & { readonly result?: object }>) {
    const { ask } = asking()
    const session = { 'mcp-session-id': (await ask(initialize(capabilities))).headers['mcp-session-id'] }
    const statuses: number[] = []
    const onMessage = async ({ id, method }: Readonly<Record<string, unknown>>) => {
      if (method !== 'elicitation/create') return
      for (const { result, ...as } of answers) {
        const body = JSON.stringify({ jsonrpc: '2.0', id, result })
        statuses.push((await ask({ ...legacy(''), ...as, body })).status)
      }
    }
    const answer = await ask({ ...legacy('tools/call', { name: 'greet', arguments: {} }, session), onMessage })
    return { answer, statuses }
  }

  test('and answers by a message of its own; the request goes on', async () => {
    const { answer, statuses } = await called({ elicitation: {} }, [{ result: GIVEN.who }])
    expect(resultOf(answer).content[0]!.text).toBe(JSON.stringify([GIVEN, { asked: 1 }]))
    expect(statuses).toEqual([202])
  })

  test('S66 another caller answers nothing of it', async () => {
    const forged = { principal: 'key_2', result: { action: 'accept', content: { name: 'Eve' } } }
    const { answer } = await called({ elicitation: {} }, [forged, { result: GIVEN.who }])
    expect(answer.text).toContain('Ada')
    expect(answer.text).not.toContain('Eve')
  })

  test('one that cannot be asked is told what it lacks', async () => {
    const { answer } = await called({}, [])
    expect(answer.message).toMatchObject({ error: { message: expect.stringContaining('capability elicitation') } })
  })
})

describe('what is logged', () => {
  const { ask } = hosted({
    mayAsk: true,
    call: async (_name, _args, { log }) => {
      log?.('debug', 'looked')
      log?.('error', 'broke')
      return { ok: true, status: 200, content: [{ type: 'text', text: 'done' }] }
    },
  })
  async function heard(asked: Asked): Promise<unknown[]> {
    const messages: Array<Readonly<Record<string, unknown>>> = []
    await ask({ ...asked, onMessage: (message) => void messages.push(message) })
    return messages
      .filter(({ method }) => method === 'notifications/message')
      .map(({ params }) => (params as { data: unknown }).data)
  }
  const CALL = { name: 'get_thing', arguments: {} }

  test.each([
    ['nothing, where it names no level', {}, []],
    ['what is as urgent as the level it names', { [`${META}logLevel`]: 'error' }, ['broke']],
    ['all, where it names the least urgent', { [`${META}logLevel`]: 'debug' }, ['looked', 'broke']],
  ])('a client of 2026-07-28 hears of %s', async (_what, _meta, told) => {
    expect(await heard(modern('tools/call', { ...CALL, _meta }))).toEqual(told)
  })

  test('a client of a session hears from the level on that it set', async () => {
    const asked = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } }
    const session = { 'mcp-session-id': (await ask(legacy('initialize', asked))).headers['mcp-session-id'] }
    const call = legacy('tools/call', CALL, session)
    expect(await heard(call)).toEqual(['broke'])
    expect(resultOf(await ask(legacy('logging/setLevel', { level: 'debug' }, session)))).toEqual({})
    expect(await heard(call)).toEqual(['looked', 'broke'])
    expect(await heard(legacy('tools/call', CALL))).toEqual(['broke'])
  })

  test('a server that has nothing to say offers no log', async () => {
    const { ask: quiet } = hosted()
    expect(resultOf(await quiet(modern('server/discover'))).capabilities).not.toHaveProperty('logging')
    expect(codeOf(await quiet(legacy('logging/setLevel', { level: 'debug' })))).toBe(-32601)
  })
})
