import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { ask, importBookshop } from '../support/admin.ts'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { readSources } from '../support/laws.ts'
import { type Endpoint, postMessage } from '../support/mcp-clients.ts'

// What a tool asks of its client, by the real gateway: any of them answers the request that follows, once, and whoever asked.

const META = 'io.modelcontextprotocol/'
const VERSION = '2026-07-28'
const TOOL = 'test_input_required_result_request_state'

async function call(endpoint: Endpoint, name: string, more: object = {}) {
  const _meta = { [`${META}protocolVersion`]: VERSION, [`${META}clientCapabilities`]: { elicitation: {} } }
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: {}, ...more, _meta } }
  const headers = { 'mcp-protocol-version': VERSION, 'mcp-method': 'tools/call', 'mcp-name': name }
  const text = await (await postMessage(endpoint, message, { headers })).text()
  return JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text)
}

describe.each(DATABASES)('a request whose client is asked, on the %s database', (kind) => {
  let shop: BookshopApi
  let home: GatewayHome
  let gateways: GatewayProcess[]
  let key: string
  let otherKey: string
  beforeAll(async () => {
    shop = await startBookshop()
    home = await newHome(kind)
    const main = 'tests/conformance/start-with-asking-tools.ts'
    gateways = [await startGateway(home, {}, main)]
    if (kind === 'postgres') gateways.push(await startGateway(home, {}, main))
    key = (await importBookshop(gateways[0]!, shop)).accessKey!
    await ask(gateways[0]!, 'POST', '/servers', { name: 'Other' })
    otherKey = (await ask(gateways[0]!, 'POST', '/access-keys', { name: 'two', servers: ['bookshop', 'other'] })).body
      .key
  })
  afterAll(async () => {
    for (const gateway of gateways) await gateway.end('SIGTERM')
    await home.remove()
    await shop.close()
  })

  const at = (accessKey: string, server = 'bookshop', gateway = gateways.at(-1)!): Endpoint => ({
    url: `${gateway.url}/mcp/${server}`,
    accessKey,
  })
  const given = (requestState: string) => ({
    inputResponses: { confirm: { action: 'accept', content: { ok: true } } },
    requestState,
  })

  async function asked(accessKey: string, server?: string): Promise<string> {
    // Another gateway that has the server at hand already answers what follows.
    await expect.poll(async () => (await call(at(accessKey, server), TOOL)).result?.resultType).toBe('input_required')
    const { result } = await call(at(accessKey, server, gateways[0]), TOOL)
    expect(result).toMatchObject({ resultType: 'input_required', requestState: expect.any(String) })
    return result.requestState
  }

  test('is answered by any gateway, when it comes again', async () => {
    const { result } = await call(at(key), TOOL, given(await asked(key)))
    expect(result).toMatchObject({ resultType: 'complete', content: [{ text: 'state-ok' }] })
  })

  test('S68 once, of many that come at the same time, on whichever gateway', async () => {
    const more = given(await asked(key))
    const all = await Promise.all(
      gateways.flatMap((one) => [1, 2, 3].map(() => call(at(key, 'bookshop', one), TOOL, more))),
    )
    expect(all.filter(({ result }) => result?.resultType === 'complete')).toHaveLength(1)
    expect(all.filter(({ error }) => error?.code === -32602)).toHaveLength(all.length - 1)
  })

  test('S68 another key, and another server of the same key, are refused, and cost its owner nothing', async () => {
    const state = await asked(otherKey)
    for (const elsewhere of [at(key), at(otherKey, 'other')])
      expect(await call(elsewhere, TOOL, given(state))).toMatchObject({ error: { code: -32602 } })
    expect((await call(at(otherKey), TOOL, given(state))).result.resultType).toBe('complete')
  })

  test('S68 a handle of an answer to read on in is no state, nor is a state one', async () => {
    const state = await asked(key)
    const { result } = await call(at(key), 'read_more', { arguments: { handle: state } })
    expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('No answer is kept') }] })
    expect((await call(at(key), TOOL, given(state))).result.resultType).toBe('complete')
  })
})

/** What stands between the brackets of each call of `start`, nested brackets aside. */
function startsIn(text: string): string[] {
  return [...text.matchAll(/\bstart\(/g)].map(({ index }) => {
    let [depth, given] = [1, '']
    for (const char of text.slice(index + 'start('.length)) {
      if (/[)\]}]/.test(char)) depth--
      if (depth === 0) break
      if (depth === 1) given += char
      if (/[([{]/.test(char)) depth++
    }
    return given
  })
}

test('no program that is shipped hands in tools of its own, and no setting does', async () => {
  const shipped = readSources().filter(({ path }) => !/test|\/index\.ts$/.test(path))
  expect(shipped.filter(({ text }) => /[\s.]extend[?:,}\s]/.test(text)).map(({ path }) => path)).toEqual([
    'apps/gateway/src/start.ts',
    'apps/gateway/src/mcp/route.ts',
  ])
  const starting = shipped.filter(({ text }) => /\{[^{}]*\bstart\b[^{}]*\} (from|= await import)/.test(text))
  expect(starting.map(({ path }) => path)).toEqual(['apps/cli/src/connect.ts', 'apps/gateway/src/run-gateway.ts'])
  const given = starting.flatMap(({ text }) => startsIn(text))
  expect(given).toHaveLength(starting.length)
  for (const each of given) expect(each.split(',').filter((one) => one.trim() !== '')).toHaveLength(2)
  const home = await newHome('embedded')
  const gateway = await startGateway(home, {
    MAY_ASK: '1',
    EXTEND: 'tests/conformance/with-asking-tools.ts',
    NODE_ENV: 'test',
  })
  await ask(gateway, 'POST', '/servers', { name: 'Plain' })
  const { key: accessKey } = (await ask(gateway, 'POST', '/access-keys', { name: 'k', servers: ['plain'] })).body
  const answer = await call({ url: `${gateway.url}/mcp/plain`, accessKey }, TOOL)
  expect(answer).toMatchObject({ error: { message: expect.stringContaining('There is no tool') } })
  await gateway.end('SIGTERM')
  await home.remove()
})
