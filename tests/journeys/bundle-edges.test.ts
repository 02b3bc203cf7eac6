import type { ApplyReport, BundleFile } from '@sluice/contract'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, listAll } from '../support/admin.ts'
import { DATABASES, type GatewayHome, type GatewayProcess } from '../support/gateway-process.ts'
import { exportedFiles, startTwoGateways } from '../support/two-gateways.ts'

// What is easily lost on the way through a folder, and what a stranger may have written into one.

const DOCUMENT = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Orders', version: '1' },
  servers: [{ url: 'https://orders.example.com' }],
  paths: {
    '/orders/{id}': {
      get: {
        operationId: 'get_order',
        tags: ['public'],
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
        responses: {},
      },
    },
  },
})

describe.each(DATABASES)('the edges of a bundle, on the %s database', (kind) => {
  let [one, other] = [] as unknown as [GatewayProcess, GatewayProcess]
  let home: GatewayHome
  let end: () => Promise<void>
  beforeAll(async () => {
    ;({ one, other, home, end } = await startTwoGateways(kind))
    const answer = await ask(one, 'POST', '/imports?commit=true&upstream=orders&server=orders', { text: DOCUMENT })
    expect(answer.status).toBe(200)
  })
  afterAll(() => end())

  const textOf = (files: readonly BundleFile[], path: string) => files.find((file) => file.path === path)!.text!
  const applied = async (gateway: GatewayProcess, body: object): Promise<ApplyReport> => {
    const answer = await ask(gateway, 'POST', '/bundle?commit=true', body)
    expect([answer.status, answer.body.errors]).toEqual([200, undefined])
    return answer.body
  }
  const onlyTool = async (gateway: GatewayProcess) => (await listAll(gateway, '/tools?upstream=orders'))[0]!

  test('tags that were taken away from a tool stay away', async () => {
    const { id } = await onlyTool(one)
    const edited = { tags: [] }
    expect((await ask(one, 'PATCH', `/tools/${id}`, edited)).status).toBe(200)
    const files = await exportedFiles(one)
    expect(textOf(files, 'upstreams/orders/tools.yaml')).toContain('tags: []\n')
    for (const gateway of [one, other]) {
      await applied(gateway, { files, trust: true })
      expect((await onlyTool(gateway)).tags).toEqual([])
      expect(await exportedFiles(gateway)).toEqual(files)
    }
  })

  test('S32 what a stranger calls a change that need not be looked at waits all the same', async () => {
    const files = [
      { path: 'sluice.yaml', text: 'sluice: 1\nof: workspace\n' },
      { path: 'upstreams/theirs/document.json', text: DOCUMENT },
      {
        path: 'upstreams/theirs/upstream.yaml',
        text: 'name: Theirs\nbaseUrl: https://orders.example.com\ndocument:\n  file: document.json\nholdChanges: none\n',
      },
    ]
    const { notes } = await applied(other, { files })
    expect((await ask(other, 'GET', '/upstreams/theirs')).body.holdChanges).toBe('review')
    expect(notes.join('\n')).toMatch(/changes of "theirs" are held/)
  })

  test('S32 what a person is told to run is one command, whatever a bundle calls its secrets', async () => {
    const head = { path: 'sluice.yaml', text: 'sluice: 1\nof: workspace\n' }
    const secrets = (name: string) => ({
      files: [head, { path: 'secrets.yaml', text: `secrets:\n  ${name}:\n    origins: [https://api.example.com]\n` }],
    })
    const { toSet } = await applied(other, secrets(`"it's; touch x"`))
    expect(toSet).toContainEqual({
      kind: 'secret',
      name: "it's; touch x",
      fix: `sluice secret set 'it'\\''s; touch x'`,
    })
    for (const name of ['""', '"a\\nb"', `"${'a'.repeat(201)}"`])
      expect((await ask(other, 'POST', '/bundle', secrets(name))).status).toBe(400)
  })

  test('an upstream that is pruned with its credential is told before', async () => {
    const credential = { value: 'its-key', placement: { type: 'http', scheme: 'bearer' } }
    const created = await ask(other, 'POST', '/upstreams', { name: 'Closed', baseUrl: 'https://closed.example.com' })
    expect(created.status).toBe(201)
    expect((await ask(other, 'PUT', '/upstreams/closed/credentials/key', credential)).status).toBe(200)
    const files = [{ path: 'sluice.yaml', text: 'sluice: 1\nof: workspace\n' }]
    const { body } = await ask(other, 'POST', '/bundle', { files, trust: true, prune: true })
    expect(body.notes).toContainEqual(expect.stringContaining('"closed" goes with its credentials'))
  })

  test.runIf(kind === 'postgres')('what no bundle can hold is not pruned', async () => {
    const manual = { upstream: 'orders', method: 'GET', path: '/notes' }
    const { id } = (await ask(one, 'POST', '/tools', { name: 'list_notes', manual })).body
    expect((await ask(one, 'POST', '/servers/orders/tools', { tools: [{ id }] })).status).toBeLessThan(300)
    // As an earlier release has left it.
    const client = new pg.Client(home.env.DATABASE_URL)
    await client.connect()
    await client.query('update operation_versions set manual = null')
    await client.end()
    await applied(one, { files: await exportedFiles(one), trust: true, prune: true })
    expect((await ask(one, 'GET', `/tools/${id}`)).body).toMatchObject({ name: 'list_notes', servers: ['orders'] })
  })
})
