import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ask, BOOKSHOP_SPEC } from '../support/admin.ts'
import { largeApi } from '../support/large-api.ts'
import { ROOT } from '../support/spawned.ts'
import { startUnlimitedGateway, type UnlimitedGateway } from '../support/unlimited-gateway.ts'
import { startPowerDns } from '../upstreams/powerdns.ts'

/** A real API with something in it, and how it is imported. */
export interface AgentUpstream {
  readonly document: string
  readonly baseUrl: string
  readonly credential: { readonly scheme: string; readonly value: string }
  close(): Promise<void>
}

const KEY = 'the-key-of-power-dns'

/** PowerDNS by the document that it serves itself, with four zones. */
export async function startNames(): Promise<AgentUpstream> {
  const { url, close } = await startPowerDns(KEY)
  try {
    await seedNames(url)
    const document = await askNames(new URL('/api/docs', url), 'GET', 'application/x-yaml')
    return { document, baseUrl: url, credential: { scheme: 'APIKeyHeader', value: KEY }, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Two of the zones have a key to be signed with, and two a record of one address. */
async function seedNames(url: string): Promise<void> {
  const add = (path: string, body: object) =>
    askNames(new URL(`${url}/servers/localhost${path}`), 'POST', 'application/json', body)
  for (const [name, host] of [['alpha', 'www'], ['beta'], ['gamma', 'mail'], ['delta']] as const) {
    const zone = `${name}.test.`
    const records = [{ content: '192.0.2.7', disabled: false }]
    const rrsets = host ? [{ name: `${host}.${zone}`, type: 'A', ttl: 60, records }] : []
    await add('/zones', { name: zone, kind: 'Native', nameservers: [`ns1.${zone}`], rrsets })
    if (!host) await add(`/zones/${zone}/cryptokeys`, { keytype: 'csk', active: true })
  }
}

async function askNames(url: URL, method: string, accept: string, body?: object): Promise<string> {
  const answer = await fetch(url, {
    method,
    headers: { 'x-api-key': KEY, accept },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`PowerDNS answered ${answer.status} to ${method} ${url.pathname}: ${text}`)
  return text
}

/** A gateway by its own document, with two upstreams, two access keys and two admin keys. */
export async function startManaged(): Promise<AgentUpstream> {
  const gateway = await startUnlimitedGateway({})
  try {
    await seedGateway(gateway)
  } catch (error) {
    await gateway.close()
    throw error
  }
  return {
    document: readFileSync(join(ROOT, 'specs', 'admin.openapi.json'), 'utf8'),
    baseUrl: `${gateway.url}/api/v1`,
    credential: { scheme: 'adminKey', value: gateway.adminKey },
    close: gateway.close,
  }
}

async function seedGateway(gateway: UnlimitedGateway): Promise<void> {
  const add = async (path: string, body: object) => {
    const { status, body: answer } = await ask(gateway, 'POST', path, body)
    if (status >= 300) throw new Error(`${path} answered ${status}: ${JSON.stringify(answer)}`)
  }
  const documents = { bookshop: readFileSync(BOOKSHOP_SPEC, 'utf8'), warehouse: largeApi('https://warehouse.example') }
  for (const [slug, text] of Object.entries(documents)) {
    await add(`/imports?commit=true&server=${slug}&upstream=${slug}`, { text, enable: 'all' })
  }
  for (const name of ['Ada', 'old laptop']) await add('/access-keys', { name, servers: ['bookshop'] })
  await add('/admin-keys', { name: 'Robin', role: 'editor' })
}
