import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, listAll } from '../support/admin.ts'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { CLIENTS, type Endpoint } from '../support/mcp-clients.ts'
import { type Site, startSite } from '../support/site.ts'

// B175: what an API answers, and what a server says itself, read and chosen by the official clients.

const PNG = Buffer.from('iVBORw0KGgo=', 'base64')
const get = (operationId: string, type: string, parameters: object[] = []) => ({
  get: {
    operationId,
    summary: operationId,
    parameters,
    responses: { 200: { description: 'ok', content: { [type]: {} } } },
  },
})
const kind = { name: 'kind', in: 'path', required: true, schema: { type: 'string', enum: ['novel', 'Notes', 'play'] } }
const id = { name: 'book-id', in: 'path', required: true, schema: { type: 'integer' } }
const DAY = { name: 'day', in: 'query', required: true, schema: { type: 'string' } }

describe.each(DATABASES)('resources and prompts, on the %s database', (database) => {
  let api: Site
  let home: GatewayHome
  let gateway: GatewayProcess
  let endpoint: Endpoint
  const tools = new Map<string, string>()

  beforeAll(async () => {
    api = await startSite(({ url }) => {
      const json = { 'content-type': 'application/json; charset=utf-8' }
      if (url === '/policy') return { headers: { 'content-type': 'text/markdown' }, body: '# Returns' }
      if (url === '/cover') return { headers: { 'content-type': 'image/png' }, body: PNG }
      if (url === '/broken') return { status: 500, headers: json, body: '{"error":"out of paper"}' }
      return { headers: json, body: JSON.stringify({ url }) }
    })
    home = await newHome(database)
    gateway = await startGateway(home, { SAME_CALLS_PER_MINUTE: '20' })
    const text = JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'Books', version: '1' },
      servers: [{ url: api.url }],
      paths: {
        '/policy': get('get_policy', 'text/markdown'),
        '/cover': get('get_cover', 'image/png'),
        '/broken': get('get_broken', 'application/json'),
        '/books/{book-id}': get('get_book', 'application/json', [id]),
        '/kinds/{kind}': get('get_kind', 'application/json', [kind]),
        '/days': { ...get('get_day', '*/*', [DAY]), post: { operationId: 'add_day', responses: {} } },
      },
    })
    const { body } = await ask(gateway, 'POST', '/imports?commit=true', {
      text,
      allow: [new URL(api.url).host],
      enable: 'all',
    })
    endpoint = { url: body.url, accessKey: body.accessKey }
    for (const tool of await listAll(gateway, '/tools')) tools.set(tool.name, tool.id)
    for (const name of ['get_policy', 'get_cover', 'get_broken', 'get_book', 'get_kind'])
      expect((await edit(name, { resource: {} })).status).toBe(200)
    await set('resources/hours', { uri: 'shop://hours', title: 'Hours', text: 'Nine to five.' })
    await set('resources/logo', { uri: 'shop://logo', mimeType: 'image/png', blob: PNG.toString('base64') })
    await set('prompts/answer', {
      description: 'Answers a customer.',
      arguments: [
        { name: 'order', required: true },
        { name: 'tone', values: ['formal', 'friendly'] },
      ],
      messages: [{ role: 'user', text: 'Where is {{order}}? Be {{tone}}.' }],
    })
  })
  afterAll(async () => {
    await gateway.end('SIGTERM')
    await home.remove()
    await api.close()
  })

  const edit = (name: string, change: object) => ask(gateway, 'PATCH', `/tools/${tools.get(name)}`, change)
  const set = (path: string, body: object) => ask(gateway, 'PUT', `/servers/books/${path}`, body)
  const codeOf = (failing: Promise<unknown>) =>
    failing.then(
      () => undefined,
      ({ code, message }: { code: number; message: string }) => [code, message],
    )

  test.each(Object.keys(CLIENTS))('B175 %s lists and reads them', async (which) => {
    const { official, close } = await CLIENTS[which]!(endpoint)
    expect(official.getServerCapabilities()).toMatchObject({ resources: {}, prompts: {}, completions: {} })
    const { resources } = await official.listResources()
    expect(resources.map(({ name, uri, mimeType }) => [name, uri, mimeType])).toEqual([
      ['get_broken', 'sluice://books/broken', 'application/json'],
      ['get_cover', 'sluice://books/cover', 'image/png'],
      ['get_policy', 'sluice://books/policy', 'text/markdown'],
      ['hours', 'shop://hours', 'text/plain'],
      ['logo', 'shop://logo', 'image/png'],
    ])
    expect((await official.listResourceTemplates()).resourceTemplates).toMatchObject([
      { name: 'get_book', uriTemplate: 'sluice://books/books/{book_id}', mimeType: 'application/json' },
      { name: 'get_kind', uriTemplate: 'sluice://books/kinds/{kind}' },
    ])
    const read = async (uri: string) => (await official.readResource({ uri })).contents
    const blob = PNG.toString('base64')
    expect(await read('sluice://books/policy')).toEqual([
      { uri: 'sluice://books/policy', mimeType: 'text/markdown', text: '# Returns' },
    ])
    expect(await read('sluice://books/cover')).toEqual([{ uri: 'sluice://books/cover', mimeType: 'image/png', blob }])
    expect(await read('shop://logo')).toEqual([{ uri: 'shop://logo', mimeType: 'image/png', blob }])
    expect(await read('shop://hours')).toMatchObject([{ mimeType: 'text/plain', text: 'Nine to five.' }])
    expect(await read('sluice://books/books/7')).toMatchObject([
      { mimeType: 'application/json', text: '{"url":"/books/7"}' },
    ])
    expect(await read('sluice://books/kinds/a%2F..%2Fplay').catch(({ code }) => code)).toBe(-32602)

    expect(await codeOf(read('sluice://books/broken'))).toEqual([-32603, expect.stringContaining('out of paper')])
    expect(await codeOf(read('sluice://books/books/seven'))).toEqual([-32602, expect.stringContaining('book-id')])
    expect((await codeOf(read('sluice://books/nothing')))![0]).toBe(
      // The later client takes the one code for the other.
      which.includes('v1') ? -32002 : -32602,
    )
    await close()
  })

  test.each(Object.keys(CLIENTS))('%s gets prompts, and what may stand for arguments', async (which) => {
    const { official, close } = await CLIENTS[which]!(endpoint)
    expect((await official.listPrompts()).prompts).toEqual([
      {
        name: 'answer',
        description: 'Answers a customer.',
        arguments: [{ name: 'order', required: true }, { name: 'tone' }],
      },
    ])
    const said = async (args: Record<string, string>) =>
      (await official.getPrompt({ name: 'answer', arguments: args })).messages
    const text = 'Where is {{tone}}? Be friendly.'
    expect(await said({ order: '{{tone}}', tone: 'friendly' })).toEqual([
      { role: 'user', content: { type: 'text', text } },
    ])
    expect(await codeOf(said({}))).toEqual([-32602, expect.stringContaining('"order"')])
    const complete = async (ref: Parameters<typeof official.complete>[0]['ref'], name: string, value: string) =>
      (await official.complete({ ref, argument: { name, value } })).completion
    const prompt = { type: 'ref/prompt' as const, name: 'answer' }
    const template = { type: 'ref/resource' as const, uri: 'sluice://books/kinds/{kind}' }
    expect(await complete(prompt, 'tone', 'F')).toEqual({ values: ['formal', 'friendly'], total: 2, hasMore: false })
    expect((await complete(prompt, 'order', '')).values).toEqual([])
    expect((await complete(template, 'kind', 'no')).values).toEqual(['novel', 'Notes'])
    expect((await complete({ ...template, uri: 'sluice://books/books/{book_id}' }, 'book_id', '')).values).toEqual([])
    await close()
  })

  test('a read is a call: it is counted, filtered, and stopped where it goes round in circles', async () => {
    const { official, close } = await CLIENTS['the v2 client, 2026-07-28']!(endpoint)
    const uri = 'sluice://books/books/8'
    await edit('get_book', { responseFilter: '{at: url}' })
    expect((await official.readResource({ uri })).contents).toMatchObject([{ text: '{"at":"/books/8"}' }])
    await edit('get_book', { responseFilter: null })
    const last = async () => (await ask(gateway, 'GET', '/calls?server=books&limit=1')).body.items[0]
    await expect.poll(last).toMatchObject({ tool: 'get_book', outcome: 'ok' })
    for (let n = 0; n < 19; n++) await official.readResource({ uri })
    expect(await codeOf(official.readResource({ uri }))).toEqual([-32603, expect.stringContaining('within a minute')])
    await close()
  })

  test('S66 what a key may not call it may not read; what the server says itself is everybody’s', async () => {
    const wanted = { name: 'one', servers: ['books'], tools: [tools.get('get_policy')] }
    const { key } = (await ask(gateway, 'POST', '/access-keys', wanted)).body
    const { official, close } = await CLIENTS['the v2 client, 2026-07-28']!({ ...endpoint, accessKey: key })
    const { resources } = await official.listResources()
    expect(resources.map(({ name }) => name)).toEqual(['get_policy', 'hours', 'logo'])
    expect((await official.listResourceTemplates()).resourceTemplates).toEqual([])
    for (const uri of ['sluice://books/cover', 'sluice://books/books/1'])
      expect(await codeOf(official.readResource({ uri }))).toEqual([-32602, expect.stringContaining('no resource')])
    const ref = { type: 'ref/resource' as const, uri: 'sluice://books/kinds/{kind}' }
    expect((await codeOf(official.complete({ ref, argument: { name: 'kind', value: '' } })))![0]).toBe(-32602)
    expect((await official.listPrompts()).prompts).toHaveLength(1)
    await close()
  })

  test('a curator names another URI, and is told what cannot be read', async () => {
    expect((await edit('get_kind', { resource: { uri: 'books://{kind}' } })).body.resource).toEqual({
      uri: 'books://{kind}',
    })
    for (const [name, resource, detail] of [
      ['get_day', {}, '"day" is required'],
      ['add_day', {}, 'Only a GET'],
      ['get_kind', { uri: 'https://x.test/{kind}' }, 'https'],
    ] as const) {
      const { status, body } = await edit(name, { resource })
      expect([status, body.detail]).toEqual([400, expect.stringContaining(detail)])
    }
    expect((await edit('get_day', { resource: { uri: 'books://days/{day}' } })).status).toBe(200)
    const hidden = (await edit('get_kind', { arguments: { kind: { value: 'play' } } })).body
    expect(hidden.notes).toEqual([expect.stringMatching(/no resource any more.*"kind"/)])
    const { official, close } = await CLIENTS['the v2 client, 2026-07-28']!(endpoint)
    const { resourceTemplates } = await official.listResourceTemplates()
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'sluice://books/books/{book_id}',
      'books://days/{day}',
    ])
    expect(resourceTemplates[1]).not.toHaveProperty('mimeType')
    await edit('get_kind', { arguments: {}, resource: null })
    await close()
  })

  test('a resource of the server stands before a tool’s of the same URI', async () => {
    await set('resources/policy', { uri: 'sluice://books/policy', text: 'Ours.' })
    const { official, close } = await CLIENTS['the v2 client, 2026-07-28']!(endpoint)
    expect((await official.readResource({ uri: 'sluice://books/policy' })).contents).toMatchObject([{ text: 'Ours.' }])
    const { resources } = await official.listResources()
    expect(resources.filter(({ uri }) => uri === 'sluice://books/policy').map(({ name }) => name)).toEqual(['policy'])
    await ask(gateway, 'DELETE', '/servers/books/resources/policy')
    await close()
  })

  test('what cannot be stored is refused with its place', async () => {
    const prompt = (text: string) => ({ arguments: [{ name: 'order' }], messages: [{ role: 'user', text }] })
    expect((await set('prompts/odd', prompt('All of\nit: {{ordr}}'))).body.errors).toEqual([
      {
        pointer: '/messages/0/text',
        detail: '{{ordr}} at line 2, column 5 is no argument of the prompt.',
        fix: 'Did you mean {{order}}?',
      },
    ])
    const image = { messages: [{ role: 'user', image: { data: '?', mimeType: 'image/png' } }] }
    const twice = { ...prompt('x'), arguments: [{ name: 'a' }, { name: 'a' }] }
    for (const [path, body, pointer] of [
      ['prompts/odd', image, '/messages/0/image/data'],
      ['prompts/odd', twice, '/arguments/1/name'],
      ['resources/odd', { uri: 'file:///etc/passwd', text: 'x' }, '/uri'],
      ['resources/odd', { uri: 'shop://{x}', text: 'x' }, '/uri'],
      ['resources/odd', { uri: 'shop://x', text: 'x', blob: '' }, '/text'],
      ['resources/odd', { uri: 'shop://x', blob: 'x' }, '/blob'],
    ] as const)
      expect([path, (await set(path, body)).body.errors[0].pointer]).toEqual([path, pointer])
    const large = { uri: 'shop://large', text: 'x'.repeat(1024 * 1024) }
    expect((await set('resources/large', large)).status).toBe(200)
    expect((await set('resources/large', { ...large, text: `${large.text}x` })).body.code).toBe('too-large')
    await ask(gateway, 'DELETE', '/servers/books/resources/large')
  })

  test('each change of a prompt is a version, and any of them can be the current one', async () => {
    const prompt = (text: string) => ({ messages: [{ role: 'user', text }] })
    const first = await set('prompts/greet', prompt('Hello.'))
    expect(first.body).toMatchObject({ version: 1, versions: 1 })
    expect((await set('prompts/greet', prompt('Hello.'))).body).toEqual(first.body)
    expect((await set('prompts/greet', prompt('Good day.'))).body).toMatchObject({ version: 2, versions: 2 })
    const said = async () => {
      const { official, close } = await CLIENTS['the v2 client, 2026-07-28']!(endpoint)
      const { messages } = await official.getPrompt({ name: 'greet' })
      await close()
      return (messages[0]!.content as { text: string }).text
    }
    expect(await said()).toBe('Good day.')
    expect((await set('prompts/greet/current', { version: 1 })).body).toMatchObject({ version: 1, versions: 2 })
    expect(await said()).toBe('Hello.')
    expect((await set('prompts/greet/current', { version: 9 })).body.errors[0].pointer).toBe('/version')
    const versions = await listAll(gateway, '/servers/books/prompts/greet/versions')
    expect(versions.map(({ version, isCurrent }) => [version, isCurrent])).toEqual([
      [2, false],
      [1, true],
    ])
    const second = await ask(gateway, 'GET', '/servers/books/prompts/greet/versions/2')
    expect(second.body).toMatchObject({ messages: [{ text: 'Good day.' }] })
    for (let n = 3; n <= 102; n++) await set('prompts/greet', prompt(`Greeting ${n}.`))
    expect((await ask(gateway, 'GET', '/servers/books/prompts/greet')).body).toMatchObject({
      version: 102,
      versions: 100,
    })
    expect((await ask(gateway, 'GET', '/servers/books/prompts/greet/versions/2')).status).toBe(404)
    await ask(gateway, 'DELETE', '/servers/books/prompts/greet')
  })
})
