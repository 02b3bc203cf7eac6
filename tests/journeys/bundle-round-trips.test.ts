import type { ApplyReport, BundleFile } from '@sluice/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, listAll } from '../support/admin.ts'
import { DATABASES, type GatewayProcess } from '../support/gateway-process.ts'
import { exportedFiles, startTwoGateways } from '../support/two-gateways.ts'

// What is exported is taken where it came from and elsewhere, and is neither more nor less there.

const get = (operationId: string) => ({ get: { operationId, responses: {} } })
const document = (paths: object, more: object = {}) => ({
  text: JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Orders', version: '1' },
    servers: [{ url: 'https://orders.example.com' }],
    paths,
    ...more,
  }),
})

describe.each(DATABASES)('what a bundle brings back, on the %s database', (kind) => {
  let [one, other] = [] as unknown as [GatewayProcess, GatewayProcess]
  let end: () => Promise<void>
  beforeAll(async () => {
    ;({ one, other, end } = await startTwoGateways(kind))
  })
  afterAll(async () => {
    await end()
    for (const { output } of [one, other]) expect(output.stdout).not.toContain('"kind":"bug"')
  })

  const textOf = (files: readonly BundleFile[], path: string) => files.find((file) => file.path === path)!.text!
  const applied = async (gateway: GatewayProcess, files: readonly BundleFile[]): Promise<ApplyReport> => {
    const { status, body } = await ask(gateway, 'POST', '/bundle?commit=true', { files, trust: true })
    expect([status, body.errors]).toEqual([200, undefined])
    return body
  }
  const done = async (method: string, path: string, body: unknown) => {
    const answer = await ask(one, method, path, body)
    expect([answer.status < 300, answer.body.errors]).toEqual([true, undefined])
    return answer.body
  }

  test('S44 an issuer’s rule whose tools are gone gives no tool, and not all of them', async () => {
    await done(
      'POST',
      '/imports?commit=true&upstream=orders&server=orders',
      document({ '/a': get('a'), '/b': get('b') }),
    )
    const ids = new Map((await listAll(one, '/tools')).map(({ name, id }) => [name, id]))
    const issuer = { name: 'Login', issuer: 'https://login.example.com', servers: ['orders'] }
    const rules = [{ scope: 'b:read', rights: { tools: [ids.get('b')] } }]
    await done('POST', '/issuers', { ...issuer, rules })
    await done('POST', '/imports?commit=true&upstream=orders&server=orders', document({ '/a': get('a') }))
    const files = await exportedFiles(one)
    expect(textOf(files, 'issuers.yaml')).toContain('tools: []\n')

    const there = await applied(other, files)
    expect([there.left, there.notes]).toEqual([[], []])
    const [found] = (await ask(other, 'GET', '/issuers')).body.items
    expect(found.rules).toEqual([{ scope: 'b:read', rights: { tools: [] } }])
    expect(await exportedFiles(other)).toEqual(files)

    // Where it came from the tool may come back, and is in the rule then.
    expect((await applied(one, files)).changes).toEqual([])
    expect((await ask(one, 'GET', '/issuers')).body.items[0].rules).toEqual(rules)
  })

  test('S42 a credential is bound and placed as where it is set, or refused at its place', async () => {
    const schemes = { key: { type: 'apiKey', in: 'header', name: 'X-Key' }, odd: { type: 'http', scheme: 'digest' } }
    const bundle = (credentials: string): BundleFile[] => [
      { path: 'sluice.yaml', text: 'sluice: 1\nof: workspace\n' },
      { path: 'secrets.yaml', text: 'secrets:\n  part:\n    origins: ["https://Keys.Example.com:443"]\n' },
      {
        path: 'upstreams/keys/document.json',
        text: document({ '/a': get('a') }, { components: { securitySchemes: schemes } }).text,
      },
      {
        path: 'upstreams/keys/upstream.yaml',
        text: `name: Keys\nbaseUrl: https://keys.example.com\ndocument:\n  file: document.json\ncredentials: ${credentials}\n`,
      },
    ]
    const at = 'upstreams/keys/upstream.yaml#/credentials'
    for (const [credentials, pointer, why] of [
      ['{ odd: { origins: ["https://a.test"] } }', `${at}/odd/value`, /Sluice cannot present it|HTTP digest/],
      ['{ key: { origins: ["https://a.test:99999"] } }', `${at}/key/origins/0`, /is no origin/],
      [
        '{ own: { origins: ["https://a.test"], placement: { type: apiKey, in: header, name: Host } } }',
        `${at}/own/placement/name`,
        /set themselves/,
      ],
      ['{ key: { origins: ["https://keys.example.com"], secrets: [part] } }', `${at}/key/secrets`, /custom headers/],
      [
        `{ login: { origins: ["https://a.test"], placement: { type: http, scheme: basic }, grant: ${GRANT} } }`,
        `${at}/login/placement`,
        /as a bearer token/,
      ],
      [
        `{ login: { origins: ["https://a.test"], placement: { type: http, scheme: bearer }, grant: ${GRANT.replace('//', '//user:pass@')} } }`,
        `${at}/login/grant/tokenUrl`,
        /no URL that tokens can come from/,
      ],
    ] as const) {
      const refused = await ask(other, 'POST', '/bundle', { files: bundle(credentials), trust: true })
      expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer }] } })
      expect(refused.body.detail).toMatch(why)
    }
    const { left } = await applied(
      other,
      bundle(`{ key: { origins: ["https://Keys.Example.com:443", "https://keys.example.com"] } }`),
    )
    expect(left.filter(({ path, change }) => /keys|secrets/.test(path) && change !== 'removed')).toEqual([])
    const origins = ['https://keys.example.com']
    expect((await ask(other, 'GET', '/secrets')).body.items[0]).toMatchObject({ name: 'part', origins })
    expect((await ask(other, 'GET', '/upstreams/keys/credentials/key')).body).toMatchObject({ origins })
  })

  test('a credential whose scheme the document has no more is left out, and told', async () => {
    const key = { components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } } }
    await done('POST', '/imports?commit=true&upstream=stale&server=stale', document({ '/s': get('s') }, key))
    await done('PUT', '/upstreams/stale/credentials/key', { value: 'the-key' })
    await done('POST', '/imports?commit=true&upstream=stale&server=stale', document({ '/s': get('s') }))
    const { notes } = await applied(other, await exportedFiles(one))
    expect(notes).toContainEqual(expect.stringMatching(/"key" of "stale" was left out, since the document has no such/))
  })

  test('where a document lies now is told and kept, though the document is the same', async () => {
    await done('POST', '/imports?commit=true&upstream=moved&server=moved', document({ '/m': get('m') }))
    const files = await exportedFiles(one)
    const path = 'upstreams/moved/upstream.yaml'
    const url = 'https://orders.example.com/new/openapi.json'
    const text = textOf(files, path).replace('file: document.json\n', `file: document.json\n  url: ${url}\n`)
    const moved = files.map((file) => (file.path === path ? { path, text } : file))
    const { changes } = await applied(one, moved)
    expect(changes).toEqual([{ change: 'added', path, pointer: '/document/url', after: url }])
    expect(await exportedFiles(one)).toEqual(moved)
    expect((await applied(one, moved)).changes).toEqual([])
    // And back: nowhere that anybody knows.
    expect((await applied(one, files)).changes).toEqual([
      { change: 'removed', path, pointer: '/document/url', before: url },
    ])
  })

  test('a manual tool that changes, or is renamed, is the same tool: on its server, in the rights of a key, with its edits', async () => {
    await done('POST', '/upstreams', { name: 'Notes', slug: 'notes', baseUrl: 'https://notes.example.com' })
    const manual = { upstream: 'notes', method: 'POST', path: '/notes', sampleBody: { text: 'Gift' } }
    const { id } = await done('POST', '/tools', { name: 'add_note', description: 'Adds.', manual })
    await done('PATCH', `/tools/${id}`, { arguments: { text: { description: 'Its words.' } } })
    await done('POST', '/servers', { name: 'Notes', slug: 'notes' })
    await done('POST', '/servers/notes/tools', { tools: [{ id, pinned: true }] })
    await done('POST', '/access-keys', { name: 'writer', servers: ['notes'], tools: [id] })
    const files = await exportedFiles(one)
    const path = 'upstreams/notes/tools.yaml'
    const edited = (change: (text: string) => string) =>
      files.map((file) => (file.path === path ? { path, text: change(textOf(files, path)) } : file))

    const there = edited((text) => text.replace('path: /notes', 'path: /v2/notes'))
    expect((await applied(one, there)).changes).toEqual([
      { change: 'changed', path, pointer: '/tools/add_note/manual/path', before: '/notes', after: '/v2/notes' },
    ])
    expect((await ask(one, 'GET', `/tools/${id}`)).body).toMatchObject({
      path: '/v2/notes',
      enabled: true,
      servers: ['notes'],
      arguments: { text: { description: 'Its words.' } },
    })
    expect(await listAll(one, '/upstreams/notes/operations')).toHaveLength(1)
    expect(await exportedFiles(one)).toEqual(there)

    // What no longer fits is refused, as where it is edited.
    const unfit = edited((text) => text.replace('text: Gift', 'words: Gift'))
    const refused = await ask(one, 'POST', '/bundle?commit=true', { files: unfit, trust: true })
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer: expect.stringContaining(path) }] } })

    const renamed = there.map((file) => ({
      ...file,
      ...(/notes/.test(file.path) && file.text ? { text: file.text.replace('add_note:', 'write_note:') } : {}),
    }))
    const named = renamed.map((file) =>
      file.path === path ? { path, text: file.text!.replace('manual:\n', 'manual:\n      name: add_note\n') } : file,
    )
    await applied(one, named)
    expect((await ask(one, 'GET', `/tools/${id}`)).body).toMatchObject({ name: 'write_note', servers: ['notes'] })
  })
})

const GRANT =
  '{ grant: client_credentials, tokenUrl: "https://login.test/token", clientId: a, clientAuth: basic, scopes: [], parameters: {} }'
