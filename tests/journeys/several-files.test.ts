import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImportReport } from '@sluice/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask } from '../support/admin.ts'
import { type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { type Site, startSite } from '../support/site.ts'
import { sluice } from '../support/spawned.ts'

// A document that refers to others: in a folder, in a zip, and over the network.

let folder: string
let site: Site
let url: string
const asked = () => site.asked.splice(0).map((request) => request.url)
let home: GatewayHome
let gateway: GatewayProcess
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-several-'))
  site = await startSite((request) => {
    if (request.url === '/openapi.json') return { body: JSON.stringify(API(`${url}/parameters.json`)) }
    if (request.url === '/parameters.json') return { body: '{"Id": {"name": "id", "in": "path", "required": true}}' }
    return { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ path: request.url }) }
  })
  url = site.url
  mkdirSync(join(folder, 'parts'))
  writeFileSync(join(folder, 'openapi.json'), JSON.stringify(API('parts/parameters.yaml')))
  writeFileSync(join(folder, 'parts/parameters.yaml'), 'Id: {name: id, in: path, required: true}')
  home = await newHome('embedded')
  gateway = await startGateway(home)
})
afterAll(async () => {
  await gateway.end('SIGTERM')
  await home.remove()
  await site.close()
  rmSync(folder, { recursive: true })
})

const API = (parameters: string) => ({
  openapi: '3.1.0',
  info: { title: 'Several', version: '1' },
  servers: [{ url }],
  paths: { '/things/{id}': { get: { operationId: 'thing', parameters: [{ $ref: `${parameters}#/Id` }] } } },
})

test('B1 B15 a folder is imported and called, and comes back as the archive that was sent', async () => {
  const env = { ...home.env, SLUICE_URL: gateway.url }
  const given = ['import', folder, '--server', 'several', '--allow', new URL(url).host, '--yes', '--json']
  const { code, stdout, stderr } = await sluice(given, { env })
  expect([code, stderr]).toEqual([0, ''])
  expect((JSON.parse(stdout) as ImportReport).diagnostics).toEqual([])
  const called = await sluice(['call', 'several', 'thing', '--args', '{"id": "a/b"}'], { env })
  expect(called.stdout).toContain('/things/a%2Fb')
  const again = await sluice(given, { env })
  expect((JSON.parse(again.stdout) as ImportReport).plan).toMatchObject({ added: 0, changed: 0, unchanged: 1 })
  const check = await sluice(['check', folder, '--json'], { env })
  expect(JSON.parse(check.stdout)).toMatchObject({ coverage: { imported: 1, skipped: 0 } })
})

test('S25 a reference over the network is followed only to an origin that was allowed', async () => {
  const request = { url: `${url}/openapi.json`, allow: [new URL(url).host] }
  const closed = await ask(gateway, 'POST', '/imports?upstream=net&server=net', request)
  expect(closed.body.diagnostics).toMatchObject([
    { code: 'ref-external', fix: expect.stringContaining(`"externalRefs": ["${url}"]`) },
    { code: 'path-parameter-undeclared' },
  ])
  expect(asked()).not.toContain('/parameters.json')
  const open = await ask(gateway, 'POST', '/imports?upstream=net&server=net', { ...request, externalRefs: [url] })
  expect(open.body.diagnostics).toEqual([])
  expect(asked()).toContain('/parameters.json')
})

test('S1 S25 an allowed origin that lies at a private address is asked for nothing', async () => {
  const text = JSON.stringify(API(`${url}/parameters.json`))
  asked()
  const { body } = await ask(gateway, 'POST', '/imports?upstream=net2&server=net2', { text, externalRefs: [url] })
  expect(body.diagnostics.map(({ code }: { code: string }) => code)).toContain('ref-external')
  expect(asked()).toEqual([])
})
