// `npm run bench -- imports`: how long large documents take, and what calls notice of it meanwhile.
import { setTimeout as pause } from 'node:timers/promises'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { corpusDocuments, readDocument } from '../corpus/corpus-documents.ts'
import { ask, importBookshop } from '../support/admin.ts'
import { connectV2, type McpClient } from '../support/mcp-clients.ts'
import { startPostgres } from '../support/postgres.ts'
import { startUnlimitedGateway } from '../support/unlimited-gateway.ts'

const DOCUMENTS: ReadonlyArray<readonly [name: string, id: string]> = [
  ['GitHub, 13 MB JSON', 'octokit/api.github.com'],
  ['Stripe, 4 MB YAML', 'shared/stripe'],
]
const REST_MS = 6_000
/** Between two calls, so that the gateway is far from busy. */
const PAUSE_MS = 5

/** A gateway of its own process, and an agent that calls a tool of the bookshop. */
interface Measured {
  readonly gateway: { readonly url: string; readonly adminKey: string }
  readonly agent: McpClient
  /** Milliseconds that the gateway's event loop was held at most since the last time. */
  readonly heldMs: () => Promise<number>
  readonly close: () => Promise<void>
}

/** On the embedded database and on PostgreSQL; true. Skips what is not installed, and says so. */
export async function benchImports(): Promise<boolean> {
  const there = corpusDocuments()
  const documents = DOCUMENTS.flatMap(([name, id]) => {
    const document = there.find((one) => one.id === id)
    if (!document) console.log(`${name} is not there: npm run corpus installs it, or it lies beside the clone.`)
    // Encoded before: what measures shall not be what is held up.
    return document ? [{ name, body: JSON.stringify({ text: readDocument(document) }) }] : []
  })
  const shop = await startBookshop()
  console.log(row(['', 'database', 'imported', 'p50', 'p99 at rest', 'p99 meanwhile', 'ratio', 'loop held']))
  await measureOn('embedded', {}, documents, shop)
  const postgres = await startPostgres()
  if (postgres) await measureOn('postgres', { DATABASE_URL: postgres.url }, documents, shop)
  else console.log('PostgreSQL is not installed: measured on the embedded database only.')
  postgres?.stop()
  await shop.close()
  return true
}

async function measureOn(
  database: string,
  env: Readonly<Record<string, string>>,
  documents: ReadonlyArray<{ readonly name: string; readonly body: string }>,
  shop: BookshopApi,
): Promise<void> {
  const measured = await start(env, shop)
  await timeCalls(measured.agent, pause(REST_MS))
  for (const { name, body } of documents) {
    const rest = await timeCalls(measured.agent, pause(REST_MS))
    await measured.heldMs()
    const started = performance.now()
    let seconds = Number.NaN
    const importing = importBody(measured, name, body).then(() => {
      seconds = (performance.now() - started) / 1000
    })
    const meanwhile = await timeCalls(measured.agent, importing)
    const p99 = quantile(rest, 0.99)
    const told = [ms(quantile(rest, 0.5)), ms(p99), ms(quantile(meanwhile, 0.99))]
    const ratio = (quantile(meanwhile, 0.99) / p99).toFixed(1)
    console.log(row([name, database, `${seconds.toFixed(1)} s`, ...told, ratio, ms(await measured.heldMs())]))
  }
  await measured.close()
}

async function importBody({ gateway }: Measured, name: string, body: string): Promise<void> {
  const upstream = name.split(',')[0]!.toLowerCase()
  const answer = await ask(gateway, 'POST', `/imports?commit=true&upstream=${upstream}`, body)
  if (answer.status !== 200) throw new Error(`${name} was answered ${answer.status}: ${JSON.stringify(answer.body)}`)
}

async function start(env: Readonly<Record<string, string>>, shop: BookshopApi): Promise<Measured> {
  const gateway = await startUnlimitedGateway(env, ['./tests/bench/loop-delay.mjs'])
  const { child } = gateway
  const report = await importBookshop(gateway, shop)
  const agent = await connectV2({ url: report.url!, accessKey: report.accessKey! }, { pin: '2026-07-28' })
  return {
    gateway,
    agent,
    heldMs: async () => {
      const from = child.output.stderr.length
      process.kill(child.pid, 'SIGUSR2')
      for (;;) {
        const told = /"heldMs":([\d.]+)/.exec(child.output.stderr.slice(from))
        if (told) return Number(told[1])
        await pause(10)
      }
    },
    close: async () => {
      await agent.close()
      await gateway.close()
    },
  }
}

/** Milliseconds of one call after the other, until something is done. */
async function timeCalls(agent: McpClient, until: Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  let isDone = false
  const done = until.finally(() => {
    isDone = true
  })
  while (!isDone) {
    const started = performance.now()
    const { isError, text } = await agent.callTool('search_books', {})
    if (isError) throw new Error(`a call failed: ${text}`)
    times.push(performance.now() - started)
    await pause(PAUSE_MS)
  }
  await done
  return times
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`
}

function row([first, ...rest]: readonly string[]): string {
  return [first!.padEnd(20), ...rest.map((cell) => cell.padStart(14))].join('')
}
