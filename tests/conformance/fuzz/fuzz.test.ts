import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { startBookshop } from '../../../examples/bookshop/api.ts'
import { type Asked, hosted, legacy, modern } from '../../../packages/mcp/src/testing/hosted.ts'
import { seededRandom } from '../../corpus/judge/seeded-random.ts'
import { importBookshop } from '../../support/admin.ts'
import { newHome, startGateway } from '../../support/gateway-process.ts'
import { mutateMessage } from './mutate-message.ts'

const CALL = { name: 'get_thing', arguments: { id: 1 } }
const init = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } }

const SEEDS: readonly Asked[] = [
  modern('server/discover'),
  modern('tools/list'),
  modern('tools/call', CALL),
  legacy('initialize', init),
  legacy('tools/list', {}),
  legacy('tools/call', CALL),
  legacy('ping'),
  { ...legacy('notifications/initialized'), id: null },
]

/** JSON-RPC 2.0 5.1, and what MCP adds to it. */
const CODES = new Set([-32700, -32600, -32601, -32602, -32000, -32001, -32020, -32021, -32022])
/** 400 for what is no message, 404 for a method or a session that is not known, 406 and 415 for media types. */
const STATUSES = new Set([200, 202, 400, 404, 406, 415])

describe('messages with faults are never a bug, and are answered as the protocol has it', () => {
  test.each([1, 2, 3, 4])('seed %i', async (seed) => {
    const random = seededRandom(seed)
    const [fast, sdk] = [hosted(), hosted({ engine: 'sdk' })]
    for (let n = 0; n < 400; n++) {
      const asked = mutateMessage(SEEDS[n % SEEDS.length]!, random)
      const said = `${JSON.stringify(asked.headers)} ${asked.body!.slice(0, 500)}`
      const [ours, theirs] = [await fast.ask(asked), await sdk.ask(asked)]
      expect(STATUSES, said).toContain(ours.status)
      const error = ours.message?.error as { code: number } | undefined
      if (error) expect(CODES, said).toContain(error.code)
      // What is plain and what is not is one thing to both engines.
      expect([ours.status, ours.message], said).toEqual([theirs.status, theirs.message])
    }
    expect([fast.bugs, sdk.bugs]).toEqual([[], []])
    expect((await fast.ask(modern('tools/call', CALL))).status).toBe(200)
    await Promise.all([fast.close(), sdk.close()])
  })
})

/** 401 and 403 for who is not let in, 404 and 405 for what is not there, 413 and 431 for too much. */
const DOOR_STATUSES = new Set([...STATUSES, 401, 403, 405, 413, 431])

test('nor are they at the door of a real gateway, whose health stays', async () => {
  const home = await newHome('embedded')
  const gateway = await startGateway(home)
  const shop = await startBookshop()
  const { url, accessKey } = await importBookshop(gateway, shop)
  const random = seededRandom(5)
  for (let n = 0; n < 300; n++) {
    const { headers = {}, body = '' } = mutateMessage(SEEDS[n % SEEDS.length]!, random)
    const method = random() < 0.9 ? 'POST' : 'DELETE'
    const key = random() < 0.95 ? { authorization: `Bearer ${accessKey}` } : {}
    const status = await statusOf(url!, method, { ...DEFAULTS, ...key, ...headers }, body)
    expect(DOOR_STATUSES, `${method} ${JSON.stringify(headers)} ${body.slice(0, 500)}`).toContain(status)
  }
  expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(200)
  expect(gateway.output.stdout).not.toContain('"kind":"bug"')
  await gateway.end('SIGTERM')
  await home.remove()
  await shop.close()
})

const DEFAULTS = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' }

function statusOf(url: string, method: string, headers: object, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const given = Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined)
    const sent = request(url, { method, agent: false, headers: Object.fromEntries(given) }, (answer) => {
      answer.resume()
      resolve(answer.statusCode!)
    })
    sent.on('error', (error) =>
      reject(new Error(`${method} ${JSON.stringify(headers)} ${body.slice(0, 200)}`, { cause: error })),
    )
    sent.end(body)
  })
}
