import { readFileSync } from 'node:fs'
import type { BookshopApi } from '../../examples/bookshop/api.ts'
import { type Answer, ask, BOOKSHOP_SPEC, listAll } from './admin.ts'
import { INSTALLATION_KEY } from './gateway-process.ts'

/** A workspace with one of everything, as its owner sees it. */
export interface Tenant {
  readonly url: string
  /** The owner's. */
  readonly adminKey: string
  readonly accessKey: string
  readonly ids: TenantIds
  /** The name of the tool that was made by hand, which stands in many names too. */
  readonly name: string
}

/** What stands in paths: by the parameter's name, and for `:id` by the path's first segment. */
export type TenantIds = Readonly<
  Record<
    | 'upstream'
    | 'scheme'
    | 'server'
    | 'tool'
    | 'sample'
    | 'resource'
    | 'prompt'
    | 'composite'
    | 'promptVersion'
    | 'call'
    | 'version'
    | 'spec-revisions'
    | 'operations'
    | 'tools'
    | 'secrets'
    | 'access-keys'
    | 'issuers'
    | 'admin-keys'
    | 'workspaces',
    string
  >
>

/** Makes a workspace and fills it. `name` must be a slug that nobody has. */
export async function newTenant(gateway: { url: string }, shop: BookshopApi, name: string): Promise<Tenant> {
  const installation = { url: gateway.url, adminKey: INSTALLATION_KEY }
  const workspace = await done(ask(installation, 'POST', '/workspaces', { name }))
  const owner = { url: gateway.url, adminKey: workspace.adminKey.key as string }
  const post = (path: string, body: unknown) => done(ask(owner, 'POST', path, body))

  const { accessKey } = await post(`/imports?commit=true&server=${name}&upstream=${name}`, {
    text: readFileSync(BOOKSHOP_SPEC, 'utf8'),
    baseUrl: shop.url,
    allow: [new URL(shop.url).host],
    credential: { value: shop.key },
  })
  const secret = await post('/secrets', { name, value: `value of ${name}`, origins: [new URL(shop.url).origin] })
  const manual = { upstream: name, method: 'GET', path: '/books/{bookId}' }
  const tool = await post('/tools', { name, manual, arguments: { bookId: { secret: secret.id } } })
  await post(`/servers/${name}/tools`, { tools: [{ id: tool.id, alias: name }] })
  await done(ask(owner, 'PUT', `/tools/${tool.id}/samples/${name}`, { answer: { body: { of: name } } }))
  const resource = { uri: `${name}://notes`, text: `of ${name}` }
  await done(ask(owner, 'PUT', `/servers/${name}/resources/${name}`, resource))
  for (const version of ['first', 'second']) {
    const messages = [{ role: 'user', text: `The ${version} of ${name}.` }]
    await done(ask(owner, 'PUT', `/servers/${name}/prompts/${name}`, { messages }))
  }
  const composite = `made_of_${name}`
  const kept = { description: `Made of ${name}.`, code: 'return 1' }
  await done(ask(owner, 'PUT', `/servers/${name}/composites/${composite}`, kept))
  const bound = await post('/access-keys', { name, servers: [name], tools: [tool.id] })
  const issuer = await post('/issuers', { name, issuer: `https://${name}.login.test`, servers: [name] })
  const viewer = await post('/admin-keys', { name, role: 'viewer' })
  const [revision] = await listAll(owner, `/upstreams/${name}/spec-revisions`)
  const [version] = await listAll(owner, `/operations/${tool.operation}/versions`)
  await post(`/servers/${name}/calls`, { tool: 'search_books', arguments: {} })
  const call = await firstCall(owner)
  const [credential] = await listAll(owner, `/upstreams/${name}/credentials`)
  return {
    ...owner,
    accessKey,
    name,
    ids: {
      upstream: name,
      scheme: credential.scheme,
      server: name,
      tool: tool.id,
      sample: name,
      resource: name,
      prompt: name,
      composite,
      promptVersion: '1',
      call: call.id,
      version: version.id,
      'spec-revisions': revision.id,
      operations: tool.operation,
      tools: tool.id,
      secrets: secret.id,
      'access-keys': bound.id,
      issuers: issuer.id,
      'admin-keys': viewer.id,
      workspaces: workspace.id,
    },
  }
}

/** The path of a route with these ids; a parameter that they do not know is a fault of the test. */
export function pathWith(path: string, ids: TenantIds): string {
  const [, resource] = path.split('/')
  return path.replaceAll(/:(\w+)/g, (_match, name: string) => {
    const id = ids[(name === 'id' ? resource : name) as keyof TenantIds]
    if (id === undefined) throw new Error(`${path}: tests/support/tenants.ts makes nothing with such an id`)
    return id
  })
}

/** What a call cost is weighed before it is recorded. */
async function firstCall(owner: { url: string; adminKey: string }): Promise<Answer['body']> {
  for (;;) {
    const [call] = await listAll(owner, '/calls')
    if (call) return call
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

async function done(asking: Promise<Answer>): Promise<Answer['body']> {
  const { status, body } = await asking
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`)
  return body
}
