import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, listAll } from '../support/admin.ts'
import { type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { postMessage } from '../support/mcp-clients.ts'
import { type Site, startSite } from '../support/site.ts'

// What an agent asks for and does not get is in the record too: who tries what is what an operator wants to know.

describe('the record of calls that were not made', () => {
  let api: Site
  let home: GatewayHome
  let gateway: GatewayProcess
  let url: string
  let accessKey: string

  beforeAll(async () => {
    api = await startSite(() => ({ headers: { 'content-type': 'application/json' }, body: '{"done":true}' }))
    home = await newHome('embedded')
    gateway = await startGateway(home)
    const paths = {
      '/orders': { get: { operationId: 'list_orders' }, delete: { operationId: 'drop_orders' } },
    }
    const document = { openapi: '3.1.0', info: { title: 'Orders', version: '1' }, servers: [{ url: api.url }], paths }
    const allow = [new URL(api.url).host]
    const { body } = await ask(gateway, 'POST', '/imports?commit=true&server=orders&upstream=orders', {
      text: JSON.stringify(document),
      allow,
    })
    url = body.url
    const key = await ask(gateway, 'POST', '/access-keys', { name: 'reader', servers: ['orders'], readOnly: true })
    accessKey = key.body.key
  })
  afterAll(async () => {
    await gateway.end('SIGTERM')
    await home.remove()
    await api.close()
  })

  let id = 0
  const call = async (name: string, args: object = {}, headers = {}) => {
    const message = { jsonrpc: '2.0', id: ++id, method: 'tools/call', params: { name, arguments: args } }
    const answer = await postMessage({ url, accessKey }, message, { headers })
    // As JSON, or as a stream of one event.
    return JSON.parse(/\{.*\}/s.exec(await answer.text())![0]) as {
      error?: { message: string }
      result?: { content: Array<{ text: string }> }
    }
  }
  const calls = (query: string) => listAll(gateway, `/calls?${query}&sort=at`)
  const change = (settings: object) => ask(gateway, 'PATCH', '/servers/orders', settings)

  test('S66 a tool that there is not, and one that is kept from the caller: told alike, recorded apart', async () => {
    const [missing, kept] = [await call('no_orders'), await call('drop_orders')]
    expect(kept.error!.message.replace('drop_orders', 'no_orders')).toBe(missing.error!.message)
    const [drop] = await listAll(gateway, '/tools?q=drop_orders')
    await expect
      .poll(() => calls('road=direct&failed=true'))
      .toMatchObject([
        { tool: 'no_orders', toolId: null, outcome: 'arguments', caller: 'reader', status: null },
        { tool: 'drop_orders', toolId: drop.id, outcome: 'blocked', caller: 'reader', status: null },
      ])
    await call('x'.repeat(10_000))
    await expect.poll(() => calls(`tool=${'x'.repeat(128)}`)).toHaveLength(1)
  })

  test('the same by `call_tool`, and a call of it that names nothing', async () => {
    await change({ mode: 'search' })
    await expect.poll(() => call('call_tool', {})).toHaveProperty('result')
    const [missing, kept] = [
      await call('call_tool', { name: 'no_orders' }),
      await call('call_tool', { name: 'drop_orders' }),
    ]
    expect(kept.result!.content[0]!.text.replace('drop_orders', 'no_orders')).toBe(missing.result!.content[0]!.text)
    await expect
      .poll(() => calls('road=search'))
      .toMatchObject([
        { tool: 'no_orders', outcome: 'arguments' },
        { tool: 'drop_orders', outcome: 'blocked' },
      ])
    expect((await calls('tool=call_tool')).at(-1)).toMatchObject({ outcome: 'arguments', road: 'direct' })
  })

  test('the same from code, as a part of its run', async () => {
    await change({ mode: 'code' })
    const code = "try { await call('drop_orders', {}) } catch (error) { return error.message }"
    await expect.poll(() => call('run_code', { code })).toHaveProperty('result')
    await expect.poll(() => calls('tool=run_code')).toHaveLength(1)
    const [run] = await calls('tool=run_code')
    expect(await calls('road=code')).toMatchObject([{ tool: 'drop_orders', outcome: 'blocked', parent: run.id }])
  })

  test('what is over a limit keeps its trace, and its content where the server records that', async () => {
    await change({ mode: 'direct', recordContent: true, limits: { callsPerMinute: 1 } })
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const traceparent = `00-${traceId}-b7ad6b7169203331-01`
    const over = () => call('list_orders', { note: 7 }, { traceparent })
    await expect.poll(async () => (await over()).result?.content[0]?.text).toMatch(/lets 1 call/)
    await expect.poll(() => calls(`traceId=${traceId}&outcome=blocked`)).not.toHaveLength(0)
    const [blocked] = await calls(`traceId=${traceId}&outcome=blocked`)
    const { body } = await ask(gateway, 'GET', `/calls/${blocked.id}/content`)
    expect(body.arguments).toBe('{"note":7}')
  })

  test('what a curator tries is sent, and recorded; with an answer given nothing is', async () => {
    const [drop] = await listAll(gateway, '/tools?q=drop_orders')
    await ask(gateway, 'POST', `/tools/${drop.id}/try`, { arguments: {}, answer: { body: {} } })
    await ask(gateway, 'POST', `/tools/${drop.id}/try`, { arguments: {} })
    await expect
      .poll(() => calls('road=try'))
      .toMatchObject([
        {
          tool: 'drop_orders',
          toolId: drop.id,
          server: '',
          client: 'admin API',
          outcome: 'ok',
          status: 200,
          rawBytes: 13,
        },
      ])
  })
})
