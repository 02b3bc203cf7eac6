import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { ask, importBookshop } from '../support/admin.ts'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { postMessage } from '../support/mcp-clients.ts'

// Who tries keys learns of none whether it ever was one.

describe.each(DATABASES)('keys that open nothing, on the %s database', (kind) => {
  let shop: BookshopApi
  let home: GatewayHome
  let gateway: GatewayProcess
  let url: string
  beforeAll(async () => {
    shop = await startBookshop()
    home = await newHome(kind)
    gateway = await startGateway(home)
    url = (await importBookshop(gateway, shop)).url!
  })
  afterAll(async () => {
    await gateway.end('SIGTERM')
    await home.remove()
    await shop.close()
  })

  const make = async (more: object = {}): Promise<{ id: string; key: string }> =>
    (await ask(gateway, 'POST', '/access-keys', { name: 'x', servers: ['bookshop'], ...more })).body
  const present = (accessKey: string) => postMessage({ url, accessKey }, { jsonrpc: '2.0', id: 1, method: 'ping' })

  /** All of the answer but what each request has of its own: its id, and the date. */
  async function told(accessKey: string) {
    const answer = await present(accessKey)
    const { requestId, ...body } = (await answer.json()) as { requestId: string }
    const { 'x-request-id': ownId, date: _date, ...headers } = Object.fromEntries(answer.headers)
    expect(requestId).toBe(ownId)
    return { status: answer.status, headers, body }
  }

  test('S49 an unknown, a revoked, an expired and a malformed one have the same answer, whatever is tried', async () => {
    const revoked = await make()
    const expired = await make({ expiresAt: new Date(Date.now() + 1_000).toISOString() })
    expect((await present(revoked.key)).status).toBe(200)
    await ask(gateway, 'DELETE', `/access-keys/${revoked.id}`)
    await expect.poll(async () => (await present(expired.key)).status, { timeout: 10_000 }).toBe(401)

    const unknown = `slk_${'A'.repeat(43)}`
    const answer = await told(unknown)
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } })
    const others = { revoked: revoked.key, expired: expired.key, short: 'slk_', none: '', two: `${unknown} ${unknown}` }
    for (const [what, key] of Object.entries(others)) expect([what, await told(key)]).toEqual([what, answer])
  })
})
