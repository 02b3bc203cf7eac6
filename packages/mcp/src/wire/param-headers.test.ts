import { describe, expect, test } from 'vitest'
import { hosted, listed, modern } from '../testing/hosted.ts'

const schema = {
  type: 'object',
  properties: {
    region: { type: 'string', 'x-mcp-header': 'Region' },
    tenant: { type: 'integer', 'x-mcp-header': 'Tenant' },
    dry: { type: 'boolean', 'x-mcp-header': 'Dry' },
    other: { type: 'string' },
  },
}

describe('S22 a header that repeats an argument says what the argument says', () => {
  test.each<[string, string, Record<string, string>, number]>([
    ['the same text', '{"region":"eu"}', { region: 'eu' }, 200],
    ['the same number', '{"tenant":42}', { tenant: '42' }, 200],
    ['the same number, written otherwise', '{"tenant":42}', { tenant: '42.0' }, 200],
    ['a number of many digits', '{"tenant":9007199254740993}', { tenant: '9007199254740993' }, 200],
    ['the same flag', '{"dry":false}', { dry: 'false' }, 200],
    ['base64 of the same', '{"region":"zürich"}', { region: '=?base64?esO8cmljaA==?=' }, 200],
    ['no argument, no header', '{"other":"x"}', {}, 200],
    ['an argument that is null', '{"region":null}', {}, 200],
    ['another text', '{"region":"eu"}', { region: 'us' }, 400],
    ['no header', '{"region":"eu"}', {}, 400],
    ['another number', '{"tenant":42}', { tenant: '43' }, 400],
    ['a digit that a double would lose', '{"tenant":9007199254740993}', { tenant: '9007199254740992' }, 400],
    ['base64 of something else', '{"region":"eu"}', { region: '=?base64?dXM=?=' }, 400],
    ['what is no base64', '{"region":"eu"}', { region: '=?base64?***?=' }, 400],
  ])('%s', async (_name, args, given, status) => {
    for (const engine of ['fast', 'sdk'] as const) {
      const { ask, close } = hosted({
        engine,
        tools: [listed('get_thing', { wireSchema: schema, inputSchema: schema })],
      })
      const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [`mcp-param-${name}`, value]))
      const asked = modern('tools/call', { name: 'get_thing', arguments: {} }, headers)
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: asked.method, params: asked.params })
      const { message, status: got } = await ask({
        ...asked,
        body: body.replace('"arguments":{}', `"arguments":${args}`),
      })
      expect(got).toBe(status)
      if (status === 400) expect(message).toMatchObject({ id: 1, error: { code: -32020 } })
      await close()
    }
  })

  test('is not asked of a client that was not told of it', async () => {
    const { properties } = schema
    const inputSchema = { type: 'object', properties: { ...properties, region: { type: 'string' } } }
    const { ask, close } = hosted({ tools: [listed('get_thing', { wireSchema: schema, inputSchema })] })
    const asked = modern('tools/call', { name: 'get_thing', arguments: { region: 'eu' } })
    expect((await ask({ ...asked, profile: { schema: 'full' } })).status).toBe(200)
    expect((await ask(asked)).status).toBe(400)
    await close()
  })
})
