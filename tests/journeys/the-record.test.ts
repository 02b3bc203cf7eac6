import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, listAll } from '../support/admin.ts'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { connectV2, type McpClient } from '../support/mcp-clients.ts'
import { type Site, startSite } from '../support/site.ts'
import { sluice } from '../support/spawned.ts'

// What is recorded of calls, and how people get at it.

const SECRET = 's3cret-of-the-orders'
const METRICS_KEY = 'the-metrics-key-of-these-tests-only'

/** An API that is busy at first, for who asks it to be. */
function orders() {
  let busy = 0
  return startSite(({ url: asked, headers: { 'x-key': key } }) => {
    const headers = { 'content-type': 'application/json' }
    if (asked!.startsWith('/busy') && busy++ % 2 === 0)
      return { status: 503, headers: { 'retry-after': '0' }, body: '{}' }
    if (asked!.startsWith('/gone')) return { status: 404, headers, body: '{"why":"gone"}' }
    if (asked!.startsWith('/echo')) return { headers, body: JSON.stringify({ asked, junk: 'x', key }) }
    return { headers, body: JSON.stringify({ asked, junk: 'x'.repeat(2000) }) }
  })
}

const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer' } }
const get = (operationId: string) => ({ get: { operationId, parameters: [id] } })
const documentOf = (url: string) => ({
  openapi: '3.1.0',
  info: { title: 'Orders', version: '1' },
  servers: [{ url }],
  security: [{ key: [] }],
  components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'x-key' } } },
  paths: {
    '/echo/{id}': {
      get: { operationId: 'get_echo', parameters: [id, { name: 'note', in: 'query', schema: { type: 'string' } }] },
    },
    '/orders/{id}': get('get_order'),
    '/busy/{id}': get('get_busy'),
    '/gone/{id}': get('get_gone'),
  },
})

