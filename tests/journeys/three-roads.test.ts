import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CallOutcome, CatalogTool, ServerMode } from '@sluice/contract'
import type { McpSession } from '@sluice/mcp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createServing, type Serving } from '../../apps/gateway/src/serving.ts'
import { readDocument, SHARED, sharedDocuments } from '../corpus/corpus-documents.ts'
import { generateArguments } from '../corpus/judge/generate-arguments.ts'
import { seedOf } from '../corpus/judge/seeded-random.ts'
import { type RecordingSite, startRecordingSite } from '../support/recording-site.ts'
import { catalogOf, sessionOf } from '../support/sessions-of.ts'
import { ROOT } from '../support/spawned.ts'

// The same call by three roads: as a tool of its own, by call_tool, and in code.

const ANSWER = '{"id":12345678901234567890,"price":1.5,"names":["a","é"]}'

const SAMPLES = join(ROOT, 'specs', 'samples')
const samples = [
  join(SAMPLES, 'bookshop.yaml'),
  ...readdirSync(join(SAMPLES, 'odd')).map((file) => join(SAMPLES, 'odd', file)),
]
const OWN = samples
  .filter((file) => !file.endsWith('broken.yaml'))
  .map((file) => ({ id: file.slice(SAMPLES.length + 1), read: () => readFileSync(file, 'utf8') }))

const REAL = [
  'alertmanager',
  'argocd',
  'conjur',
  'docker-engine',
  'figma',
  'museum',
  'notion',
  'petstore-v3',
  'qdrant',
  'spotify',
]
const real = sharedDocuments().filter(({ id }) => REAL.some((name) => id.endsWith(`/${name}`)))
if (real.length === 0) {
  process.stdout.write(
    `The corpus of real documents is not beside this clone (${SHARED}): three roads are gone with samples only.\n`,
  )
}
const documents = [...OWN, ...real.map((document) => ({ id: document.id, read: () => readDocument(document) }))]

let api: RecordingSite
let serving: Serving
beforeAll(async () => {
  api = await startRecordingSite(ANSWER)
  const config = { egressAllow: [], callTimeoutMs: 50_000, sameCallsPerMinute: 0, mcpEngine: 'fast' as const }
  serving = createServing(config, () => {}, {
    openSecret: () => '',
    sessionKey: new Uint8Array(32),
    renewSecret: async () => {},
  })
})
afterAll(async () => {
  await serving.close()
  await api.close()
})

describe('B187 a call sends the same bytes and has the same result by all three roads', () => {
  test.each(documents)(
    '$id',
    async ({ read }) => {
      const text = read()
      const session = async (mode: ServerMode) => sessionOf(await catalogOf(text, `${api.url}/base`, mode), serving)
      const [direct, search, code] = [await session('direct'), await session('search'), await session('code')]
      const calls = callsOf((await catalogOf(text, api.url, 'direct')).tools)
      expect(calls.length).toBeGreaterThan(0)

      const straight = await run(calls, (call) => request(direct, call.name, call.args))
      const found = await run(calls, (call) => request(search, 'call_tool', { name: call.name, arguments: call.args }))
      expect(found).toEqual(straight)

      for (let at = 0; at < calls.length; at += MOST_CALLS) {
        const batch = calls.slice(at, at + MOST_CALLS)
        const outcome = await request(code, 'run_code', { code: codeOf(batch) })
        const wanted = straight.slice(at, at + MOST_CALLS)
        expect(plain(api.taken())).toEqual(wanted.flatMap(({ sent }) => sent))
        expect(textOf(outcome)).toBe(`[${wanted.map(({ value }) => value).join(',')}]`)
      }
    },
    120_000,
  )
})

/** What they answer together is below what is shown in another form. */
const MOST_CALLS = 25

interface MadeCall {
  readonly name: string
  readonly args: Record<string, unknown>
  readonly isHead: boolean
}

/** One call of each operation with all of its arguments; what no arguments were found for is called with none, and refused. */
function callsOf(tools: readonly CatalogTool[]): MadeCall[] {
  return tools.map(({ name, inputSchema, operation }) => ({
    name,
    args: generateArguments(inputSchema, 'full', seedOf(name)).args ?? {},
    isHead: operation.method === 'HEAD',
  }))
}

function request(session: McpSession, name: string, args: unknown): Promise<CallOutcome | undefined> {
  const by = { client: { name: 'test', schema: 'portable' as const }, signal: new AbortController().signal }
  return session.callTool(name, args, by) as Promise<CallOutcome | undefined>
}

/** What each call sent, and what it came to as code would have it. */
async function run(calls: readonly MadeCall[], make: (call: MadeCall) => Promise<CallOutcome | undefined>) {
  const made: Array<{ sent: string[]; outcome: CallOutcome | undefined; value: string }> = []
  for (const call of calls) {
    const outcome = await make(call)
    const value = call.isHead && outcome?.ok ? 'null' : asCodeHasIt(outcome)
    made.push({ sent: plain(api.taken()), outcome, value })
  }
  return made
}

function asCodeHasIt(outcome: CallOutcome | undefined): string {
  if (!outcome) return 'undefined'
  return outcome.ok ? textOf(outcome) : JSON.stringify(outcome.message)
}

function textOf(outcome: CallOutcome | undefined): string {
  if (!outcome?.ok) return outcome ? outcome.message : 'there is no such tool'
  const [first] = outcome.content
  return first?.type === 'text' ? first.text : ''
}

function codeOf(batch: readonly MadeCall[]): string {
  return `const all = []
for (const [name, args] of ${JSON.stringify(batch.map(({ name, args }) => [name, args]))}) {
  try { all.push((await call(name, args)).data) } catch (e) { all.push(e.message) }
}
return all`
}

/** A key that tells a repeat from another call is made anew for each call, and so is the line between the parts of a body. */
function plain(requests: readonly string[]): string[] {
  return requests.map((text) =>
    text
      .replaceAll(/(?<=idempotency-key\n)[^\n]+/gi, 'KEY')
      .replaceAll(/(?:--+)?[\w-]*boundary[\w-]*=?[\w-]*|-{4,}[\w-]+/gi, 'LINE'),
  )
}
