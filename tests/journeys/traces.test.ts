import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, listAll } from '../support/admin.ts'
import { type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { type Endpoint, postMessage } from '../support/mcp-clients.ts'
import { type Site, startSite } from '../support/site.ts'

// Traces and metrics as a collector gets them, and the trace of a client as an API is told of it.

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'
const SECRET = 's3cret-of-the-collector'

interface OtlpSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly status: { readonly code?: number }
  readonly attributes: ReadonlyArray<{ readonly key: string; readonly value: Record<string, unknown> }>
}

describe('OpenTelemetry', () => {
  let api: Site
  let collector: Site
  let home: GatewayHome
  let gateway: GatewayProcess
  let endpoint: Endpoint
  const bodies: Record<string, string[]> = {}
  beforeAll(async () => {
    api = await startSite(() => ({ headers: { 'content-type': 'application/json' }, body: '{"id":1,"private":"x"}' }))
    collector = await startSite(async (request) => {
      const body = await text(request)
      bodies[request.url!] = [...(bodies[request.url!] ?? []), body]
      return { headers: { 'content-type': 'application/json' }, body: '{}' }
    })
    home = await newHome('embedded')
    gateway = await startGateway(home, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: `x-key=${encodeURIComponent(SECRET)}`,
    })
    endpoint = await importOrders(gateway, api)
  })
  afterAll(async () => {
    await home.remove()
    await api.close()
    await collector.close()
  })

  const call = (args: object, meta?: object, headers?: Record<string, string>) =>
    callTool(endpoint, args, meta, headers)
  const traceparent = `00-${TRACE}-${SPAN}-01`

  test('the API is told the trace of the client, and the record names it', async () => {
    await call({ id: 1 }, { traceparent, tracestate: 'a=1' })
    const { headers } = api.asked.at(-1)!
    expect(headers).toMatchObject({
      traceparent: expect.stringMatching(`^00-${TRACE}-[0-9a-f]{16}-01$`),
      tracestate: 'a=1',
    })
    expect(headers.traceparent).not.toContain(SPAN)
    await call({ id: 2 }, {}, { traceparent: traceparent.replace('4bf9', 'aaaa') })
    expect(api.asked.at(-1)!.headers.traceparent).toContain('00-aaaa')
    await expect.poll(() => listAll(gateway, `/calls?traceId=${TRACE}`)).toHaveLength(1)
  })

  test('a collector gets a span of each call and of its request, with all that may be known and no argument', async () => {
    await call({ id: 'private' })
    await gateway.end('SIGTERM')
    const spans = (bodies['/v1/traces'] ?? []).flatMap((body) =>
      JSON.parse(body).resourceSpans.flatMap((one: { scopeSpans: Array<{ spans: OtlpSpan[] }> }) =>
        one.scopeSpans.flatMap((scope) => scope.spans),
      ),
    ) as OtlpSpan[]
    const [client, request, ...more] = spans
      .filter(({ traceId }) => traceId === TRACE)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    expect(more).toEqual([])
    expect(client).toMatchObject({ name: 'tools/call get_order', parentSpanId: SPAN })
    expect(request).toMatchObject({ name: 'upstream', parentSpanId: client!.spanId })
    expect(api.asked[0]!.headers.traceparent).toBe(`00-${TRACE}-${request!.spanId}-01`)
    expect(client!.attributes).toEqual(
      expect.arrayContaining([
        { key: 'gen_ai.tool.name', value: { stringValue: 'get_order' } },
        { key: 'sluice.outcome', value: { stringValue: 'ok' } },
      ]),
    )
    const [failed] = spans.filter(({ status }) => status.code === 2)
    expect([failed!.name, failed!.parentSpanId ?? '']).toEqual(['tools/call get_order', ''])
    expect(bodies['/v1/metrics']!.join()).toContain('sluice.calls')
    expect(collector.asked[0]!.headers['x-key']).toBe(SECRET)
    const all = Object.values(bodies).flat().join() + gateway.output.stdout
    for (const hidden of ['private', SECRET]) expect(all).not.toContain(hidden)
  })
})

test.each<[how: string, collect: () => Promise<{ status: number; body: string }> | { status: number; body: string }]>([
  ['answers nothing', () => new Promise(() => {})],
  ['refuses all', () => ({ status: 500, body: 'no' })],
])('promise 10: a collector that %s fails no call and holds up no stop', async (_how, collect) => {
  const api = await startSite(() => ({ headers: { 'content-type': 'application/json' }, body: '{"id":1}' }))
  const collector = await startSite(collect)
  const home = await newHome('embedded')
  const gateway = await startGateway(home, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  const endpoint = await importOrders(gateway, api)
  for (let id = 0; id < 20; id++)
    expect(JSON.parse(await callTool(endpoint, { id })).result.isError ?? false).toBe(false)
  expect(await gateway.end('SIGTERM')).toBe(0)
  expect(collector.asked.length).toBeGreaterThan(0)
  await home.remove()
  await collector.close()
  await api.close()
})

async function importOrders(gateway: GatewayProcess, api: Site): Promise<Endpoint> {
  const parameters = [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }]
  const document = JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Orders', version: '1' },
    servers: [{ url: api.url }],
    paths: { '/orders/{id}': { get: { operationId: 'get_order', parameters } } },
  })
  const allow = [new URL(api.url).host]
  return (await ask(gateway, 'POST', '/imports?commit=true', { text: document, allow })).body
}

async function callTool(endpoint: Endpoint, args: object, meta: object = {}, headers: Record<string, string> = {}) {
  const params = { name: 'get_order', arguments: args, _meta: meta }
  return (await postMessage(endpoint, { jsonrpc: '2.0', id: 1, method: 'tools/call', params }, { headers })).text()
}
