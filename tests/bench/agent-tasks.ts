import type { AgentTask } from '../../examples/many-tools/solve-task.ts'

/** A task of the bench, and what is right for it. */
export interface BenchTask extends AgentTask {
  readonly answer: unknown
}

/** On a name server as `startNames` makes it, in this order: each finds what those before it have done. */
export const NAME_TASKS: readonly BenchTask[] = [
  {
    goal: 'Make the Native zone shop.test. with the name server ns1.shop.test., let www.shop.test. be an A record of 192.0.2.10 with a TTL of 300, and tell me the A records that it has then.',
    needs: {
      servers: ['list the servers', 'GET /servers'],
      make: ['create a zone', 'POST /servers/{server_id}/zones'],
      change: ['change records of a zone', 'PATCH /servers/{server_id}/zones/{zone_id}'],
      read: ['read a zone with its records', 'GET /servers/{server_id}/zones/{zone_id}'],
    },
    solve: `const [server] = (await api.servers({})).data
const zone = (await api.make({ server_id: server.id, name: 'shop.test.', kind: 'Native', nameservers: ['ns1.shop.test.'] })).data
const records = [{ content: '192.0.2.10', disabled: false }]
await api.change({ server_id: server.id, zone_id: zone.id, rrsets: [{ name: 'www.shop.test.', type: 'A', ttl: 300, changetype: 'REPLACE', records }] })
const made = (await api.read({ server_id: server.id, zone_id: zone.id })).data
return made.rrsets.filter((set) => set.type === 'A').map((set) => [set.name, set.records[0].content])`,
    answer: [['www.shop.test.', '192.0.2.10']],
  },
  {
    goal: 'Which zones of the server localhost have no cryptokey yet?',
    needs: {
      zones: ['list all zones', 'GET /servers/{server_id}/zones'],
      keys: ['list the cryptokeys of a zone', 'GET /servers/{server_id}/zones/{zone_id}/cryptokeys'],
    },
    solve: `const bare = []
for (const zone of (await api.zones({ server_id: 'localhost' })).data) {
  const keys = (await api.keys({ server_id: 'localhost', zone_id: zone.id })).data
  if (keys.length === 0) bare.push(zone.name)
}
return bare.sort()`,
    answer: ['alpha.test.', 'gamma.test.', 'shop.test.'],
  },
  {
    goal: 'On the server localhost, delete the A records that point to 192.0.2.7 (there are less than 100), and tell me their names.',
    needs: {
      find: ['search the data for an address', 'GET /servers/{server_id}/search-data'],
      change: ['delete records of a zone', 'PATCH /servers/{server_id}/zones/{zone_id}'],
    },
    solve: `const gone = []
for (const hit of (await api.find({ server_id: 'localhost', q: '192.0.2.7', max: 100 })).data) {
  await api.change({ server_id: 'localhost', zone_id: hit.zone_id, rrsets: [{ name: hit.name, type: 'A', ttl: hit.ttl, changetype: 'DELETE', records: [] }] })
  gone.push(hit.name)
}
return gone.sort()`,
    answer: ['mail.gamma.test.', 'www.alpha.test.'],
  },
  {
    goal: 'Let 192.0.2.53 transfer the zone alpha.test. of the server localhost, which is the metadata ALLOW-AXFR-FROM, and tell me what it says then.',
    needs: {
      zones: ['find a zone by its name', 'GET /servers/{server_id}/zones'],
      allow: ['set metadata of a zone', 'POST /servers/{server_id}/zones/{zone_id}/metadata'],
      all: ['read the metadata of a zone', 'GET /servers/{server_id}/zones/{zone_id}/metadata'],
    },
    solve: `const [zone] = (await api.zones({ server_id: 'localhost', zone: 'alpha.test.' })).data
await api.allow({ server_id: 'localhost', zone_id: zone.id, kind: 'ALLOW-AXFR-FROM', metadata: ['192.0.2.53'] })
const all = (await api.all({ server_id: 'localhost', zone_id: zone.id })).data
return all.filter((one) => one.kind === 'ALLOW-AXFR-FROM').map((one) => one.metadata)`,
    answer: [['192.0.2.53']],
  },
  {
    goal: 'Make the TSIG key transfer with the algorithm hmac-sha256 on the server localhost, switch all cryptokeys of the zone beta.test. off, and tell me the names of all TSIG keys and how many cryptokeys are active.',
    needs: {
      make: ['create a TSIG key', 'POST /servers/{server_id}/tsigkeys'],
      tsig: ['list the TSIG keys', 'GET /servers/{server_id}/tsigkeys'],
      zones: ['find a zone by its name', 'GET /servers/{server_id}/zones'],
      keys: ['list the cryptokeys of a zone', 'GET /servers/{server_id}/zones/{zone_id}/cryptokeys'],
      off: ['deactivate a cryptokey', 'PUT /servers/{server_id}/zones/{zone_id}/cryptokeys/{cryptokey_id}'],
    },
    solve: `await api.make({ server_id: 'localhost', name: 'transfer', algorithm: 'hmac-sha256' })
const names = (await api.tsig({ server_id: 'localhost' })).data.map((key) => key.name)
const [zone] = (await api.zones({ server_id: 'localhost', zone: 'beta.test.' })).data
for (const key of (await api.keys({ server_id: 'localhost', zone_id: zone.id })).data) {
  await api.off({ server_id: 'localhost', zone_id: zone.id, cryptokey_id: key.id, active: false })
}
const left = (await api.keys({ server_id: 'localhost', zone_id: zone.id })).data
return [names, left.filter((key) => key.active).length]`,
    answer: [['transfer'], 0],
  },
]

