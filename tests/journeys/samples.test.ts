import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, listAll } from '../support/admin.ts'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { startSite } from '../support/site.ts'
import { sluice } from '../support/spawned.ts'

// Filters and interceptors are tried on what the document says of answers, and on answers that are kept.

const item = { type: 'object', properties: { id: { type: 'integer' }, state: { type: 'string' } } }
const answered = {
  content: {
    'application/json': { schema: { type: 'object', properties: { items: { type: 'array', items: item } } } },
  },
}
const parameters = [{ name: 'day', in: 'query', required: true, schema: { type: 'string' } }]
const text = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Orders', version: '1' },
  servers: [{ url: 'https://api.example.com' }],
  paths: {
    '/orders': {
      get: { operationId: 'list_orders', parameters, responses: { 200: { description: 'ok', ...answered } } },
    },
  },
})

describe.each(DATABASES)('what does not fit is said, on the %s database', (kind) => {
  let home: GatewayHome
  let gateway: GatewayProcess
  let tool: string
  beforeAll(async () => {
    home = await newHome(kind)
    gateway = await startGateway(home)
    await ask(gateway, 'POST', '/imports?commit=true', { text })
    tool = (await listAll(gateway, '/tools'))[0].id
  })
  afterAll(async () => {
    await gateway.end('SIGTERM')
    await home.remove()
  })

  const edit = async (change: object) => (await ask(gateway, 'PATCH', `/tools/${tool}`, change)).body
  const keep = (name: string, sample: object) => ask(gateway, 'PUT', `/tools/${tool}/samples/${name}`, sample)
  const body = { items: [{ id: 1, state: 'paid' }], next: 'n' }

  test('S37 the schema of an answer is what the filters leave of it', async () => {
    const { outputSchema, notes } = await edit({ responseFilter: 'items[].{n: id}' })
    expect(notes).toEqual([])
    expect(outputSchema).toMatchObject({
      type: ['array', 'null'],
      items: { properties: { n: { type: ['integer', 'null'] } } },
    })
    const plain = await edit({ responseFilter: null })
    expect(plain.outputSchema).toMatchObject({ properties: { items: { type: 'array' } } })
  })

  test('a filter that the document has nothing for is told, name by name', async () => {
    expect((await edit({ responseFilter: 'itms[].id' })).notes).toEqual([
      'The response filter selects nothing of the answers that the document describes.',
      'The response filter looks for "itms", which the document does not have there; it has items.',
    ])
    expect((await edit({ responseFilter: 'items[].{id: id, stat: stat}' })).notes).toEqual([
      'The response filter looks for "stat", which the document does not have there; it has id, state.',
    ])
  })

  test('a filter of the upstream comes before, and is told as well', async () => {
    await ask(gateway, 'PATCH', '/upstreams/orders', { responseFilter: 'items' })
    expect((await edit({ responseFilter: '[].state' })).notes).toEqual([])
    expect((await edit({ responseFilter: 'items[].state' })).notes).not.toEqual([])
    await ask(gateway, 'PATCH', '/upstreams/orders', { responseFilter: null })
  })

  test('a kept answer is tried with each change: what is left of nothing, and what fails', async () => {
    expect((await keep('a-page', { arguments: { day: 'today' }, answer: { body } })).status).toBe(200)
    expect(
      (await keep('an-error', { arguments: { day: 'x' }, answer: { status: 400, body: { error: 'no day' } } })).status,
    ).toBe(200)
    expect((await edit({ responseFilter: 'items[].id' })).notes).toEqual([])
    expect((await edit({ responseFilter: 'items[?id > `5`]' })).notes).toEqual([
      'Nothing is left of the sample "a-page".',
    ])
    const steps = { responseInterceptor: 'response.body.items = response.body.rows.map((row) => row.id)' }
    expect((await edit({ responseFilter: null, steps })).notes).toEqual([
      expect.stringMatching(/^On the sample "a-page": .*line 1, column \d+/),
    ])
    expect((await ask(gateway, 'GET', `/tools/${tool}`)).body.notes).toHaveLength(1)
    expect((await edit({ steps: {} })).notes).toEqual([])
  })

  test('a tool is tried on a kept answer, with its arguments', async () => {
    const tried = await ask(gateway, 'POST', `/tools/${tool}/try`, { sample: 'a-page' })
    expect(tried.body.outcome).toMatchObject({ ok: true, content: [{ text: JSON.stringify(body) }] })
    expect(tried.body.stages[0]).toMatchObject({ stage: 'arguments', value: { day: 'today' } })
    const both = await ask(gateway, 'POST', `/tools/${tool}/try`, { sample: 'a-page', answer: { body: 1 } })
    expect(both).toMatchObject({ status: 400, body: { errors: [{ pointer: '/sample' }] } })
    expect((await ask(gateway, 'POST', `/tools/${tool}/try`, { sample: 'nothing' })).status).toBe(404)
  })

  test('a document that changes is held against what is kept, and what does not fit any more is told', async () => {
    const changed = JSON.parse(text)
    changed.paths['/orders'].get.parameters.push({
      name: 'shop',
      in: 'query',
      required: true,
      schema: { type: 'string' },
    })
    const imported = { text: JSON.stringify(changed), accept: true }
    const { body: report } = await ask(gateway, 'POST', '/imports?commit=true', imported)
    expect(report.diagnostics).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          code: 'sample-misfit',
          message: expect.stringMatching(/^list_orders: On the sample "a-page": .*shop/s),
        }),
      ]),
    )
    const back = (await ask(gateway, 'POST', '/imports?commit=true', { text, accept: true })).body
    expect(back.plan.changed).toBe(1)
    expect(back.diagnostics.filter(({ code }: { code: string }) => code === 'sample-misfit')).toEqual([])
  })

  test('a filter of the upstream is tried on what is kept of its tools, and its ETag is what it was', async () => {
    const change = (responseFilter: string | null) => ask(gateway, 'PATCH', '/upstreams/orders', { responseFilter })
    expect((await change('items[?id > `5`]')).body.notes).toEqual([
      'list_orders: Nothing is left of the sample "a-page".',
    ])
    expect((await change('items[].id')).body.notes).toEqual([])
    expect((await change(null)).body.notes).toEqual([])
    expect((await ask(gateway, 'PATCH', '/upstreams/orders', { name: 'Orders' })).body).not.toHaveProperty('notes')
    const env = { SLUICE_URL: gateway.url, SLUICE_ADMIN_KEY: gateway.adminKey }
    const set = (filter: string) => sluice(['upstreams', 'edit', 'orders', '--response-filter', filter], { env })
    expect((await set('items[?id > `5`]')).stdout).toContain(
      'Note: list_orders: Nothing is left of the sample "a-page".',
    )
    expect((await set('none')).stdout).not.toContain('Note:')
  })

  test('a document that changed when it was fetched again is tried the same way', async () => {
    let served = text
    const site = await startSite(() => ({ headers: { 'content-type': 'application/json' }, body: served }))
    const url = `${site.url}/orders.json`
    const allow = [new URL(site.url).host]
    const imported = await ask(gateway, 'POST', '/imports?commit=true&upstream=fetched', { url, allow })
    expect(imported).toMatchObject({ status: 200 })
    await ask(gateway, 'PATCH', '/upstreams/fetched', { holdChanges: 'none' })
    const fetched = (await listAll(gateway, '/tools')).find(({ upstream }) => upstream === 'fetched')
    await ask(gateway, 'PUT', `/tools/${fetched.id}/samples/a-page`, { arguments: { day: 'today' }, answer: { body } })
    const refresh = async () => (await ask(gateway, 'POST', '/upstreams/fetched/refresh')).body.outcome
    served = text.replace('"required":true', '"required":false')
    expect(await refresh()).toBe('1 changed')
    served = text.replaceAll('"day"', '"date"')
    expect(await refresh()).toMatch(/^1 changed\. Kept answers do not fit: \S+: On the sample "a-page": .*date/)
    // What is held is served when somebody agrees, and is tried then.
    await ask(gateway, 'PATCH', '/upstreams/fetched', { holdChanges: 'all' })
    served = text
    expect(await refresh()).toBe('1 changed, 1 held for review')
    expect((await ask(gateway, 'POST', `/tools/${fetched.id}/agree`)).body).toEqual({ agreed: 1, notes: [] })
    served = text.replaceAll('"day"', '"date"')
    await refresh()
    expect((await ask(gateway, 'POST', '/tools/agree?upstream=fetched')).body).toEqual({
      agreed: 1,
      notes: [expect.stringContaining('On the sample "a-page"')],
    })
    await ask(gateway, 'DELETE', '/upstreams/fetched')
    await site.close()
  })

  test('B143 digits that a double cannot hold are kept, and shown', async () => {
    const headers = { authorization: `Bearer ${gateway.adminKey}`, 'content-type': 'application/json' }
    const exact = '{"arguments":{"day":"d"},"answer":{"body":{"id":9007199254740993,"n":1.50000000000000000001}}}'
    const at = `${gateway.url}/api/v1/tools/${tool}`
    await fetch(`${at}/samples/exact`, { method: 'PUT', headers, body: exact })
    expect(await (await fetch(`${at}/samples/exact`, { headers })).text()).toContain(
      '"id":9007199254740993,"n":1.50000000000000000001',
    )
    const tried = await fetch(`${at}/try`, { method: 'POST', headers, body: '{"sample":"exact"}' })
    expect(await tried.text()).toContain('\\"id\\":9007199254740993,\\"n\\":1.50000000000000000001')
    await ask(gateway, 'DELETE', `/tools/${tool}/samples/exact`)
  })

  test('what is observed of a tool does not move its ETag', async () => {
    const read = () =>
      fetch(`${gateway.url}/api/v1/tools/${tool}`, { headers: { authorization: `Bearer ${gateway.adminKey}` } })
    await edit({ responseFilter: 'items[?id > `5`]' })
    const before = (await read()).headers.get('etag')
    await ask(gateway, 'DELETE', `/tools/${tool}/samples/a-page`)
    expect((await read()).headers.get('etag')).toBe(before)
    expect((await ask(gateway, 'GET', `/tools/${tool}`)).body.notes).toEqual([])
  })

  test('the command line keeps what was tried, lists and forgets it, and tells what does not fit', async () => {
    const run = (...args: string[]) =>
      sluice(['tools', ...args], { env: { ...home.env, SLUICE_URL: gateway.url, SLUICE_ADMIN_KEY: gateway.adminKey } })
    const file = join(home.dataDir, 'answer.json')
    writeFileSync(file, '{"items":[{"id":12345678901234567890}]}')
    const kept = await run('try', 'list_orders', '--args', '{"day":"d"}', '--answer', file, '--keep', 'tried')
    expect(kept.stdout).toContain('The answer is kept as tried')
    expect((await run('samples', 'list_orders')).stdout).toMatch(/tried +HTTP 200/)
    expect((await run('try', 'list_orders', '--sample', 'tried')).stdout).toContain('"day": "d"')
    expect((await run('edit', 'list_orders', '--response-filter', 'nope')).stdout).toContain(
      'Note: The response filter looks for "nope"',
    )
    expect((await run('forget', 'list_orders', 'tried')).stdout).toContain('kept no longer')
    expect((await run('try', 'list_orders', '--sample', 'tried')).code).not.toBe(0)
  })

  test('there are bounds: twenty of a tool, and a megabyte each', async () => {
    for (let n = 0; n < 19; n++) expect((await keep(`s${n}`, { answer: { body: n } })).status).toBe(200)
    expect(await keep('one-more', { answer: { body: 1 } })).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect((await keep('s0', { answer: { body: 'again' } })).status).toBe(200)
    expect((await keep('s0', { answer: { body: 'x'.repeat(1024 * 1024) } })).body).toMatchObject({ code: 'too-large' })
    const listed = await listAll(gateway, `/tools/${tool}/samples`)
    expect(listed).toHaveLength(20)
    expect(listed[0]).toEqual({ name: 'an-error', status: 400, bytes: 18, updatedAt: expect.any(String) })
  })
})
