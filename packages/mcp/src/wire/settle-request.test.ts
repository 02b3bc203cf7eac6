import { describe, expect, test } from 'vitest'
import { settleRequest } from './settle-request.ts'

const settle = (message: unknown, headers: Record<string, string> = {}) =>
  settleRequest(typeof message === 'string' ? message : JSON.stringify(message), (name) => headers[name])

describe('era, revision and client are settled once', () => {
  test.each([
    [
      'initialize',
      { method: 'initialize', params: { protocolVersion: '2025-06-18', clientInfo: { name: 'codex', version: '1' } } },
      {},
      { era: 'legacy', revision: '2025-06-18', client: { name: 'codex', version: '1' } },
    ],
    [
      'a later handshake request',
      { method: 'tools/list' },
      { 'mcp-protocol-version': '2025-11-25' },
      { era: 'legacy', revision: '2025-11-25', client: { name: 'unknown' } },
    ],
    ['no revision at all is 2025-03-26', { method: 'ping' }, {}, { era: 'legacy', revision: '2025-03-26' }],
    [
      'a stateless request',
      {
        method: 'tools/list',
        params: {
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientInfo': { name: 'claude' },
          },
        },
      },
      {},
      { era: 'modern', revision: '2026-07-28', client: { name: 'claude' } },
    ],
    [
      'a stateless request that only its header tells',
      { method: 'tools/list' },
      { 'mcp-protocol-version': '2026-07-28' },
      { era: 'modern' },
    ],
  ])('%s', (_name, message, headers, want) => {
    expect(settle({ jsonrpc: '2.0', id: 1, ...message }, headers)).toMatchObject(want)
  })
})

describe('S21 a message that has no one reading is refused', () => {
  test.each([
    ['no JSON', '{"jsonrpc":', -32700],
    ['nothing', '', -32700],
    ['a key twice', '{"jsonrpc":"2.0","id":1,"method":"a","method":"b"}', -32600],
    ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600],
    ['nested without end', `{"params":${'['.repeat(100)}${']'.repeat(100)}}`, -32600],
  ])('%s', (_name, text, code) => {
    const fault = settle(text)
    expect(fault).toMatchObject({ status: 400 })
    expect(JSON.parse((fault as { body: string }).body)).toMatchObject({ jsonrpc: '2.0', id: null, error: { code } })
  })

  test('digits of an argument are kept', () => {
    const settled = settle('{"method":"tools/call","params":{"arguments":{"id":9007199254740993}}}')
    expect(JSON.stringify('message' in settled && settled.message)).toContain('9007199254740993')
  })
})
