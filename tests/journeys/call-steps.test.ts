import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, listAll } from '../support/admin.ts'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { connectV2, type McpClient, postMessage } from '../support/mcp-clients.ts'
import { type Site, startSite } from '../support/site.ts'
import { sluice } from '../support/spawned.ts'

// What a curator does to requests and answers, from the command line to the bytes on the wire.

describe.each(DATABASES)('the steps of a call, on the %s database', (kind) => {
  let api: Site
  let home: GatewayHome
  let gateway: GatewayProcess
  let agent: McpClient
  let toolId: string
  const JSON_TYPE = { 'content-type': 'application/json' }
  const text = `{"orders":[${[
    '{"id":9007199254740993,"email":"ada@example.com","card":"4111 1111 1111 1111","ssn":"123-45-6789"}',
    '{"id":2,"email":"bob@example.com","card":"4111 1111 1111 1112","ssn":"987-65-4321"}',
  ].join(',')}]}`

  beforeAll(async () => {
    api = await startSite(({ url }) => {
      if (url!.startsWith('/moves')) return { status: 302, headers: { location: '/orders' } }
      const fails = url!.startsWith('/fails')
      return fails
        ? { status: 404, headers: JSON_TYPE, body: '{"why":"ada@example.com"}' }
        : { headers: JSON_TYPE, body: text }
    })
    home = await newHome(kind)
    gateway = await startGateway(home)
    const parameters = [{ name: 'limit', in: 'query', schema: { type: 'integer' } }]
    const document = {
      openapi: '3.1.0',
      info: { title: 'Orders', version: '1' },
      servers: [{ url: api.url }],
      paths: {
        '/orders': { get: { operationId: 'list_orders', parameters } },
        '/fails': { get: { operationId: 'fails' } },
        '/moves': { get: { operationId: 'moves' } },
      },
    }
    const { body } = await ask(gateway, 'POST', '/imports?commit=true&server=orders&upstream=orders', {
      text: JSON.stringify(document),
      allow: [new URL(api.url).host],
    })
    agent = await connectV2({ url: body.url, accessKey: body.accessKey }, { pin: '2026-07-28' })
    toolId = (await listAll(gateway, '/tools')).find(({ name }) => name === 'list_orders').id
  })
  afterAll(async () => {
    await agent.close()
    await gateway.end('SIGTERM')
    await home.remove()
    await api.close()
  })

  const setTool = (change: object) => ask(gateway, 'PATCH', `/tools/${toolId}`, change)
  const setUpstream = (change: object) => ask(gateway, 'PATCH', '/upstreams/orders', change)
  const call = (name = 'list_orders', args = {}) => agent.callTool(name, args)

  test('an upstream’s interceptor runs before the tool’s, on the request and on the answer', async () => {
    const script = (name: string) => ({
      requestInterceptor: `request.query.by = [request.query.by, '${name}'].flat().filter(Boolean); request.headers['x-${name}'] = tool.name + ' ' + args.limit`,
      responseInterceptor: `const r: any = response; r.body.by = [...(r.body.by ?? []), '${name}']; return r`,
    })
    expect((await setUpstream({ steps: script('upstream') })).status).toBe(200)
    expect((await setTool({ steps: script('tool') })).status).toBe(200)
    const { text: answer } = await call('list_orders', { limit: 3 })
    const sent = api.asked.at(-1)!
    expect(sent.url).toBe('/orders?limit=3&by=upstream&by=tool')
    expect([sent.headers['x-upstream'], sent.headers['x-tool']]).toEqual(['list_orders 3', 'list_orders 3'])
    expect(JSON.parse(answer).by).toEqual(['upstream', 'tool'])
    expect(answer).toContain('"id":9007199254740993')
    await setUpstream({ steps: {} })
    await setTool({ steps: {} })
  })

  test('redaction takes fields and what looks personal out, of failures too, and the filters follow', async () => {
    await setUpstream({ steps: { redaction: { detectors: ['email', 'card'] } }, responseFilter: 'orders' })
    await setTool({ steps: { redaction: { fields: ['orders.ssn'] } }, responseFilter: '[].[email, card, ssn]' })
    expect(JSON.parse((await call()).text)).toEqual([
      ['[email]', '[card]', '[redacted]'],
      ['[email]', '4111 1111 1111 1112', '[redacted]'],
    ])
    expect(await call('fails')).toMatchObject({ isError: true, text: expect.stringContaining('"why":"[email]"') })
    await setUpstream({ steps: {}, responseFilter: null })
    await setTool({ steps: {}, responseFilter: null })
  })

  test('S8 S12 S16 B186 one that throws, loops or leaves its place fails its call by name, and the next call is well', async () => {
    const cases: Array<[object, RegExp]> = [
      [
        { responseInterceptor: 'const a = 1\nnull.x' },
        /response interceptor of the tool "list_orders" failed at line 2, column 6: TypeError/,
      ],
      [{ responseInterceptor: 'for (;;) {}' }, /response interceptor of the tool "list_orders" ran longer than/],
      [{ requestInterceptor: 'request.path = "/admin"' }, /changed the shape of the path/],
      [{ requestInterceptor: 'request.method = "DELETE"' }, /changed the method/],
      [{ requestInterceptor: 'request.headers.host = "evil.test"' }, /"host", which cannot be sent/],
      [{ responseInterceptor: 'return {status: 999, headers: {}, body: 1}' }, /without a status of HTTP/],
    ]
    for (const [steps, message] of cases) {
      expect((await setTool({ steps })).status).toBe(200)
      const asked = api.asked.length
      expect(await call()).toEqual({ isError: true, text: expect.stringMatching(message) })
      if ('requestInterceptor' in steps) expect(api.asked.length).toBe(asked)
    }
    await setTool({ steps: {} })
    expect(await call()).toMatchObject({ isError: false })
  })

  test('S70 a script that was disabled is told where its curator looks, until it is changed', async () => {
    const notes = async () => (await ask(gateway, 'GET', `/tools/${toolId}`)).body.notes
    // What no time limit within the process stops.
    await setTool({ steps: { responseInterceptor: 'let b = 3n; for (;;) b = b * b' } })
    for (let n = 0; n < 2; n++) expect(await call()).toMatchObject({ isError: true })
    expect(await call()).toMatchObject({ isError: true, text: expect.stringContaining('is disabled') })
    expect(await notes()).toContainEqual(
      expect.stringMatching(/^The response interceptor of the tool is disabled on this gateway/),
    )
    const { body } = await ask(gateway, 'POST', `/tools/${toolId}/try`, { arguments: {} })
    expect(body.outcome.message).toContain('is disabled')
    const lines = gateway.output.stdout.split('\n').filter((line) => line.includes('interceptor.disabled'))
    expect(lines.map((line) => JSON.parse(line).interceptor)).toEqual([
      'response interceptor of the tool "list_orders"',
    ])
    await setTool({ steps: { responseInterceptor: 'return response' } })
    expect(await notes()).toEqual([])
    expect(await call()).toMatchObject({ isError: false })
    await setTool({ steps: {} })
  }, 30_000)

  test.each<[string, object, string, RegExp]>([
    [
      'JavaScript',
      { steps: { requestInterceptor: 'request.x = 1\n  )' } },
      '/steps/requestInterceptor',
      /line 2, column 3/,
    ],
    [
      'more than a body',
      { steps: { responseInterceptor: '}; globalThis.x = 1; {' } },
      '/steps/responseInterceptor',
      /line 1/,
    ],
    ['JMESPath', { responseFilter: 'a..b' }, '/responseFilter', /position/],
  ])('what is no %s is refused when it is set, with its place', async (_name, change, pointer, detail) => {
    for (const set of [setTool, setUpstream]) {
      const { status, body } = await set(change)
      expect([status, body.errors[0]]).toMatchObject([400, { pointer, detail: expect.stringMatching(detail) }])
    }
  })

  test('try it shows each step, with what a script logged', async () => {
    await setTool({
      steps: {
        responseInterceptor: 'console.log("orders", response.body.orders.length)',
        redaction: { fields: ['**.ssn'] },
      },
    })
    const { body } = await ask(gateway, 'POST', `/tools/${toolId}/try`, { arguments: {} })
    expect(body.stages.map(({ stage }: { stage: string }) => stage)).toEqual([
      'arguments',
      'request',
      'sent',
      'response',
      'response-interceptor',
      'redaction',
      'filter',
      'result',
    ])
    expect(body.stages[4].value).toMatchObject({
      logs: ['orders 2'],
      interceptor: 'response interceptor of the tool "list_orders"',
    })
    await setTool({ steps: {} })
  })

  test('S45 B134 B156 its policy follows redirects to the same origin and passes on what it names, never who the client is', async () => {
    const forward = ['X-Request-Id', 'X-None']
    await setUpstream({ policy: { followRedirects: true, forwardHeaders: forward } })
    const { body } = await ask(gateway, 'POST', '/access-keys', { name: 'raw', servers: ['orders'] })
    const headers = { 'mcp-protocol-version': '2025-06-18', 'x-request-id': 'r-1', 'x-other': 'o' }
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'moves', arguments: {} } }
    const endpoint = { url: `${gateway.url}/mcp/orders`, accessKey: body.key }
    const answer = await postMessage(endpoint, message, { headers })
    expect(await answer.text()).toContain('ada@example.com')
    const [first, second] = api.asked.slice(-2)
    expect([first!.url, second!.url]).toEqual(['/moves', '/orders'])
    for (const { headers } of [first!, second!])
      expect([headers['x-request-id'], headers['x-other'], headers.authorization]).toEqual([
        'r-1',
        undefined,
        undefined,
      ])
    await setUpstream({ policy: {} })
    expect(await call('moves')).toMatchObject({ isError: true, text: expect.stringContaining('redirects to /orders') })
    for (const name of ['Authorization', 'Cookie', 'Mcp-Session-Id', 'Host'])
      expect(await setUpstream({ policy: { forwardHeaders: [name] } })).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/policy/forwardHeaders/0' }] },
      })
  })

  test('try it on a given answer calls nobody, and says what each step costs', async () => {
    await setTool({ steps: { redaction: { fields: ['**.ssn'] } }, responseFilter: 'orders[].name' })
    const asked = api.asked.length
    const orders = Array.from({ length: 20 }, (_, n) => ({
      name: `n${n}`,
      ssn: 'x',
      note: 'a longer text that nobody needs',
    }))
    const { body } = await ask(gateway, 'POST', `/tools/${toolId}/try`, { arguments: {}, answer: { body: { orders } } })
    expect(api.asked.length).toBe(asked)
    const weights = new Map(
      body.stages.map(({ stage, bytes, tokens }: { stage: string; bytes: number; tokens: number }) => [
        stage,
        { bytes, tokens },
      ]),
    )
    expect(weights.get('request')).toEqual({ bytes: null, tokens: null })
    const [before, after] = [weights.get('response'), weights.get('result')] as Array<{ bytes: number; tokens: number }>
    expect(before!.bytes).toBe(JSON.stringify({ orders }).length)
    expect(after!.tokens).toBeLessThan(before!.tokens / 3)
    const failed = await ask(gateway, 'POST', `/tools/${toolId}/try`, {
      answer: { status: 404, body: { why: 'gone' } },
    })
    expect(failed.body.outcome).toMatchObject({ ok: false, status: 404 })
    const file = join(home.dataDir, 'answer.json')
    writeFileSync(file, JSON.stringify({ orders }))
    const env = { ...home.env, SLUICE_URL: gateway.url }
    const { stdout } = await sluice(['tools', 'try', 'list_orders', '--answer', file], { env })
    expect(stdout).toMatch(/response \(\d+ bytes, \d+ tokens\)[\s\S]*result \(\d+ bytes, \d+ tokens\)/)
    await setTool({ steps: {}, responseFilter: null })
  })

  test('from an answer a filter is proposed, with what it leaves out and saves', async () => {
    const answer = { 'a b': [{ 'x"y': 1, z_url: 'https://x.test/a/long/address' }], ü: { v: 1, w: null } }
    const { body } = await ask(gateway, 'POST', '/filter-proposals', { answer })
    expect(
      body.fields.filter(({ kept }: { kept: boolean }) => !kept).map(({ path }: { path: string }) => path),
    ).toEqual(['a b[].z_url', 'ü.w'])
    expect(body.tokens.after).toBeLessThan(body.tokens.before)
    await setTool({ responseFilter: body.filter })
    const tried = await ask(gateway, 'POST', `/tools/${toolId}/try`, { answer: { body: answer } })
    expect(JSON.parse(tried.body.outcome.content[0].text)).toEqual({ 'a b': [{ 'x"y': 1 }], ü: { v: 1 } })
    await setTool({ responseFilter: null })
    const file = join(home.dataDir, 'proposed.json')
    writeFileSync(file, JSON.stringify(answer))
    const env = { ...home.env, SLUICE_URL: gateway.url }
    const { stdout } = await sluice(['tools', 'propose-filter', file, '--field', 'ü.v'], { env })
    expect(stdout).toMatch(/\{"ü": "ü"\.\{v: v\}\}[\s\S]*% less[\s\S]*left out\s+\d+\s+a b\[\]\.z_url/)
  })

  test('the command line sets them from files, adds to them, and takes them away', async () => {
    const env = { ...home.env, SLUICE_URL: gateway.url }
    const file = join(home.dataDir, 'trim.ts')
    writeFileSync(file, 'const orders: unknown[] = response.body.orders\nreturn { ...response, body: orders.length }')
    await sluice(['tools', 'edit', 'list_orders', '--response-interceptor', file], { env })
    const { stdout } = await sluice(['tools', 'edit', 'list_orders', '--redact', 'email', '--redact', '**.ssn'], {
      env,
    })
    expect(stdout).toMatch(/steps\s+response interceptor \(\d+ characters\); redacts email, \*\*\.ssn/)
    expect((await call()).text).toBe('2')
    await sluice(['tools', 'edit', 'list_orders', '--response-interceptor', 'none', '--redact', 'none'], { env })
    expect((await ask(gateway, 'GET', `/tools/${toolId}`)).body.steps).toEqual({})
    expect((await sluice(['upstreams', 'edit', 'orders', '--redact', 'card'], { env })).stdout).toMatch(/redacts card/)
    await sluice(['upstreams', 'edit', 'orders', '--redact', 'none', '--response-filter', 'none'], { env })
    const policy = ['--follow-redirects', 'yes', '--forward-header', 'X-Request-Id']
    expect((await sluice(['upstreams', 'edit', 'orders', ...policy], { env })).stdout).toMatch(
      /passes on\s+X-Request-Id/,
    )
    await sluice(['upstreams', 'edit', 'orders', '--follow-redirects', 'no', '--forward-header', 'none'], { env })
    expect((await ask(gateway, 'GET', '/upstreams/orders')).body.policy).toEqual({
      followRedirects: false,
      forwardHeaders: [],
    })
  })
})