/** On a gateway as `startManaged` makes it, in this order. */
export const GATEWAY_TASKS: readonly BenchTask[] = [
  {
    goal: 'Disable all tools of the upstream bookshop that delete something (method DELETE), and tell me which of its tools are still enabled.',
    needs: {
      list: ['list the tools of an upstream', 'GET /tools'],
      change: ['disable a tool', 'PATCH /tools/{id}'],
    },
    solve: `for (const tool of (await api.list({ upstream: 'bookshop', method: 'DELETE' })).data.items) {
  await api.change({ id: tool.id, body: { enabled: false } })
}
const left = (await api.list({ upstream: 'bookshop', enabled: true })).data.items
return left.map((tool) => tool.name).sort()`,
    answer: ['create_book', 'get_book', 'search_books', 'update_book'],
  },
  {
    goal: 'Make an MCP server named Readers with the tools get_book and search_books of the upstream bookshop alone, and a read-only access key named reading that opens it. Tell me the tools of that server.',
    needs: {
      make: ['create a server', 'POST /servers'],
      find: ['list the tools of an upstream', 'GET /tools'],
      add: ['put tools on a server', 'POST /servers/{server}/tools'],
      key: ['create an access key', 'POST /access-keys'],
      list: ['list the tools of a server', 'GET /servers/{server}/tools'],
    },
    solve: `const server = (await api.make({ name: 'Readers' })).data
const all = (await api.find({ upstream: 'bookshop' })).data.items
const tools = all.filter((tool) => ['get_book', 'search_books'].includes(tool.name)).map((tool) => ({ id: tool.id }))
await api.add({ server: server.slug, tools })
await api.key({ name: 'reading', servers: [server.slug], readOnly: true })
return (await api.list({ server: server.slug })).data.items.map((tool) => tool.name).sort()`,
    answer: ['get_book', 'search_books'],
  },
  {
    goal: 'Revoke the access key named old laptop, and tell me the names of the keys that go on working, without that of an import.',
    needs: {
      keys: ['list the access keys', 'GET /access-keys'],
      revoke: ['revoke an access key', 'DELETE /access-keys/{id}'],
    },
    solve: `for (const key of (await api.keys({ revoked: false })).data.items) {
  if (key.name === 'old laptop') await api.revoke({ id: key.id })
}
const left = (await api.keys({ revoked: false })).data.items.map((key) => key.name)
return left.filter((name) => !name.includes('import')).sort()`,
    answer: ['Ada', 'reading'],
  },
  {
    goal: 'How many operations does each upstream have, and how many of them change something, that is, have another method than GET?',
    needs: {
      upstreams: ['list the upstreams', 'GET /upstreams'],
      operations: ['list the operations of an upstream', 'GET /upstreams/{upstream}/operations'],
    },
    solve: `const counts = []
for (const upstream of (await api.upstreams({})).data.items) {
  const methods = []
  let page = (await api.operations({ upstream: upstream.slug })).data
  methods.push(page.items.map((one) => one.method))
  while (page.nextCursor !== null) {
    page = (await api.operations({ upstream: upstream.slug, cursor: page.nextCursor })).data
    methods.push(page.items.map((one) => one.method))
  }
  const all = methods.flat()
  counts.push([upstream.slug, all.length, all.filter((method) => method !== 'GET').length])
}
return counts.sort()`,
    answer: [
      ['bookshop', 5, 3],
      ['warehouse', 60, 36],
    ],
  },
  {
    goal: 'Make the admin key named Robin a viewer, and tell me each action that was done to that key, the newest first.',
    needs: {
      find: ['list the admin keys', 'GET /admin-keys'],
      change: ['give an admin key another role', 'PATCH /admin-keys/{id}'],
      events: ['list who changed what', 'GET /audit-events'],
    },
    solve: `const [key] = (await api.find({ q: 'Robin' })).data.items
await api.change({ id: key.id, body: { role: 'viewer' } })
return (await api.events({ target: key.id })).data.items.map((event) => event.action)`,
    answer: ['admin-key.update', 'admin-key.create'],
  },
]
