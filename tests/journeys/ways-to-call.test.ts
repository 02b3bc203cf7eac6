import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ask, listAll } from '../support/admin.ts'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { connectV2, type McpClient } from '../support/mcp-clients.ts'
import { type Site, startSite } from '../support/site.ts'

// One call in three ways: by its name, by `call_tool`, and from code. Whatever is set on the way holds for each.

const SECRET = 's3cret-of-the-orders'
const BASE64 = Buffer.from(`Bearer ${SECRET}`).toString('base64')

type Way = (name: string, args: object) => Promise<string>

describe.each(DATABASES)('the ways to call a tool, on the %s database', (kind) => {
  let api: Site
  let home: GatewayHome
  let gateway: GatewayProcess
  let agent: McpClient
  let url: string
  const change = (path: string, body: object) => ask(gateway, 'PATCH', path, body)

  beforeAll(async () => {
    api = await startSite(({ url: asked, headers }) => {
      const echo = { authorization: headers.authorization, twice: BASE64, email: 'ada@example.com' }
      const json = { 'content-type': 'application/json', 'x-request-id': `for ${headers.authorization}` }
      if (asked!.startsWith('/fails')) return { status: 422, headers: json, body: JSON.stringify({ why: echo }) }
      return { headers: json, body: JSON.stringify({ asked, echo, junk: 'x', id: 1 }) }
    })
    home = await newHome(kind)
    gateway = await startGateway(home)
    const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer' } }
    const document = {
      openapi: '3.1.0',
      info: { title: 'Orders', version: '1' },
      servers: [{ url: api.url }],
      security: [{ key: [] }],
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      paths: {
        '/orders/{id}': { get: { operationId: 'get_order', parameters: [id] } },
        '/fails/{id}': { get: { operationId: 'fails', parameters: [id] } },
      },
    }
    const text = JSON.stringify(document)
    const allow = [new URL(api.url).host]
    const { body } = await ask(gateway, 'POST', '/imports?commit=true&server=orders&upstream=orders', { text, allow })
    url = body.url
    expect((await ask(gateway, 'PUT', '/upstreams/orders/credentials/key', { value: SECRET })).status).toBe(200)
    await change('/upstreams/orders', {
      steps: {
        requestInterceptor: "request.headers['x-steps'] = 'upstream'",
        responseInterceptor: 'response.body.seen = JSON.stringify(response)',
        redaction: { detectors: ['email'] },
      },
    })
    for (const { id: toolId, name } of await listAll(gateway, '/tools')) {
      const isFine = name === 'get_order'
      await change(`/tools/${toolId}`, {
        steps: {
          requestInterceptor: "request.headers['x-steps'] += ', tool'; request.query.by = tool.name",
          responseInterceptor: 'response.body.steps = 2',
        },
        ...(isFine ? { responseFilter: '{asked: asked, echo: echo, seen: seen, steps: steps}' } : {}),
      })
    }
    agent = await connectV2({ url, accessKey: body.accessKey }, { pin: '2026-07-28' })
  })
  afterAll(async () => {
    await agent.close()
    await gateway.end('SIGTERM')
    await home.remove()
    await api.close()
  })

  const ways: Record<string, (on: McpClient) => Way> = {
    'by its name': (on) => async (name, args) => (await on.callTool(name, args as Record<string, unknown>)).text,
    'by call_tool': (on) => async (name, args) => (await on.callTool('call_tool', { name, arguments: args })).text,
    'from code': (on) => async (name, args) => {
      const code = `
        const all = (error) => Object.getOwnPropertyNames(error).map((one) => error[one])
        try {
          const { data, headers } = await call(${JSON.stringify(name)}, ${JSON.stringify(args)})
          console.log(JSON.stringify(headers))
          return data
        } catch (error) {
          console.log(JSON.stringify(all(error)))
          throw error
        }`
      return (await on.callTool('run_code', { code })).text
    },
  }
  const MODES = { 'by its name': 'direct', 'by call_tool': 'search', 'from code': 'code' } as const

  describe.each(Object.keys(MODES) as Array<keyof typeof MODES>)('%s', (which) => {
    const way = ways[which]!
    const tool = { direct: 'get_order', search: 'call_tool', code: 'run_code' }[MODES[which]]
    beforeEach(async () => {
      await change('/servers/orders', { mode: MODES[which] })
      const names = async () => (await agent.listTools()).map(({ name }) => name)
      await expect.poll(names).toContain(tool)
      api.asked.length = 0
    })

    test('B185, B187 the same bytes are sent, with the credential, as the interceptors made them', async () => {
      await way(agent)('get_order', { id: 7 })
      expect(api.asked.map(({ method, url: asked }) => `${method} ${asked}`)).toEqual(['GET /orders/7?by=get_order'])
      const { headers } = api.asked[0]!
      expect(headers).toMatchObject({ authorization: `Bearer ${SECRET}`, 'x-steps': 'upstream, tool' })
    })

    test('B185, S34 the answer went through every step, and the secret is in none of it', async () => {
      const text = await way(agent)('get_order', { id: 7 })
      const { asked, echo, seen, steps, ...others } = JSON.parse(text.split('\n')[0]!)
      expect({ asked, echo, steps, others }).toEqual({
        asked: '/orders/7?by=get_order',
        echo: { authorization: 'Bearer [masked]', twice: expect.stringContaining('[masked]'), email: '[email]' },
        steps: 2,
        others: {},
      })
      // What foreign code was shown.
      expect(seen).toContain('Bearer [masked]')
      expectNoSecret(text)
    })

    test('B185, S34 a failure went through them too, whatever of it is looked at', async () => {
      const text = await way(agent)('fails', { id: 7 })
      expect(text).toContain('[masked]')
      expect(text).toContain('[email]')
      expect(text).not.toContain('ada@')
      expectNoSecret(text)
    })

    test('B185 each call counts against the limits of its key, once', async () => {
      const left = 60_000 - (Date.now() % 60_000)
      if (left < 10_000) await new Promise((resolve) => setTimeout(resolve, left))
      const limits = { callsPerMinute: 2, callsAtOnce: 1 }
      const { body: key } = await ask(gateway, 'POST', '/access-keys', { name: which, servers: ['orders'], limits })
      const limited = await connectV2({ url, accessKey: key.key }, { pin: '2026-07-28' })
      const told = []
      for (const id of [1, 2, 3]) told.push(await way(limited)('get_order', { id }))
      expect(told.map((text) => text.includes('lets 2 calls through in a minute'))).toEqual([false, false, true])
      expect(api.asked).toHaveLength(2)
      await limited.close()
    })

    test('B185 each is recorded under its own name', async () => {
      await way(agent)('get_order', { id: 8 })
      const own = MODES[which] === 'code' ? ['get_order', 'run_code'] : ['get_order']
      // What is weighed is told a little later.
      const recorded = async () =>
        (await listAll(gateway, '/calls'))
          .slice(0, own.length)
          .map((one) => one.tool)
          .toSorted()
      await expect.poll(recorded).toEqual(own)
    })
  })
})

function expectNoSecret(text: string): void {
  for (const spelled of [SECRET, BASE64.slice(12, -3)]) expect(text).not.toContain(spelled)
}
