// `npm run bench -- imports`: how long large documents take, and what calls notice of it meanwhile.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { corpusDocuments, readDocument } from '../corpus/corpus-documents.ts'
import { importBookshop } from '../support/admin.ts'
import { connectV2, type McpClient } from '../support/mcp-clients.ts'
import { startPostgres } from '../support/postgres.ts'
import { startUnlimitedGateway } from '../support/unlimited-gateway.ts'
import { median } from './median.ts'
import type { ImportToPost, PostedImport } from './post-import.ts'
import { quantile } from './quantile.ts'

const DOCUMENTS: ReadonlyArray<readonly [name: string, id: string]> = [
  ['GitHub, 13 MB JSON', 'octokit/api.github.com'],
  ['Stripe, 4 MB YAML', 'shared/stripe'],
]
/** Rest and import in turns: the hundredth call of one import alone would be three or four calls. */
const ROUNDS = 3
const REST_MS = 4_000
/** Between two calls, so that the gateway is far from busy. */
const PAUSE_MS = 5

/** A gateway of its own process, and an agent that calls a tool of the bookshop. */
interface Measured {
  readonly agent: McpClient
  /** Imports a body for an upstream; the seconds that it took. */
  readonly post: (file: string, upstream: string) => Promise<number>
  /** Milliseconds that the gateway's event loop was held at most since the last time. */
  readonly heldMs: () => Promise<number>
  readonly close: () => Promise<void>
}

/** On the embedded database and on PostgreSQL; true. Skips what is not installed, and says so. */
export async function benchImports(): Promise<boolean> {
  const there = corpusDocuments()
  const folder = mkdtempSync(join(tmpdir(), 'sluice-imports-'))
  const documents = DOCUMENTS.flatMap(([name, id]) => {
    const document = there.find((one) => one.id === id)
    if (!document) console.log(`${name} is not there: npm run corpus installs it, or it lies beside the clone.`)
    return document ? [{ name, file: writeBody(folder, id, readDocument(document)) }] : []
  })
  const shop = await startBookshop()
  console.log(
    row(['', 'database', 'imported', 'p50 at rest', 'meanwhile', 'p99 at rest', 'meanwhile', 'ratio', 'loop held']),
  )
  await measureOn('embedded', {}, documents, shop)
  const postgres = await startPostgres()
  if (postgres) await measureOn('postgres', { DATABASE_URL: postgres.url }, documents, shop)
  else console.log('PostgreSQL is not installed: measured on the embedded database only.')
  postgres?.stop()
  await shop.close()
  rmSync(folder, { recursive: true, force: true })
  return true
}

function writeBody(folder: string, id: string, text: string): string {
  const file = join(folder, id.replaceAll('/', '-'))
  writeFileSync(file, JSON.stringify({ text }))
  return file
}

async function measureOn(
  database: string,
  env: Readonly<Record<string, string>>,
  documents: ReadonlyArray<{ readonly name: string; readonly file: string }>,
  shop: BookshopApi,
): Promise<void> {
  const measured = await start(env, shop)
  await timeCalls(measured.agent, pause(REST_MS))
  for (const { name, file } of documents) {
    const [rest, meanwhile, seconds]: number[][] = [[], [], []]
    let heldMs = 0
    for (let round = 1; round <= ROUNDS; round++) {
      rest!.push(...(await timeCalls(measured.agent, pause(REST_MS))))
      await measured.heldMs()
      const importing = measured.post(file, `${name.split(',')[0]!.toLowerCase()}-${round}`)
      meanwhile!.push(...(await timeCalls(measured.agent, importing)))
      seconds!.push(await importing)
      heldMs = Math.max(heldMs, await measured.heldMs())
    }
    const [quiet, busy] = [quantile(rest!, 0.99), quantile(meanwhile!, 0.99)]
    const told = [quantile(rest!, 0.5), quantile(meanwhile!, 0.5), quiet, busy].map(ms)
    const first = seconds![0]!.toFixed(1)
    const later = median(seconds!.slice(1)).toFixed(1)
    console.log(row([name, database, `${first}, ${later} s`, ...told, (busy / quiet).toFixed(1), ms(heldMs)]))
  }
  await measured.close()
}

async function start(env: Readonly<Record<string, string>>, shop: BookshopApi): Promise<Measured> {
  const gateway = await startUnlimitedGateway(env, ['./tests/bench/loop-delay.mjs'])
  const { child } = gateway
  const report = await importBookshop(gateway, shop)
  const agent = await connectV2({ url: report.url!, accessKey: report.accessKey! }, { pin: '2026-07-28' })
  const poster = fork(new URL('post-import.ts', import.meta.url))
  return {
    agent,
    post: async (file, upstream) => {
      const url = `${gateway.url}/api/v1/imports?commit=true&upstream=${upstream}`
      poster.send({ url, adminKey: gateway.adminKey, file } satisfies ImportToPost)
      const [{ seconds, fault }] = (await once(poster, 'message')) as [PostedImport]
      if (fault) throw new Error(`${upstream} was answered ${fault}`)
      return seconds
    },
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
      poster.disconnect()
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

function ms(value: number): string {
  return `${value.toFixed(1)} ms`
}

function row([first, ...rest]: readonly string[]): string {
  return [first!.padEnd(20), ...rest.map((cell) => cell.padStart(14))].join('')
}
