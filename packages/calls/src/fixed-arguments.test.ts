import type { FixedArgument, HttpRequest } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { callOnce, headerOf, type Setting, sealed, textOf } from './testing/call-once.ts'

const ORIGINS = ['https://api.test']
const secret = (plain: string, origins: readonly string[] = ORIGINS): FixedArgument => ({
  secret: sealed(plain),
  origins,
})

describe('an argument fixed to a value', () => {
  const edits = { limit: { value: 5 } }
  const fixed = { limit: { value: 5 } }

  test('B182 is sent with every call', async () => {
    expect((await callOnce({ edits, fixed })).sent[0]!.url).toBe('https://api.test/v1/things/7?limit=5')
  })

  test('B182 cannot be set by the caller, and neither can a hidden one', async () => {
    const { outcome, sent } = await callOnce({ edits, fixed, args: { id: 7, limit: 9 } })
    expect(outcome).toMatchObject({
      ok: false,
      kind: 'arguments',
      message: 'Not an argument: limit. Nothing was sent.',
    })
    expect(sent).toEqual([])
    const hidden = await callOnce({ edits: { limit: { hidden: true } }, args: { id: 7, limit: 9 } })
    expect(hidden.outcome).toMatchObject({ kind: 'arguments' })
  })

  test('B182 wins even where the schema lets the caller set it', async () => {
    expect((await callOnce({ fixed, args: { id: 7, limit: 9 } })).sent[0]!.url).toBe(
      'https://api.test/v1/things/7?limit=5',
    )
  })

  test('that the document no longer has is left out', async () => {
    const { sent } = await callOnce({ fixed: { gone: { value: 1 }, lost: secret('long-secret') } })
    expect(sent[0]!.url).toBe('https://api.test/v1/things/7')
  })

  test('is as the curator gave it: not healed', async () => {
    const body = { content: { 'application/json': { schema: { properties: { size: { type: 'integer' } } } } } }
    const { sent } = await callOnce({
      method: 'post',
      operation: { requestBody: body },
      edits: { size: { value: '5' } },
      fixed: { size: { value: '5' } },
    })
    expect(sent[0]!.body).toBe('{"size":"5"}')
  })
})

/** One argument `s` at every place it can have. */
const PLACES: Array<[string, Setting]> = [
  ['the path', { path: '/a/{s}/b', operation: { parameters: [{ name: 's', in: 'path', schema: {} }] } }],
  ['a label in the path', { path: '/a{s}', operation: { parameters: [{ name: 's', in: 'path', style: 'label' }] } }],
  ['the query', { path: '/a', operation: { parameters: [{ name: 's', in: 'query' }] } }],
  [
    'the query, reserved characters allowed',
    { path: '/a', operation: { parameters: [{ name: 's', in: 'query', allowReserved: true }] } },
  ],
  [
    'the query as JSON',
    { path: '/a', operation: { parameters: [{ name: 's', in: 'query', content: { 'application/json': {} } }] } },
  ],
  [
    'the whole query',
    { path: '/a', operation: { parameters: [{ name: 's', in: 'querystring', content: { 'text/plain': {} } }] } },
  ],
  ['a header', { path: '/a', operation: { parameters: [{ name: 's', in: 'header' }] } }],
  ['a cookie', { path: '/a', operation: { parameters: [{ name: 's', in: 'cookie' }] } }],
  ['a cookie as it is', { path: '/a', operation: { parameters: [{ name: 's', in: 'cookie', style: 'cookie' }] } }],
  ...['application/json', 'application/vnd.api+json', 'application/x-www-form-urlencoded', 'multipart/form-data'].map(
    (type): [string, Setting] => [`a property of ${type}`, posting(type, { properties: { s: {}, t: {} } })],
  ),
  ['a section of XML', posting('application/xml', { properties: { s: { xml: { nodeType: 'cdata' } } } })],
  ['the whole text in latin-1', posting('text/plain; charset=iso-8859-1', { type: 'string' })],
  ['JSON in latin-1', posting('application/json; charset=iso-8859-1', { properties: { s: {}, t: {} } })],
  ...['application/json', 'text/plain', 'application/xml'].map((type): [string, Setting] => [
    `the whole ${type}`,
    posting(type, { type: 'string' }),
  ]),
  [
    'a form, reserved characters allowed',
    posting('application/x-www-form-urlencoded', { properties: { s: {} } }, { s: { allowReserved: true } }),
  ],
]

function posting(type: string, schema: object, encoding: object = {}): Setting {
  const requestBody = { required: true, content: { [type]: { schema, encoding } } }
  return { path: '/a', method: 'post', operation: { parameters: [], requestBody } }
}

/** The request, without the boundary: a hash of contents that are not the same while the secret is away. */
function comparable(request: HttpRequest | undefined): string {
  const { body, ...rest } = request!
  return JSON.stringify([rest, body && Buffer.from(body as string).toString('latin1')]).replaceAll(
    /sluice-[0-9a-f]{40}/g,
    'boundary',
  )
}

const TEXTS = ['plain', 'a/b?c=d&e#f;g,h', 'wow!(*)\'"\\', '$& $1 $`', 'a b+c%20d', 'grüße', '{"x":1}']