describe.each(DATABASES)('the record of calls, on the %s database', (kind) => {
  let api: Site
  let home: GatewayHome
  let gateway: GatewayProcess
  let agent: McpClient
  let url: string
  let keyId: string

  beforeAll(async () => {
    api = await orders()
    home = await newHome(kind)
    gateway = await startGateway(home, { TOKEN_PRICE_PER_MILLION: '3', METRICS_KEY })
    const document = {
      text: JSON.stringify(documentOf(api.url)),
      allow: [new URL(api.url).host],
      credential: { value: SECRET },
    }
    const { body } = await ask(gateway, 'POST', '/imports?commit=true&server=orders&upstream=orders', document)
    url = body.url
    agent = await connectV2({ url, accessKey: body.accessKey }, { pin: '2026-07-28' })
    keyId = (await listAll(gateway, '/access-keys'))[0].id
    const [order] = await listAll(gateway, '/tools?q=get_order')
    await ask(gateway, 'PATCH', `/tools/${order.id}`, { responseFilter: '{asked: asked}' })
  })
  afterAll(async () => {
    await agent.close()
    await gateway.end('SIGTERM')
    await home.remove()
    await api.close()
  })

  const inMode = async (mode: string, tool: string) => {
    await ask(gateway, 'PATCH', '/servers/orders', { mode })
    await expect.poll(async () => (await agent.listTools()).map(({ name }) => name)).toContain(tool)
  }
  /** What is weighed is told a little later. */
  const recorded = async (query: string, most = 1) => {
    await expect.poll(() => listAll(gateway, `/calls?${query}`)).toHaveLength(most)
    return listAll(gateway, `/calls?${query}`)
  }
  const at = (...args: string[]) =>
    sluice(args, { env: { ...home.env, SLUICE_URL: gateway.url, SLUICE_ADMIN_KEY: gateway.adminKey } })

  test('tells of a call what was served to whom, how it went and what it cost', async () => {
    await agent.callTool('get_order', { id: 1 })
    const [call] = await recorded('tool=get_order')
    const [tool] = await listAll(gateway, '/tools?q=get_order')
    const [version] = await listAll(gateway, `/operations/${tool.operation}/versions`)
    const [revision] = await listAll(gateway, '/upstreams/orders/spec-revisions')
    expect(call).toMatchObject({
      server: 'orders',
      tool: 'get_order',
      toolId: tool.id,
      operationVersion: version.id,
      specRevision: revision.id,
      callerId: keyId,
      client: 'journey-v2',
      clientVersion: '2.0.0',
      road: 'direct',
      parent: null,
      outcome: 'ok',
      status: 200,
      retries: 0,
      cache: null,
    })
    expect(Object.keys(call.stages)).toEqual(['arguments', 'request', 'upstream', 'response', 'filter', 'result'])
    expect(call.rawBytes).toBeGreaterThan(2000)
    expect(call.bytes).toBeLessThan(100)
    expect(call.savedTokens).toBe(call.tokens.raw - call.tokens.sent)
    expect(call.savedTokens).toBeGreaterThan(100)
    expect((await ask(gateway, 'GET', `/calls/${call.id}`)).body).toEqual(call)
  })

  test('is asked for by whatever it holds, and by bounds of each number', async () => {
    const [call] = await recorded('tool=get_order')
    const { tool, toolId, operationVersion, specRevision, callerId, client, clientVersion, road, outcome, status } =
      call
    const same = {
      tool,
      toolId,
      operationVersion,
      specRevision,
      callerId,
      client,
      clientVersion,
      road,
      outcome,
      status,
    }
    const { ms, retries, bytes, rawBytes, savedTokens, tokens } = call
    const numbers = { ms, retries, bytes, rawBytes, savedTokens, rawTokens: tokens.raw, sentTokens: tokens.sent }
    const bounds = (by: number) =>
      Object.entries(numbers).flatMap(([name, value]) => {
        const rest = `${name[0]!.toUpperCase()}${name.slice(1)}`
        return [`min${rest}=${value + by}`, `max${rest}=${value - by}`]
      })
    const texts = Object.entries(same).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    const stage = `stage=upstream&minStageMs=${call.stages.upstream}`
    expect(await listAll(gateway, `/calls?${[...texts, ...bounds(0), stage].join('&')}`)).toEqual([call])
    for (const query of [...bounds(1), 'cache=hit', 'minStageMs=60000'])
      expect(await listAll(gateway, `/calls?tool=get_order&${query}`), query).toEqual([])
    const shown = await at('logs', '--tool-id', toolId, '--max-saved-tokens', String(savedTokens), '--json')
    expect(JSON.parse(shown.stdout)).toEqual(call)
    expect((await at('logs', '--min-bytes', String(bytes + 1), '--json')).stdout).toBe('')
  })

  test('tells why a call failed, the stage that it came to, and how often the API was asked again', async () => {
    await agent.callTool('get_gone', { id: 1 })
    await agent.callTool('get_order', { id: 'one' })
    await agent.callTool('get_busy', { id: 1 })
    const [gone] = await recorded('tool=get_gone')
    expect(gone).toMatchObject({ outcome: 'upstream', status: 404 })
    const [refused] = await recorded('outcome=arguments')
    expect(refused).toMatchObject({ status: null, rawBytes: null, tokens: null })
    expect(Object.keys(refused.stages)).toEqual(['arguments'])
    expect((await recorded('tool=get_busy'))[0]).toMatchObject({ outcome: 'ok', status: 200, retries: 1 })
    expect(await recorded('failed=true', 2)).toHaveLength(2)
  })

  test('tells by which road a call came, and which call made it', async () => {
    await inMode('search', 'call_tool')
    await agent.callTool('call_tool', { name: 'get_order', arguments: { id: 2 } })
    expect((await recorded('road=search'))[0]).toMatchObject({ tool: 'get_order', parent: null })
    await inMode('code', 'run_code')
    await agent.callTool('run_code', { code: 'return (await call("get_order", {id: 3})).data' })
    const [run] = await recorded('tool=run_code')
    const [inner] = await recorded('road=code')
    expect([run.road, run.toolId, run.status, inner.parent]).toEqual(['direct', null, null, run.id])
    expect(await recorded(`parent=${run.id}`)).toEqual([inner])
    // What the code was given is spared at its calls; what it answered is paid by the run.
    expect(inner.tokens.sent).toBe(0)
    expect(run.savedTokens).toBeLessThan(0)
    const kept = { description: 'Two orders.', code: 'return await call("get_order", {id: 4})' }
    await ask(gateway, 'PUT', '/servers/orders/composites/two_orders', kept)
    await inMode('direct', 'two_orders')
    await agent.callTool('two_orders', {})
    const [composite] = await recorded('tool=two_orders')
    expect((await recorded('road=composite'))[0]).toMatchObject({ tool: 'get_order', parent: composite.id })
  })

  test('what our own tools show costs tokens, of no API’s answer: they spare nothing and have no status', async () => {
    await inMode('search', 'search_tools')
    await agent.callTool('search_tools', { query: 'order' })
    await agent.callTool('describe_tools', { names: ['get_order'] })
    await agent.callTool('read_more', { handle: 'gone' })
    for (const tool of ['search_tools', 'describe_tools', 'read_more']) {
      const [call] = await recorded(`tool=${tool}`)
      expect(call).toMatchObject({ toolId: null, status: null, rawBytes: null, tokens: { raw: 0 } })
      expect([tool, call.tokens.sent > 5, call.savedTokens]).toEqual([tool, true, -call.tokens.sent])
    }
    const { total } = (await ask(gateway, 'GET', '/call-stats?tool=search_tools')).body
    expect([total.rawTokens, total.savedTokens]).toEqual([0, -total.sentTokens])
    expect((await at('logs', '--tool', 'search_tools')).stdout).not.toContain('HTTP')
    await inMode('direct', 'get_order')
  })

  test('S63 is written out as NDJSON and as CSV, by the filters of the list, and no cell is a formula', async () => {
    await ask(gateway, 'POST', '/access-keys', { name: '=cmd|calc', servers: ['orders'] }).then(async ({ body }) => {
      const other = await connectV2({ url, accessKey: body.key }, { pin: '2026-07-28' })
      await other.callTool('get_order', { id: 9 })
      await other.close()
    })
    const [call] = await recorded(`caller=${encodeURIComponent('=cmd|calc')}`)
    const ndjson = await ask(gateway, 'GET', `/calls.ndjson?caller=${encodeURIComponent('=cmd|calc')}`)
    expect([
      ndjson.type,
      ndjson.body
        .split('\n')
        .filter(Boolean)
        .map((line: string) => JSON.parse(line)),
    ]).toEqual(['application/x-ndjson', [call]])
    const { type, body } = await ask(gateway, 'GET', `/calls.csv?caller=${encodeURIComponent('=cmd|calc')}`)
    expect(type).toBe('text/csv; charset=utf-8')
    const [names, line, ...more] = body.split('\r\n')
    expect([names.split(',').slice(0, 3), more]).toEqual([['id', 'at', 'server'], ['']])
    expect(line).toContain(`,"'=cmd|calc",`)
    expect(line.split(',')[names.split(',').indexOf('isReckoned')]).toBe(String(call.tokens.isReckoned === true))
    const all = await listAll(gateway, '/calls')
    expect((await ask(gateway, 'GET', '/calls.ndjson')).body.split('\n')).toHaveLength(all.length + 1)
  })

  test('S34, S39 what is sent and answered is recorded where a server asks for it, masked and redacted, and nowhere else', async () => {
    const contentOf = async (query: string) => {
      const [call] = await recorded(query)
      return (await ask(gateway, 'GET', `/calls/${call.id}/content`)).body
    }
    const nothing = { arguments: null, answer: null, answerType: null, isCut: false, isRedacted: false }
    expect(
      (await ask(gateway, 'GET', `/calls/${(await listAll(gateway, '/calls'))[0].id}/content`)).body,
    ).toMatchObject(nothing)
    await ask(gateway, 'PATCH', '/servers/orders', { recordContent: true })
    const redaction = { detectors: ['email'], fields: ['junk'] }
    await ask(gateway, 'PATCH', '/upstreams/orders', { steps: { redaction } })
    const since = new Date().toISOString()
    await agent.callTool('get_echo', { id: 21, note: 'ada@example.com' })
    await agent.callTool('get_echo', { id: 'x'.repeat(70_000) })
    const content = await contentOf(`tool=get_echo&outcome=ok&since=${since}`)
    expect(content).toMatchObject({ status: 200, answerType: 'application/json', isCut: false, isRedacted: true })
    expect(JSON.parse(content.arguments)).toEqual({ id: 21, note: '[email]' })
    const answer = JSON.parse(content.answer)
    expect(answer).toEqual({ asked: expect.stringContaining('/echo/21'), junk: '[redacted]', key: '[masked]' })
    expect(await contentOf(`tool=get_echo&outcome=arguments&since=${since}`)).toMatchObject({
      answer: null,
      isCut: true,
      isRedacted: false,
    })
    expect(JSON.stringify(await listAll(gateway, '/calls'))).not.toContain('[email]')
    expect(gateway.output.stdout).not.toContain('[email]')
  })

  test('S39 so is what our own tools are asked: code and the arguments of a composite, redacted by what any upstream redacts', async () => {
    const since = new Date().toISOString()
    const argumentsOf = async (tool: string) => {
      const [call] = await recorded(`tool=${tool}&since=${since}`)
      const { body } = await ask(gateway, 'GET', `/calls/${call.id}/content`)
      return { ...body, arguments: JSON.parse(body.arguments) }
    }
    await inMode('code', 'run_code')
    await agent.callTool('run_code', { code: 'return "ada@example.com"' })
    expect(await argumentsOf('run_code')).toMatchObject({
      arguments: { code: 'return "[email]"' },
      answer: null,
      isCut: false,
    })
    const inputSchema = { type: 'object', properties: { to: { type: 'string' }, junk: { type: 'string' } } }
    const composite = { description: 'Greets.', code: 'return "hi"', inputSchema }
    expect((await ask(gateway, 'PUT', '/servers/orders/composites/greet', composite)).status).toBe(200)
    await inMode('direct', 'greet')
    await agent.callTool('greet', { to: 'ada@example.com', junk: 'x' })
    expect((await argumentsOf('greet')).arguments).toEqual({ to: '[email]', junk: '[redacted]' })
  })

  test('a recorded call is made again in a try, never with arguments that redaction changed, and kept as a sample', async () => {
    const [call] = await listAll(gateway, '/calls?tool=get_echo&outcome=ok')
    const before = api.asked.length
    const again = (body: object) => ask(gateway, 'POST', `/tools/${call.toolId}/try`, { call: call.id, ...body })
    const asked = () => api.asked.slice(before).map(({ url: one }) => one)
    // What is kept holds `[email]`, which is nobody's note.
    const refused = await again({})
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'conflict', detail: expect.stringMatching(/redacted/) },
    })
    expect(refused.body.errors[0].fix).toContain('`arguments`')
    expect(await at('tools', 'try', 'get_echo', '--call', call.id)).toMatchObject({ code: 1 })
    expect(asked()).toEqual([])
    // Nothing is sent with an answer given.
    expect((await again({ answer: { body: {} } })).body.outcome).toMatchObject({ ok: true })
    expect(asked()).toEqual([])
    expect((await again({ arguments: { id: 22, note: 'bob@example.com' } })).body.outcome).toMatchObject({ ok: true })
    expect(asked()).toEqual(['/echo/22?note=bob%40example.com'])
    await agent.callTool('get_echo', { id: 23, note: 'plain' })
    const [plain] = await recorded(`tool=get_echo&outcome=ok&road=direct&since=${encodeURIComponent(call.at)}`, 2)
    expect((await again({ call: plain.id })).body.outcome).toMatchObject({ ok: true })
    expect(asked().slice(1)).toEqual(['/echo/23?note=plain', '/echo/23?note=plain'])
    const kept = await at('tools', 'keep', call.id, 'a-call')
    expect(kept.stdout).toContain('kept as a-call')
    await ask(gateway, 'PATCH', '/upstreams/orders', { steps: {} })
    const { body } = await ask(gateway, 'PATCH', `/tools/${call.toolId}`, { responseFilter: 'nope' })
    expect(body.notes.join()).toContain('"a-call"')
    expect((await at('tools', 'try', 'get_echo', '--call', plain.id)).code).toBe(0)
    expect((await at('tools', 'try', 'get_echo', '--call', call.id, '--args', '{"id": 24}')).code).toBe(0)
    expect(asked().slice(3)).toEqual(['/echo/23?note=plain', '/echo/24'])
    const [other] = await listAll(gateway, '/calls?tool=get_gone')
    expect((await ask(gateway, 'POST', `/tools/${call.toolId}/try`, { call: other.id })).status).toBe(404)
    await ask(gateway, 'PATCH', '/servers/orders', { recordContent: false })
  })

  test('is told as it grows, by the filters of the list, until the key is revoked', async () => {
    const { id: viewer, key } = (await ask(gateway, 'POST', '/admin-keys', { name: 'v', role: 'viewer' })).body
    const headers = { authorization: `Bearer ${key}` }
    const { body } = await fetch(`${gateway.url}/api/v1/calls/tail?tool=get_gone`, { headers })
    const told: string[] = []
    const ended = (async () => {
      for await (const text of body!.pipeThrough(new TextDecoderStream()))
        told.push(...[...text.matchAll(/^event: call\ndata: (.*)$/gm)].map(([, data]) => JSON.parse(data!)))
    })()
    await agent.callTool('get_order', { id: 7 })
    await agent.callTool('get_gone', { id: 7 })
    await expect.poll(() => told.length).toBe(1)
    expect(told).toEqual((await listAll(gateway, '/calls?tool=get_gone')).slice(0, 1))
    await ask(gateway, 'DELETE', `/admin-keys/${viewer}`)
    await ended
  })

  test('the command line lists, shows and writes it out', async () => {
    const [call] = await listAll(gateway, '/calls?tool=get_busy')
    const listed = await at('logs', '--tool', 'get_busy', '--since', '1h', '--key', keyId)
    expect(listed.stdout).toMatch(/ok orders\/get_busy HTTP 200, sent again 1×, /)
    const shown = await at('logs', call.id)
    expect(shown.stdout).toMatch(/clientVersion +2\.0\.0[\s\S]*stages +arguments [\d.]+ ms, request/)
    const csv = await at('logs', '--export', 'csv', '--failed')
    // A line of names, and nothing after the last.
    expect(csv.stdout.split('\r\n')).toHaveLength((await listAll(gateway, '/calls?failed=true')).length + 2)
    expect(await at('logs', '--since', 'yesterday')).toMatchObject({ code: 2, stderr: expect.stringContaining('2h') })
  })

  test('S59 metrics are for whoever has their key, and an admin key opens none', async () => {
    const get = (key: string) => fetch(`${gateway.url}/metrics`, { headers: { authorization: `Bearer ${key}` } })
    expect((await get(gateway.adminKey)).status).toBe(401)
    const answer = await get(METRICS_KEY)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ])
    const text = await answer.text()
    const counted = [...text.matchAll(/^sluice_calls_total\{.*\} (\d+)$/gm)].reduce((sum, [, n]) => sum + Number(n), 0)
    expect(counted).toBe((await listAll(gateway, '/calls')).length)
    expect(text).toMatch(/^sluice_ready 1$/m)
    expect(text).toMatch(/^sluice_calls_dropped_total 0$/m)
  })

  test('is counted, with what was saved at the operator’s price', async () => {
    const calls = await listAll(gateway, '/calls')
    const { body } = await ask(gateway, 'GET', '/call-stats?by=tool')
    const failed = calls.filter(({ outcome }) => outcome !== 'ok').length
    expect(body).toMatchObject({ total: { calls: calls.length, errors: failed }, dropped: 0, pricePerMillion: 3 })
    const { savedTokens, savedMoney } = body.total
    expect(savedTokens).toBe(calls.reduce((sum, one) => sum + (one.savedTokens ?? 0), 0))
    expect(body.total.reckoned).toBe(calls.filter(({ tokens }) => tokens?.isReckoned).length)
    expect(savedMoney).toBeCloseTo((savedTokens * 3) / 1_000_000, 9)
    expect(body.groups.reduce((sum: number, one: { calls: number }) => sum + one.calls, 0)).toBe(calls.length)
    expect((await ask(gateway, 'GET', '/call-stats?tool=get_gone')).body.total.calls).toBe(2)
    const { stdout } = await at('stats', '--by', 'tool', '--since', '1h')
    expect(stdout).toMatch(/^TOOL +CALLS +FAILED[^\n]*MONEY SAVED\norders\/get_order +\d+[\s\S]*\nin all +\d/)
  })

  test('what was recorded is there after a restart', async () => {
    const before = await listAll(gateway, '/calls')
    await agent.callTool('get_order', { id: 11 })
    await gateway.end('SIGTERM')
    gateway = await startGateway(home)
    const after = await listAll(gateway, '/calls')
    expect(after.slice(1)).toEqual(before)
    expect(after[0]).toMatchObject({ tool: 'get_order', outcome: 'ok' })
  })
})
