import type { CallOutcome, CancelSignal } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import type { CallRequest } from '../mcp-session.ts'
import { hosted, legacy } from '../testing/hosted.ts'

const INITIALIZE = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } }
const DONE: CallOutcome = { ok: true, status: 200, content: [{ type: 'text', text: 'done' }] }

describe.each(['fast', 'sdk'] as const)('a request of the handshake era, with the %s engine', (engine) => {
  /** A call that goes on until it is cancelled, or let go. */
  async function calling() {
    const begun = Promise.withResolvers<CancelSignal>()
    const letGo = Promise.withResolvers<void>()
    const call = async (_name: string, _args: unknown, { signal }: CallRequest) => {
      begun.resolve(signal)
      await Promise.race([letGo.promise, new Promise<void>((done) => signal.addEventListener('abort', done))])
      return DONE
    }
    const host = hosted({ call, engine })
    const newSession = async () =>
      (await host.ask({ method: 'initialize', params: INITIALIZE })).headers['mcp-session-id']
    const session = await newSession()
    const headers = { 'mcp-session-id': session }
    const answered = host.ask({ ...legacy('tools/call', { name: 'get_thing' }, headers), id: 7 })
    const signal = await begun.promise
    const cancel = async (requestId: unknown, by: Record<string, string | undefined>, principal = 'key_1') => {
      const cancelled = { ...legacy('notifications/cancelled', { requestId }, by), id: null, principal }
      return (await host.ask(cancelled)).status
    }
    const end = async () => {
      letGo.resolve()
      expect((await answered).status).toBe(200)
      await host.close()
    }
    return { signal, cancel, headers, newSession, end }
  }

  test('B141 ends when its client says that it needs no answer', async () => {
    const { signal, cancel, headers, end } = await calling()
    expect(await cancel(7, headers)).toBe(202)
    expect(signal.aborted).toBe(true)
    await end()
  })

  test('S66 goes on when another request, another client of the same key or another key’s is cancelled', async () => {
    const { signal, cancel, headers, newSession, end } = await calling()
    expect(await cancel(8, headers)).toBe(202)
    expect(await cancel('7', headers)).toBe(202)
    expect(await cancel(undefined, headers)).toBe(202)
    expect(await cancel(7, {})).toBe(202)
    expect(await cancel(7, { 'mcp-session-id': await newSession() })).toBe(202)
    expect(await cancel(7, headers, 'key_2')).toBe(404)
    expect(signal.aborted).toBe(false)
    await end()
  })
})
