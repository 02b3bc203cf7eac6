// `npm run bench -- peers`: tools/call beside other bridges from the registries, each as it comes and as its documentation tunes it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../support/postgres.ts'
import { startUnlimitedGateway } from '../support/unlimited-gateway.ts'
import { type Ask, measureInTurn, operationById, prepareGateway, startCallsServer } from './measure-calls.ts'
import { installPeers, startPeer } from './start-peer.ts'

const ASKS: readonly Ask[] = [
  { what: '1 kB', tool: 'get_small', like: 'small', connections: 1, requests: 400 },
  { what: '1 kB', tool: 'get_small', like: 'small', connections: 64, requests: 1_500 },
  { what: '100 kB', tool: 'get_large', like: 'large', connections: 64, requests: 300 },
]

/** True; a table, and the same as one line of JSON. A peer that cannot be had is left out, and said to be. */
export async function benchPeers(): Promise<boolean> {
  const peers = installPeers()
  await using opened = new AsyncDisposableStack()
  const api = await startCallsServer(['api'])
  opened.defer(() => api.child.disconnect())
  const apiUrl = `http://127.0.0.1:${api.port}`
  const folder = mkdtempSync(join(tmpdir(), 'sluice-peers-'))
  opened.defer(() => rmSync(folder, { recursive: true, force: true }))
  const document = join(folder, 'calls.json')
  writeFileSync(document, JSON.stringify(documentOf(apiUrl)))

  const postgres = await startPostgres()
  opened.defer(() => postgres?.stop())
  const gateway = await startUnlimitedGateway({
    ALLOWED_HOSTS: '127.0.0.1',
    ...(postgres ? { DATABASE_URL: postgres.url } : {}),
  })
  opened.defer(gateway.close)
  const servers = [await prepareGateway('sluice', gateway, apiUrl)]
  for (const peer of peers) {
    const { asked, stop } = await startPeer(peer, document)
    opened.defer(stop)
    servers.push(asked)
  }
  const told = []
  for (const one of ASKS) {
    console.log(`\n${one.what}, ${one.connections} at once`)
    const figures = await measureInTurn(servers, one)
    for (const [n, { perSecond, cpu }] of figures.entries()) {
      const times = figures[0]!.perSecond / perSecond
      console.log(
        `${servers[n]!.name.padEnd(36)}${perSecond.toFixed(0).padStart(7)} a second${cpu.toFixed(0).padStart(8)} us of processor${n === 0 ? '' : `, Sluice ${times.toFixed(1)} times as many`}`,
      )
      told.push({ ...one, server: servers[n]!.name, perSecond, cpu })
    }
  }
  console.log(JSON.stringify({ bench: 'peers', rows: told }))
  return true
}

function documentOf(apiUrl: string) {
  const paths = { '/small/{id}': operationById('get_small'), '/large/{id}': operationById('get_large') }
  return { openapi: '3.1.0', info: { title: 'Calls', version: '1.0.0' }, servers: [{ url: apiUrl }], paths }
}
