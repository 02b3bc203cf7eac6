import type { BundleFile } from '@sluice/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, listAll } from '../support/admin.ts'
import { DATABASES, type GatewayProcess } from '../support/gateway-process.ts'
import { exportedFiles, startTwoGateways } from '../support/two-gateways.ts'

// A number that a double cannot hold, on its way through a folder: an identifier of one digit more is another order.

const [ORDER, NEXT, PRICE] = ['12345678901234567890', '12345678901234567891', '0.10000000000000000001']
const DOCUMENT = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Orders', version: '1' },
  servers: [{ url: 'https://orders.example.com' }],
  paths: {
    '/orders/{id}': {
      get: {
        operationId: 'get_order',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
        responses: {},
      },
    },
  },
})
const COMPOSITE = `{
  "description": "An order.",
  "code": "const { data } = await api.get_order({})\\nreturn data",
  "inputSchema": { "type": "object", "properties": { "price": { "type": "number", "default": ${PRICE} } } },
  "tests": [
    { "name": "one", "arguments": {}, "calls": [{ "tool": "get_order", "answer": { "id": ${ORDER} } }], "result": { "id": ${ORDER} } }
  ]
}`

describe.each(DATABASES)('B143 numbers of many digits in a bundle, on the %s database', (kind) => {
  let [one, other] = [] as unknown as [GatewayProcess, GatewayProcess]
  let end: () => Promise<void>
  beforeAll(async () => {
    ;({ one, other, end } = await startTwoGateways(kind))
    const answer = await ask(one, 'POST', '/imports?commit=true&upstream=orders&server=orders', { text: DOCUMENT })
    expect(answer.status).toBe(200)
    const [{ id }] = await listAll(one, '/tools?upstream=orders')
    for (const [method, path, body] of [
      ['PATCH', `/tools/${id}`, `{"arguments":{"id":{"value":${ORDER}}}}`],
      ['PUT', '/servers/orders/composites/order', COMPOSITE],
    ] as const)
      expect((await ask(one, method, path, body)).status).toBe(200)
  })
  afterAll(() => end())

  const textOf = (files: readonly BundleFile[], path: string) => files.find((file) => file.path === path)!.text!
  /** As text: a test that parsed it would lose what it looks for. */
  const applied = async (gateway: GatewayProcess, files: readonly BundleFile[]): Promise<string> => {
    const response = await fetch(`${gateway.url}/api/v1/bundle?commit=true`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ files, trust: true }),
    })
    const text = await response.text()
    expect([response.status, text]).toEqual([200, expect.stringContaining('"committed":true')])
    return text
  }

  test('keep all of them from export to apply to export', async () => {
    const files = await exportedFiles(one)
    expect(textOf(files, 'upstreams/orders/tools.yaml')).toContain(`value: ${ORDER}\n`)
    expect(textOf(files, 'servers/orders/composites/order.yaml')).toContain(`default: ${PRICE}\n`)
    await applied(other, files)
    expect(await exportedFiles(other)).toEqual(files)
    expect(await applied(one, files)).toContain('"changes":[],"left":[]')
  })

  test('tell each digit that changes, in YAML as in JSON', async () => {
    const files = await exportedFiles(one)
    const tools = { path: 'upstreams/orders/tools.yaml', text: toolsOf(NEXT) }
    const changed = files.map((file) => (file.path === tools.path ? tools : file))
    expect(await applied(other, changed)).toContain(
      `"pointer":"/tools/get_order/arguments/id/value","before":${ORDER},"after":${NEXT}`,
    )
    expect(textOf(await exportedFiles(other), tools.path)).toContain(`value: ${NEXT}\n`)
  })
})

/** The file as somebody's program might write it. */
function toolsOf(order: string): string {
  return `{"tools":{"get_order":{"operation":"GET /orders/{id}","enabled":true,"arguments":{"id":{"value":${order}}}}}}`
}
