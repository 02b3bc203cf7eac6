import { readFileSync } from 'node:fs'
import { type Answer, ask, BOOKSHOP_SPEC, listAll } from './admin.ts'

type Gateway = { readonly url: string; readonly adminKey: string }

/** A workspace in which a curator has set everything that can be set: two upstreams, three servers, and what hangs on them. */
export async function fillWorkspace(gateway: Gateway, api: { readonly url: string }): Promise<void> {
  const host = new URL(api.url).host
  const done = async (method: string, path: string, body?: unknown): Promise<Answer['body']> => {
    const answer = await ask(gateway, method, path, body)
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  await done('POST', '/imports?commit=true&server=books&upstream=bookshop', {
    text: readFileSync(BOOKSHOP_SPEC, 'utf8'),
    baseUrl: `${api.url}/v1`,
    allow: [host],
    credential: { value: SECRETS[0] },
    overlay: OVERLAY,
  })
  await done('POST', '/imports?commit=true&server=depot&upstream=depot', {
    text: JSON.stringify(DEPOT),
    baseUrl: api.url,
    allow: [host],
    enable: { rules: [{ path: '/parcels/**' }, { methods: ['GET'] }] },
  })
  const secret = await done('POST', '/secrets', { name: 'tenant id', value: SECRETS[1], origins: [api.url] })
  const tools = new Map((await listAll(gateway, '/tools')).map((tool) => [`${tool.upstream}/${tool.name}`, tool.id]))
  const edit = (name: string, body: object) => done('PATCH', `/tools/${tools.get(name)}`, body)
  // Two names went round: neither can be given while the other has it.
  await edit('bookshop/get_book', { name: 'a_while' })
  await edit('bookshop/update_book', { name: 'get_book', description: 'Ours.\n\nIn two paragraphs: "quoted", #1.' })
  await edit('bookshop/get_book', { title: 'Read', name: 'update_book', resource: {} })
  await edit('bookshop/search_books', {
    responseFilter: 'items[].{id: id, title: title}',
    arguments: { genre: { hidden: true }, q: { description: 'yes: words' }, page_size: { value: 5 } },
    cache: { ttlSeconds: 60 },
    projection: 'always',
    tags: ['no', '1.0', 'books'],
    steps: { responseInterceptor: 'const { body } = response\nreturn { ...response, body }\n' },
  })
  await edit('bookshop/delete_book', { enabled: false })
  await edit('depot/get_parcel', { arguments: { tenant: { secret: secret.id } }, structuredContent: true })
  await edit('depot/list_parcels', { annotations: { openWorldHint: false } })
  await done('PATCH', '/upstreams/bookshop', {
    name: 'Books, ours',
    holdChanges: 'all',
    responseFilter: '@',
    policy: { followRedirects: true, forwardHeaders: ['X-Request-Id'] },
    steps: { redaction: { fields: ['**.ssn'] } },
  })
  await done('PUT', '/upstreams/depot/credentials/extra', {
    headers: { 'X-Extra': SECRETS[2]! },
    placement: { type: 'headers' },
  })
  const operation = (await listAll(gateway, '/upstreams/depot/operations')).find(
    ({ method, path }) => method === 'GET' && path === '/parcels',
  )
  const further = await done('POST', '/tools', {
    name: 'open_parcels',
    operation: { id: operation.id },
    arguments: { state: { value: 'open' } },
  })
  const manual = await done('POST', '/tools', {
    name: 'add_note',
    description: 'Adds a note.',
    manual: { upstream: 'depot', method: 'POST', path: '/parcels/{id}/notes', sampleBody: { text: 'Gift' } },
  })
  await done('PATCH', `/tools/${manual.id}`, { name: 'note_parcel', description: 'Notes something.' })
  await done('POST', '/servers', {
    name: 'Support',
    slug: 'support',
    mode: 'search',
    instructions: 'Ask first.\nThen look.',
    limits: { callsPerMinute: 10_000 },
  })
  await done('POST', '/servers/support/tools', {
    tools: [
      { id: tools.get('bookshop/search_books'), alias: 'find', pinned: true },
      { id: tools.get('depot/list_parcels'), unlisted: true },
      { id: further.id, pinned: true },
      { id: manual.id },
    ],
  })
  await done('PUT', '/servers/support/resources/hours', { uri: 'shop://hours', text: 'Nine to five.\n' })
  await done('PUT', '/servers/support/resources/logo', {
    uri: 'shop://logo',
    mimeType: 'image/png',
    blob: 'iVBORw0KGgo=',
  })
  await done('PUT', '/servers/support/prompts/answer', {
    arguments: [{ name: 'order', required: true }],
    messages: [{ role: 'user', text: 'Where is {{order}}?' }],
  })
  await done('PUT', '/servers/support/composites/titles', {
    description: 'Titles.',
    code: 'const { data } = await api.find({})\nreturn data',
    pinned: true,
    tests: [{ name: 'one', arguments: {}, calls: [{ tool: 'find', answer: ['a'] }], result: ['a'] }],
  })
  await done('POST', '/issuers', {
    name: 'Login',
    issuer: 'https://login.example.com/realms/shop',
    jwksUri: 'https://login.example.com/certs',
    servers: ['support'],
    rules: [{ scope: 'books:read', rights: { tools: [tools.get('bookshop/search_books')] } }],
  })
}

/** What must be nowhere but sealed. */
export const SECRETS = ['the-key-of-the-bookshop', 'the-id-of-the-tenant', 'the-extra-header']

const OVERLAY = `overlay: 1.0.0
info: { title: Ours, version: '1' }
actions:
  - target: $.paths['/books'].post
    remove: true
`

const DEPOT = {
  openapi: '3.0.3',
  info: { title: 'Depot', version: '1' },
  servers: [{ url: 'https://depot.example.com' }],
  paths: {
    '/parcels': {
      get: {
        operationId: 'listParcels',
        parameters: [{ name: 'state', in: 'query', schema: { type: 'string' } }],
        responses: {},
      },
      post: { operationId: 'addParcel', responses: {} },
    },
    '/parcels/{id}': {
      get: {
        operationId: 'getParcel',
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'integer' } },
          { name: 'tenant', in: 'query', schema: { type: 'string' } },
        ],
        responses: {
          200: {
            description: 'ok',
            content: { 'application/json': { schema: { type: 'object', properties: { id: { type: 'integer' } } } } },
          },
        },
      },
    },
  },
}
