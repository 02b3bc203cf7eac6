import {
  ListPromptsResultSchema,
  ListResourcesResultSchema,
  ReadResourceResultSchema,
} from '@modelcontextprotocol/core'
import type { CatalogPrompt, ListedResource } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import type { ReadOutcome } from '../mcp-session.ts'
import { type Asked, hosted, legacy, modern, type Setting } from '../testing/hosted.ts'

const resources: ListedResource[] = [
  { name: 'book', uri: 'shop://books/{id}', description: 'One book.', mimeType: 'application/json' },
  { name: 'policy', uri: 'shop://policy', title: 'Policy' },
]
const prompts: CatalogPrompt[] = [
  {
    name: 'answer',
    title: null,
    description: 'Answers a customer.',
    arguments: [{ name: 'order', required: true, values: ['Alpha', 'alpine', 'beta'] }, { name: 'tone' }],
    messages: [
      { role: 'user', text: 'About {{order}}, {{ tone }}.' },
      { role: 'user', image: { data: 'AA==', mimeType: 'image/png' } },
      {
        role: 'assistant',
        resource: { uri: 'shop://orders/{{order}}', mimeType: 'text/plain', text: 'Order {{order}}' },
      },
    ],
  },
]
const ERAS = { '2026-07-28': modern, '2025-11-25': legacy }
const SETTING: Setting = { resources, prompts }

// biome-ignore lint/suspicious/noExplicitAny: an answer is JSON of any form
type Json = Record<string, any>

async function resultOf(asked: Asked, setting: Setting = SETTING) {
  const host = hosted(setting)
  const { message } = await host.ask(asked)
  await host.close()
  return { ...(message as { result?: Json; error?: Json }), bugs: host.bugs }
}

