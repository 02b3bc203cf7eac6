import { once } from 'node:events'
import { countTokens } from '@sluice/tokenizer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../support/admin.ts'
import { DATABASES } from '../support/gateway-process.ts'
import { type LargeServer, startLargeServer } from '../support/large-server.ts'
import { CLIENTS, type McpClient, postMessage } from '../support/mcp-clients.ts'
import type { SiteAnswer } from '../support/site.ts'

// An agent that writes code against the tools: several calls, one answer.

describe.each(DATABASES)('code against tools, on the %s database', (kind) => {
  let large: LargeServer
  let agent: McpClient
  const server = (change: object) => ask(large.gateway, 'PATCH', `/servers/${large.slug}`, change)
  const run = (code: string, on = agent) => on.callTool('run_code', { code })
  const asked = () => large.api.asked.map(({ method, url }) => `${method} ${url}`)

  beforeAll(async () => {
    large = await startLargeServer(kind, async ({ method, url }): Promise<SiteAnswer> => {
      if (url === '/orders/404') {
        return { status: 404, headers: { 'content-type': 'application/json' }, body: '{"code":"gone"}' }
      }
      if (url === '/shifts') {
        return { headers: { 'content-type': 'application/x-ndjson' }, body: '{"n":1}\n{"n":2}\n{"n":3}\n{"n":4}\n' }
      }
      if (url?.startsWith('/parcels')) await new Promise((resolve) => setTimeout(resolve, 5_000))
      return {
        headers: { 'content-type': 'application/json', 'x-total-count': '2', 'set-cookie': 'a=b' },
        body: `{"method":"${method}","url":"${url}","id":12345678901234567890}`,
      }
    })
    await server({ mode: 'code' })
    agent = await CLIENTS['the v2 client, 2026-07-28']!(large.endpoint)
  })
  afterAll(async () => {
    await agent.close()
    await large.close()
  })

  test.each(Object.keys(CLIENTS))('%s is shown three tools, and runs code', async (which) => {
    const client = await CLIENTS[which]!(large.endpoint)
    const tools = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(['describe_tools', 'run_code', 'search_tools'])
    expect(countTokens(JSON.stringify(tools))).toBeLessThan(1500)
    expect((await client.callTool('search_tools', { query: 'read one order' })).text).toContain('await api.name(')
    for (const code of ['return 1 + 1', '```js\nreturn 1 + 1\n```']) {
      expect(await run(code, client)).toEqual({ text: '2', isError: false })
    }
    await client.close()
  })

  test('B187 a call in code sends what a direct call sends, and is answered with the very value', async () => {
    large.api.asked.length = 0
    const direct = await agent.callTool('get_order', { order_id: 7 })
    const { text } = await run('return (await api.get_order({ order_id: 7 })).data')
    // What a direct call tells beside the answer, code finds in its headers.
    expect(text).toBe(direct.text.split('\n')[0])
    expect(asked()).toEqual(['GET /orders/7', 'GET /orders/7'])
  })

  test('several calls, one answer; headers are told, cookies are not', async () => {
    const { text } = await run(`
      const all = await Promise.all([1, 2, 3].map((order_id) => api.get_order({ order_id })))
      console.log('read', all.length)
      return all.map(({ data, status, headers }) => [data.url, status, headers['x-total-count'], headers['set-cookie']])`)
    expect(text).toContain('[["/orders/1",200,"2",null],["/orders/2",200,"2",null],["/orders/3",200,"2",null]]')
  })

  test('code that returns nothing is told why there is no answer', async () => {
    expect((await run('async () => 5')).text).toMatch(/^null\n\[The code has no return/)
    for (const code of ['(async () => { return 7 })()', 'async () => { return 7 }', 'function f() { return 7 }\nf()'])
      expect((await run(code)).text).toMatch(/^null\n\[The code returned nothing: .*must be called, and/)
    const missing = await run('return (await api.get_order({ order_id: 1 })).data.items')
    expect(missing.text).toMatch(/^null\n.*What it returned is undefined, such as a member that is not there/)
    expect((await run('return null')).text).toBe('null')
  })

  test('a failed call throws an error that says what is known of it', async () => {
    const { text } = await run(
      'try { await api.get_order({ order_id: 404 }) } catch (e) { return [e.name, e.status, e.body, e.signature] }',
    )
    expect(JSON.parse(text)).toEqual([
      'ToolError',
      404,
      { code: 'gone' },
      'get_order({ order_id: number }): { id: number, name?: string, note?: string }',
    ])
    large.api.asked.length = 0
    const wrong = await run('await api.get_order({ order_id: "x" })')
    expect(wrong).toMatchObject({ isError: true, text: expect.stringMatching(/failed at line 1.*order_id/) })
    const near = await run('await api.get_ordr({})')
    expect(near).toMatchObject({ isError: true, text: expect.stringContaining('Did you mean get_order?') })
    expect(large.api.asked).toEqual([])
  })

  test('code only reads unless the server lets it write', async () => {
    large.api.asked.length = 0
    const write = 'return (await api.delete_order({ order_id: 1 })).status'
    expect(await run(write)).toMatchObject({ isError: true, text: expect.stringContaining('code may only read') })
    expect(large.api.asked).toEqual([])
    await server({ codeCalls: 'all' })
    await expect.poll(async () => (await run(write)).text, { timeout: 10_000 }).toBe('200')
    await server({ codeCalls: 'none' })
    await expect.poll(async () => (await agent.listTools()).map(({ name }) => name)).not.toContain('run_code')
    await server({ codeCalls: 'read-only' })
    await expect.poll(async () => (await agent.listTools()).map(({ name }) => name)).toContain('run_code')
  })

  test('B185 none of our own tools is called by code', async () => {
    for (const name of ['run_code', 'call_tool', 'search_tools', 'read_more']) {
      expect(await run(`await call(${JSON.stringify(name)}, { code: 'return 1' })`)).toMatchObject({
        isError: true,
        text: expect.stringContaining('There is no tool named'),
      })
    }
  })

  test('S66 code reaches no tool that its caller may not use', async () => {
    const { body: key } = await ask(large.gateway, 'POST', '/access-keys', {
      name: 'orders only',
      servers: [large.slug],
      tags: ['orders'],
    })
    const limited = await CLIENTS['the v2 client, 2026-07-28']!({ url: large.endpoint.url, accessKey: key.key })
    large.api.asked.length = 0
    expect(await run('await api.list_customers({})', limited)).toMatchObject({
      isError: true,
      text: expect.stringContaining('There is no tool named'),
    })
    expect(large.api.asked).toEqual([])
    await limited.close()
  })

  test('S71 a run that calls nothing counts, and one of one call at once can make it', async () => {
    const newAgent = async (limits: object) => {
      const { body } = await ask(large.gateway, 'POST', '/access-keys', {
        name: 'limited',
        servers: [large.slug],
        limits,
      })
      return CLIENTS['the v2 client, 2026-07-28']!({ url: large.endpoint.url, accessKey: body.key })
    }
    const [few, single] = [await newAgent({ callsPerMinute: 2 }), await newAgent({ callsAtOnce: 1 })]
    // The end of a minute would give as many again.
    const left = 60_000 - (Date.now() % 60_000)
    if (left < 5_000) await new Promise((resolve) => setTimeout(resolve, left))
    expect((await run('return 1', few)).text).toBe('1')
    expect((await run('return 2', few)).text).toBe('2')
    expect(await run('return 3', few)).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^This access key lets 2 calls through in a minute/),
    })
    expect((await run('return (await api.get_order({ order_id: 7 })).status', single)).text).toBe('200')
    await Promise.all([few.close(), single.close()])
  })

  test('a large result is cut and says so, with what was logged', async () => {
    const { text } = await run(
      'console.log("hi"); return Array.from({ length: 5000 }, (_, at) => ({ at, name: "x".repeat(20) }))',
    )
    expect(text).toMatch(/^\[Shown in part: \d+ of 5000 items/)
    expect(text).toContain('Return less')
    expect(text).toMatch(/console:\nhi$/)
    expect(Buffer.byteLength(text)).toBeLessThan(26_000)
  })

  test('S70 what never ends is stopped, and calls go on meanwhile', async () => {
    const stopped = run('for (;;) {}')
    const other = await agent.callTool('get_order', { order_id: 1 })
    expect(other.isError).toBe(false)
    expect(await stopped).toMatchObject({ isError: true, text: expect.stringContaining('was stopped') })
    expect(await run('return 3')).toEqual({ text: '3', isError: false })
  })

  test('S20 arguments that are nested too deeply are refused in the code, and nothing is sent', async () => {
    large.api.asked.length = 0
    const { text, isError } = await run('let a = 1; for (let n = 0; n < 2000; n++) a = [a]; await api.get_order({ a })')
    expect({ text, isError }).toEqual({
      isError: true,
      text: expect.stringMatching(/ToolError: The arguments are nested deeper than 64 levels\. Nothing was sent/),
    })
    expect(large.api.asked).toEqual([])
    expect(await run('return 4')).toEqual({ text: '4', isError: false })
  })

  test('B141 a client that goes away ends the calls that its code waits for', async () => {
    const closed: string[] = []
    large.api.asked.length = 0
    const leaving = new AbortController()
    const call = {
      name: 'run_code',
      arguments: { code: 'await Promise.all([api.list_parcels({}), api.list_parcels({})])' },
    }
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: call }
    const answered = postMessage(large.endpoint, message, { signal: leaving.signal }).catch(() => 'gone')
    await expect.poll(() => large.api.asked.length, { timeout: 5_000 }).toBe(2)
    for (const { socket, url } of large.api.asked) socket.once('close', () => closed.push(url!))
    leaving.abort()
    expect(await answered).toBe('gone')
    await expect.poll(() => closed).toEqual(['/parcels', '/parcels'])
    expect(await run('return 5')).toEqual({ text: '5', isError: false })
  })

  test('B141 so does a client of the handshake era that says so, and leaves its stream open', async () => {
    const post = (message: object, headers = {}) =>
      postMessage(large.endpoint, { jsonrpc: '2.0', ...message }, { headers })
    const about = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } }
    const initialized = await post({ id: 0, method: 'initialize', params: about })
    const session = { 'mcp-session-id': initialized.headers.get('mcp-session-id')! }
    large.api.asked.length = 0
    const params = { name: 'run_code', arguments: { code: 'await api.list_parcels({})' } }
    const answered = post({ id: 1, method: 'tools/call', params }, session)
    await expect.poll(() => large.api.asked.length, { timeout: 5_000 }).toBe(1)
    const closed = once(large.api.asked[0]!.socket, 'close')
    const cancelled = { method: 'notifications/cancelled', params: { requestId: 1, reason: 'not needed' } }
    expect((await post(cancelled, session)).status).toBe(202)
    await closed
    expect(await (await answered).text()).toContain('was given up')
  })

  test('progress of a run is the calls that it made, whatever each of them would tell', async () => {
    const code = 'await Promise.all([api.list_shifts({}), api.list_shifts({})]); await api.get_order({ order_id: 1 })'
    const params = { name: 'run_code', arguments: { code }, _meta: { progressToken: 'p' } }
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params }
    const text = await (await postMessage(large.endpoint, message)).text()
    const told = [...text.matchAll(/"progress":(\d+)/g)].map(([, progress]) => Number(progress))
    expect(told).toEqual([1, 2, 3])
  })

  test('S11 what the API answers cannot become code', async () => {
    const { text } = await run(
      'const { data } = await api.get_order({ order_id: 1 }); return Object.getPrototypeOf(data) === Object.prototype',
    )
    expect(text).toBe('true')
  })
})