describe('an argument fixed to a secret', () => {
  test.each(PLACES)('B182 in %s is written as the same text from a caller would be', async (_place, setting) => {
    for (const text of TEXTS) {
      const name = 'body' in argumentsOf(setting) ? 'body' : 's'
      const given = await callOnce({ ...setting, args: { [name]: text } })
      const fixed = await callOnce({ ...setting, args: {}, edits: fix(name), fixed: { [name]: secret(text) } })
      if (!given.outcome.ok) {
        // What cannot stand there is refused either way.
        expect([text, fixed.outcome.ok, fixed.sent]).toEqual([text, false, []])
        continue
      }
      expect([text, comparable(fixed.sent[0])]).toEqual([text, comparable(given.sent[0])])
    }
  })

  const fix = (name: string) => ({ [name]: { secret: 'sec_1' } })
  const argumentsOf = ({ operation }: Setting) => {
    const body = (operation as { requestBody?: { content: Record<string, { schema: object }> } }).requestBody
    const schema = body && Object.values(body.content)[0]!.schema
    return schema && !('properties' in schema) ? { body: '' } : { s: '' }
  }

  const inPath = (text: string): Setting => ({
    ...PLACES[0]![1],
    args: {},
    edits: fix('s'),
    fixed: { s: secret(text) },
  })

  test.each([['.'], ['..'], ['a\u0000b']])('S12 %j cannot change the path', async (text) => {
    const { outcome, sent } = await callOnce(inPath(text))
    expect(outcome).toMatchObject({ ok: false, kind: 'arguments', message: expect.stringContaining('s is fixed to') })
    expect(sent).toEqual([])
  })

  test('a secret that is only named stops the call, and says who has yet to set it', async () => {
    const { outcome, sent } = await callOnce(inPath(''))
    expect(outcome).toMatchObject({
      ok: false,
      kind: 'needs-authorization',
      message: 's is fixed to a secret, which the operator has yet to set. Nothing was sent.',
    })
    expect(sent).toEqual([])
  })

  test('S12 two secrets cannot make dots together, nor one at the end of the path', async () => {
    const parameters = ['s', 't'].map((name) => ({ name, in: 'path', schema: {} }))
    const setting = { args: {}, edits: { ...fix('s'), ...fix('t') }, fixed: { s: secret('.'), t: secret('.') } }
    expect((await callOnce({ path: '/a/{s}{t}', operation: { parameters }, ...setting })).sent).toEqual([])
    const alone = { ...setting, edits: fix('s'), fixed: { s: secret('.') } }
    expect((await callOnce({ path: '/a/{s}', operation: { parameters: [] }, ...alone })).sent).toEqual([])
  })

  test.each([['a\r\nX-Evil: 1'], ['a\u0000b'], ['日本']])('a header cannot hold %j', async (text) => {
    const setting = PLACES.find(([place]) => place === 'a header')![1]
    const { outcome, sent } = await callOnce({ ...setting, args: {}, edits: fix('s'), fixed: { s: secret(text) } })
    expect(outcome).toMatchObject({ ok: false, kind: 'arguments' })
    expect(textOf(outcome)).not.toContain(text)
    expect(sent).toEqual([])
  })

  test('a file that it would be decoded from is refused', async () => {
    const setting = posting('application/octet-stream', { type: 'string', format: 'binary' })
    const fixed = { body: secret('c2VjcmV0') }
    const { outcome, sent } = await callOnce({ ...setting, args: {}, edits: fix('body'), fixed })
    expect(outcome).toMatchObject({
      ok: false,
      message: expect.stringContaining('body is fixed to cannot be put there'),
    })
    expect(sent).toEqual([])
  })

  test('S42 goes only to origins it is bound to, and it is said which', async () => {
    const { outcome, sent } = await callOnce({
      edits: fix('limit'),
      fixed: { limit: secret('tenant-4242', ['https://other.test']) },
    })
    expect(outcome).toMatchObject({ ok: false, kind: 'needs-authorization' })
    expect(textOf(outcome)).toMatch(/^limit is fixed .* bound to https:\/\/other\.test, not to https:\/\/api\.test\./)
    expect(sent).toEqual([])
  })

  test('S34 an echo is masked, also as it stood in the URL', async () => {
    const { outcome } = await callOnce({
      ...inPath("it's/a secret!"),
      answer: { body: JSON.stringify({ raw: "it's/a secret!", url: '/a/it%27s%2Fa%20secret%21/b' }) },
    })
    expect(textOf(outcome)).toBe('{"raw":"[masked]","url":"/a/[masked]/b"}')
  })

  test.each(PLACES)('S39 in %s no trace shows it, nor the placeholder', async (_place, setting) => {
    const name = 'body' in argumentsOf(setting) ? 'body' : 's'
    const told: unknown[] = []
    const trace = (_stage: string, value: unknown) => told.push(value)
    const { sent } = await callOnce({
      ...setting,
      args: {},
      edits: fix(name),
      fixed: { [name]: secret('tenant-4242') },
      trace,
    })
    expect(comparable(sent[0])).toContain('tenant-4242')
    const [args, request] = told as [unknown, HttpRequest]
    expect(args).toEqual({ [name]: '•••' })
    const shown = JSON.stringify(request) + Buffer.from((request.body as string) ?? '').toString()
    expect(shown).toContain('•••')
    expect(shown + JSON.stringify(told)).not.toMatch(/tenant-4242|sluice-secret-/)
  })

  test('a caller who writes a placeholder learns nothing', async () => {
    const parameters = [
      { name: 's', in: 'query' },
      { name: 'q', in: 'query' },
    ]
    const guess = `sluice-secret-${'0'.repeat(32)}`
    const { sent } = await callOnce({
      path: '/a',
      operation: { parameters },
      args: { q: guess },
      edits: fix('s'),
      fixed: { s: secret('tenant-4242') },
    })
    expect(sent[0]!.url).toBe(`https://api.test/v1/a?s=tenant-4242&q=${guess}`)
    expect(headerOf(sent[0], 'content-type')).toEqual([])
  })
})