describe.each(Object.entries(ERAS))('B175 resources and prompts, %s', (revision, ask) => {
  const isModern = revision === '2026-07-28'

  test('a feature is named where there is something of it', async () => {
    const first = isModern ? modern('server/discover') : legacy('initialize', INIT)
    const list = isModern ? { listChanged: true } : {}
    const said = { tools: list, resources: list, prompts: list, completions: {} }
    for (const engine of ['fast', 'sdk'] as const) {
      expect((await resultOf(first, { ...SETTING, engine })).result!.capabilities).toEqual(said)
      expect((await resultOf(first, { engine })).result!.capabilities).toEqual({ tools: list })
      const { capabilities } = (await resultOf(first, { resources, engine })).result!
      expect(Object.keys(capabilities)).toEqual(['tools', 'resources'])
    }
    expect((await resultOf(ask('resources/list'), {})).error).toMatchObject({ code: -32601 })
  })

  test('resources and templates are listed apart', async () => {
    const { result } = await resultOf(ask('resources/list'))
    expect(result).toMatchObject({ resources: [{ uri: 'shop://policy', name: 'policy', title: 'Policy' }] })
    expect(ListResourcesResultSchema.safeParse(result)).toMatchObject({ success: true })
    const templates = (await resultOf(ask('resources/templates/list'))).result!
    expect(templates.resourceTemplates).toEqual([
      { uriTemplate: 'shop://books/{id}', name: 'book', description: 'One book.', mimeType: 'application/json' },
    ])
    for (const one of [result!, templates])
      expect([one.ttlMs, one.cacheScope]).toEqual(isModern ? [0, 'private'] : [undefined, undefined])
  })

  test('lists are read page by page, names that are alike by their URIs', async () => {
    const many = Array.from({ length: 2_001 }, (_, n) => ({
      name: 'same',
      uri: `shop://${String(n).padStart(5, '0')}`,
    }))
    const seen: string[] = []
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const { result } = await resultOf(ask('resources/list', cursor ? { cursor } : {}), { resources: many })
      seen.push(...result!.resources.map(({ uri }: ListedResource) => uri))
      cursor = result!.nextCursor
    }
    expect(seen).toEqual(many.map(({ uri }) => uri))
    expect((await resultOf(ask('resources/list', { cursor: 'x' }))).error).toMatchObject({ code: -32602 })
  })

  const read = (outcome: ReadOutcome | undefined | Error, uri = 'shop://policy') =>
    resultOf(ask('resources/read', { uri }), {
      ...SETTING,
      read: async () => {
        if (outcome instanceof Error) throw outcome
        return outcome
      },
    })

  test('what is read comes with its media type', async () => {
    const contents = { uri: 'shop://policy', mimeType: 'text/markdown', text: '# Returns' }
    const { result } = await read({ ok: true, contents: [contents] })
    expect(result!.contents).toEqual([contents])
    expect(ReadResourceResultSchema.safeParse(result)).toMatchObject({ success: true })
    expect([result!.ttlMs, result!.cacheScope]).toEqual(isModern ? [0, 'private'] : [undefined, undefined])
  })

  test('B175 a read that fails is an error with its reason, never an empty result', async () => {
    const failed = await read({ ok: false, kind: 'upstream', message: 'The API answered 500.' })
    expect(failed).toMatchObject({ error: { code: -32603, message: 'The API answered 500.' } })
    expect(failed).not.toHaveProperty('result')
    expect((await read({ ok: false, kind: 'arguments', message: 'id is no number' })).error).toMatchObject({
      code: -32602,
      message: 'id is no number',
    })
    const bug = await read(new Error('secret'))
    expect(bug.error).toMatchObject({ code: -32603, message: expect.not.stringContaining('secret') })
    expect(bug.bugs).toHaveLength(1)
  })

  test('B175 a URI that is not there is told with the code of the revision', async () => {
    const { error } = await read(undefined, 'shop://nothing')
    expect(error).toMatchObject({ code: isModern ? -32602 : -32002, data: { uri: 'shop://nothing' } })
  })

  test('a prompt is listed without its values, and filled with what is given, literally', async () => {
    const { result } = await resultOf(ask('prompts/list'))
    expect(result!.prompts).toEqual([
      {
        name: 'answer',
        description: 'Answers a customer.',
        arguments: [{ name: 'order', required: true }, { name: 'tone' }],
      },
    ])
    expect(ListPromptsResultSchema.safeParse(result)).toMatchObject({ success: true })
    const given = { name: 'answer', arguments: { order: '{{tone}} $& $1', tone: 'kindly' } }
    expect((await resultOf(ask('prompts/get', given))).result).toMatchObject({
      description: 'Answers a customer.',
      messages: [
        { role: 'user', content: { type: 'text', text: 'About {{tone}} $& $1, kindly.' } },
        { role: 'user', content: { type: 'image', data: 'AA==', mimeType: 'image/png' } },
        { role: 'assistant', content: { type: 'resource', resource: { text: 'Order {{tone}} $& $1' } } },
      ],
    })
  })

  test('an argument that is not given leaves nothing; one that must be is named', async () => {
    const { result } = await resultOf(ask('prompts/get', { name: 'answer', arguments: { order: '7' } }))
    expect(result!.messages[0].content.text).toBe('About 7, .')
    const { error } = await resultOf(ask('prompts/get', { name: 'answer', arguments: { tone: 'x' } }))
    expect(error).toMatchObject({ code: -32602, message: 'The prompt "answer" needs "order".' })
    expect((await resultOf(ask('prompts/get', { name: 'nothing' }))).error).toMatchObject({ code: -32602 })
  })

  test('completion goes on as it was typed, whatever the case, and says how many there are', async () => {
    const complete = (ref: object, name: string, value: string, setting: Setting = SETTING) =>
      resultOf(ask('completion/complete', { ref, argument: { name, value } }), setting)
    const prompt = { type: 'ref/prompt', name: 'answer' }
    const template = { type: 'ref/resource', uri: 'shop://books/{id}' }
    const completed = async (...args: Parameters<typeof complete>) => (await complete(...args)).result!.completion
    expect(await completed(prompt, 'order', 'AL')).toEqual({ values: ['Alpha', 'alpine'], total: 2, hasMore: false })
    for (const name of ['tone', 'nothing'])
      expect(await completed(prompt, name, '')).toEqual({ values: [], total: 0, hasMore: false })
    const values = () => Array.from({ length: 150 }, (_, n) => `v${n}`)
    const many = await completed(template, 'id', 'v', { ...SETTING, values })
    expect([many.values.length, many.total, many.hasMore]).toEqual([100, 150, true])
    expect((await complete({ ...prompt, name: 'x' }, 'order', '')).error).toMatchObject({ code: -32602 })
    expect((await complete({ ...template, uri: 'shop://x' }, 'id', '')).error).toMatchObject({ code: -32602 })
  })
})

const INIT = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } }
