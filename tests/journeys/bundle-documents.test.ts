import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ApplyReport, Tool, Upstream } from '@sluice/contract'
import { packFiles } from '@sluice/openapi'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, listAll } from '../support/admin.ts'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { type Site, startSite } from '../support/site.ts'
import { sluice } from '../support/spawned.ts'

// Documents in a folder: changed in git, held as any import is, fetched again where they came from.

const TOKEN = 'Bearer the-token-of-the-site'
const orders = (description: string, more: object = {}) =>
  JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Orders', version: '1' },
    servers: [{ url: 'https://orders.example.com' }],
    paths: { '/orders': { get: { operationId: 'listOrders', description, responses: {} } }, ...more },
  })
const EXTRA = { '/extra': { get: { operationId: 'getExtra', responses: {} } } }

describe.each(DATABASES)('documents of a bundle, on the %s database', (kind) => {
  let site: Site
  let folder: string
  const homes: GatewayHome[] = []
  const gateways: GatewayProcess[] = []
  const newGateway = async () => {
    homes.push(await newHome(kind))
    gateways.push(await startGateway(homes.at(-1)!, { EGRESS_ALLOW: '127.0.0.1' }))
    return gateways.at(-1)!
  }
  let [one, other] = [] as unknown as [GatewayProcess, GatewayProcess]
  beforeAll(async () => {
    site = await startSite((request) =>
      request.headers.authorization === TOKEN ? { body: orders('Fetched.') } : { status: 401 },
    )
    folder = mkdtempSync(join(tmpdir(), 'sluice-bundle-'))
    one = await newGateway()
    other = await newGateway()
  })
  afterAll(async () => {
    for (const gateway of gateways) await gateway.end('SIGTERM')
    for (const home of homes) await home.remove()
    for (const { output } of gateways) expect(output.stdout).not.toContain('"kind":"bug"')
    await site.close()
    rmSync(folder, { recursive: true })
  })

  const on = async ({ url, adminKey }: GatewayProcess, ...args: string[]) => {
    const done = await sluice([...args, '--json'], { env: { SLUICE_URL: url, SLUICE_ADMIN_KEY: adminKey } })
    expect(done.stderr).toBe('')
    return JSON.parse(done.stdout) as ApplyReport
  }
  const toolsOf = async (gateway: GatewayProcess, slug: string): Promise<Tool[]> =>
    listAll(gateway, `/tools?upstream=${slug}`)
  const imported = async (gateway: GatewayProcess, slug: string, body: object) => {
    const answer = await ask(gateway, 'POST', `/imports?commit=true&upstream=${slug}&server=${slug}`, body)
    expect(answer.status).toBe(200)
  }

  test('S29 a document that was changed in git waits as any import does, until it is applied with --accept', async () => {
    const bundle = join(folder, 'held')
    await imported(one, 'held', { text: orders('Lists orders.') })
    await on(one, 'export', bundle, '--server', 'held')
    const document = join(bundle, 'upstreams/held/document.json')
    expect(readFileSync(document, 'utf8')).toBe(orders('Lists orders.'))
    writeFileSync(document, orders('Lists all orders.', EXTRA))
    const held = await on(one, 'apply', bundle, '--trust', '--yes')
    expect(held.notes).toEqual([expect.stringMatching(/^1 changed tools of "held" go on as they are/)])
    const [extra, list] = await toolsOf(one, 'held')
    expect([extra!.name, extra!.enabled, list!.name, list!.enabled, list!.pending?.risk]).toEqual([
      'get_extra',
      false,
      'list_orders',
      true,
      'review',
    ])
    // The folder says nothing of it: that is told, and again it changes nothing.
    expect(held.left.map(({ change, pointer }) => [change, pointer])).toEqual(
      expect.arrayContaining([
        ['removed', '/tools/get_extra'],
        ['removed', '/tools/list_orders/changeWaits'],
      ]),
    )
    expect((await on(one, 'apply', bundle, '--trust', '--yes')).changes).toEqual([])

    // Where there is no older document, what waits here is off there.
    const waiting = join(folder, 'waiting')
    await on(one, 'export', waiting, '--server', 'held')
    const elsewhere = await on(other, 'apply', waiting, '--trust', '--yes')
    expect(elsewhere.notes).toEqual([expect.stringMatching(/off until somebody looked at them.*list_orders/)])
    expect((await toolsOf(other, 'held')).map(({ enabled }) => enabled)).toEqual([false, false])

    await on(one, 'apply', bundle, '--trust', '--accept', '--yes')
    expect((await toolsOf(one, 'held'))[1]!.pending).toBe(null)
    const detail = await ask(one, 'GET', `/tools/${list!.id}`)
    expect(detail.body.description).toContain('Lists all orders.')
  })

  test('where a document is fetched again goes along, the headers that open it do not', async () => {
    const bundle = join(folder, 'fetched')
    const url = `${site.url}/openapi.json`
    await imported(one, 'fetched', { url, fetchHeaders: { Authorization: TOKEN }, allow: [new URL(site.url).host] })
    await ask(one, 'PATCH', '/upstreams/fetched', { refreshMinutes: 60 })
    await on(one, 'export', bundle, '--server', 'fetched')
    const applied = await on(other, 'apply', bundle, '--trust', '--yes')
    expect([applied.left, applied.toSet]).toEqual([
      [],
      [{ kind: 'fetch headers', name: 'fetched', fix: `sluice import ${url} --upstream fetched --fetch-headers FILE` }],
    ])
    const upstream: Upstream = (await ask(other, 'GET', '/upstreams/fetched')).body
    expect([upstream.refresh.url, upstream.refreshMinutes]).toEqual([url, 60])
    const { stdout, stderr } = gateways.at(-1)!.output
    expect(stdout + stderr + JSON.stringify(await ask(other, 'GET', '/bundle'))).not.toContain('the-token-of-the-site')
    const again = await ask(other, 'POST', '/upstreams/fetched/refresh')
    expect(again.body.outcome).toContain('401')
    await imported(other, 'fetched', { url, fetchHeaders: { Authorization: TOKEN } })
    expect((await on(other, 'diff', bundle)).toSet).toEqual([])
  })

  test('several files come as the archive that they came as', async () => {
    const bundle = join(folder, 'archive')
    const files = new Map([
      ['openapi.json', orders('Lists.', { '/things': { $ref: 'things.json#/item' } })],
      ['things.json', JSON.stringify({ item: { get: { operationId: 'listThings', responses: {} } } })],
    ])
    const form = new FormData()
    form.set('file', new Blob([packFiles(files) as Uint8Array<ArrayBuffer>]), 'documents.zip')
    await imported(one, 'archive', form)
    await on(one, 'export', bundle, '--server', 'archive')
    expect(readFileSync(join(bundle, 'upstreams/archive/document.zip'))).toEqual(Buffer.from(packFiles(files)))
    expect((await on(other, 'apply', bundle, '--trust', '--yes')).left).toEqual([])
    expect((await toolsOf(other, 'archive')).map(({ name }) => name)).toEqual(['list_orders', 'list_things'])
  })

  test('S25 documents that it refers to are fetched again, from private addresses only where an owner trusts it', async () => {
    const bundle = join(folder, 'referring')
    const things = await startSite(() => ({
      body: JSON.stringify({ item: { get: { operationId: 'listThings', responses: {} } } }),
    }))
    const allow = [new URL(things.url).host]
    const text = orders('Lists.', { '/things': { $ref: `${things.url}/things.json#/item` } })
    await imported(one, 'referring', { text, externalRefs: [things.url], allow })
    await on(one, 'export', bundle, '--server', 'referring')
    homes.push(await newHome(kind))
    const closed = await startGateway(homes.at(-1)!)
    gateways.push(closed)
    things.asked.length = 0

    const editor = (await ask(closed, 'POST', '/admin-keys', { name: 'editor', role: 'editor' })).body.key
    const applied = (key: string, ...more: string[]) =>
      sluice(['apply', bundle, '--yes', ...more], { env: { SLUICE_URL: closed.url, SLUICE_ADMIN_KEY: key } })
    const refused = await applied(editor, '--trust')
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/Only an owner may allow private/) })
    const untrusted = await applied(closed.adminKey)
    expect(untrusted).toMatchObject({ code: 1, stderr: expect.stringMatching(/no operation "GET \/things"/) })
    expect(untrusted.stderr).toContain(`others on ${things.url}, which could not all be read`)
    expect(things.asked).toEqual([])

    expect((await on(closed, 'apply', bundle, '--trust', '--yes')).left).toEqual([])
    expect((await toolsOf(closed, 'referring')).map(({ name }) => name)).toEqual(['list_orders', 'list_things'])
    await things.close()
  })
})
