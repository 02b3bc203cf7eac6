import { setTimeout as pause } from 'node:timers/promises'
import type { FinishedCall, Observation } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { createObserve } from './observe.ts'

const said = (format: 'json' | 'text' | 'silent', observation: Observation) => {
  let lines = ''
  createObserve(format, (makeLine) => {
    lines += makeLine()
  })(observation)
  return lines
}
const CALL: FinishedCall = {
  kind: 'call.finished',
  workspaceId: 'ws',
  callId: 'c',
  at: 0,
  road: 'direct',
  callerId: 'key_1',
  server: 'shop',
  tool: 'get_book',
  caller: 'Ada',
  client: 'claude',
  outcome: 'ok',
  status: 200,
  ms: 12.4,
  bytes: 99,
}

describe('what the gateway says of itself', () => {
  test('elsewhere it is JSON, one line each', () => {
    const line = said('json', CALL)
    expect(line.endsWith('\n')).toBe(true)
    expect(JSON.parse(line)).toMatchObject({
      level: 30,
      kind: 'call.finished',
      server: 'shop',
      tool: 'get_book',
      outcome: 'ok',
      ms: 12.4,
    })
  })

  test('it tells the time at which it was said, not at which its line is made', async () => {
    const lines: Array<() => string> = []
    const before = Date.now()
    createObserve('json', (makeLine) => void lines.push(makeLine))(CALL)
    const after = Date.now()
    await pause(20)
    const said = Date.parse((JSON.parse(lines[0]!()) as { time: string }).time)
    expect(said).toBeGreaterThanOrEqual(before)
    expect(said).toBeLessThanOrEqual(after)
  })

  test('a request that the database could not serve is told with the reason', () => {
    const request = { kind: 'request.finished', requestId: 'r', method: 'GET', route: '/', status: 503, ms: 1 } as const
    const failed = { ...request, problem: 'database-unavailable', reason: 'disk full' }
    expect(JSON.parse(said('json', failed))).toMatchObject({ problem: 'database-unavailable', reason: 'disk full' })
    expect(said('text', failed)).toBe('GET / 503 1 ms (database-unavailable: disk full)\n')
    expect(said('text', request)).toBe('GET / 503 1 ms\n')
  })

  test('what cannot be told is told as that', () => {
    const cause = Object.create(null)
    expect(JSON.parse(said('json', { kind: 'bug', where: 'here', cause }))).toMatchObject({ where: 'here' })
    expect(said('text', { kind: 'bug', where: 'here', cause })).toContain('here')
  })

  test('in a terminal it reads like a log for people', () =>
    expect(said('text', CALL)).toBe('shop/get_book ok 200 12 ms 99 bytes\n'))

  test('of a tool with a cache it says what that did', () => {
    expect(said('text', { ...CALL, cache: 'hit' })).toBe('shop/get_book ok 200 12 ms 99 bytes (cache hit)\n')
    expect(JSON.parse(said('json', { ...CALL, cache: 'revalidated' }))).toMatchObject({ cache: 'revalidated' })
  })

  test('S39 what was sent and answered is in no log', () => {
    const content = {
      arguments: '{"a":"private"}',
      answer: 'private',
      answerType: 'text/plain',
      isCut: false,
      isRedacted: false,
    }
    for (const format of ['json', 'text'] as const) expect(said(format, { ...CALL, content })).not.toContain('private')
  })

  test('S63 a foreign name cannot write to the terminal', () => {
    const line = said('text', { ...CALL, tool: 'x\u001b[31m\nforged \u202eko\u2066' })
    expect(line).toBe('shop/x\\u001b[31m\\u000aforged \\u202eko\\u2066 ok 200 12 ms 99 bytes\n')
  })

  test('S63 the message of an error looks like no other line', () => {
    const line = said('text', { kind: 'bug', where: 'here', cause: new Error('outer\nshop/get_book ok') })
    expect(line).toMatch(/^A bug in here: Error: outer\n {2}shop\/get_book ok\n/)
    expect(line.trimEnd().split('\n').slice(1)).toSatisfy((rest: string[]) => rest.every((one) => one.startsWith('  ')))
  })

  test('a bug is told with its causes, as an error', () => {
    const line = JSON.parse(
      said('json', { kind: 'bug', where: 'here', cause: new Error('outer', { cause: new Error('inner') }) }),
    )
    expect(line).toMatchObject({
      level: 50,
      where: 'here',
      cause: expect.stringMatching(/outer[\s\S]*caused by: Error: inner/),
    })
  })

  test('a first start says where its keys are, in a terminal and elsewhere', () => {
    const made: Observation = { kind: 'keys.made', masterKey: '/data/master.key', adminKey: '/data/admin.key' }
    expect(said('text', made)).toBe(
      'Made the master key /data/master.key: keep a copy, secrets cannot be opened without it.\nMade the admin key file /data/admin.key: it opens the admin API.\n',
    )
    expect(JSON.parse(said('json', made))).toMatchObject({ kind: 'keys.made', adminKey: '/data/admin.key' })
  })

  test('silent says nothing', () => expect(said('silent', CALL)).toBe(''))
})
