// `npm run bench -- imports`: how long large documents take, and what calls notice of it meanwhile.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { corpusDocuments, readDocument } from '../corpus/corpus-documents.ts'
import { startPostgres } from '../support/postgres.ts'
import { startMeasured, timeCalls } from './measured-gateway.ts'
import { median } from './median.ts'
import { quantile } from './quantile.ts'

const DOCUMENTS: ReadonlyArray<readonly [name: string, id: string]> = [
  ['GitHub, 13 MB JSON', 'octokit/api.github.com'],
  ['Stripe, 4 MB YAML', 'shared/stripe'],
]
/** Rest and import in turns: the hundredth call of one import alone would be three or four calls. */
const ROUNDS = 3
const REST_MS = 4_000
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
  const measured = await startMeasured(env, shop)
  await timeCalls(measured.agent, pause(REST_MS))
  for (const { name, file } of documents) {
    const [rest, meanwhile, seconds]: number[][] = [[], [], []]
    let heldMs = 0
    for (let round = 1; round <= ROUNDS; round++) {
      rest!.push(...(await timeCalls(measured.agent, pause(REST_MS))))
      await measured.heldMs()
      const importing = measured.post(file, `${name.split(',')[0]!.toLowerCase()}-${round}`)
      meanwhile!.push(...(await timeCalls(measured.agent, importing)))
      seconds!.push((await importing).seconds)
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

function ms(value: number): string {
  return `${value.toFixed(1)} ms`
}

function row([first, ...rest]: readonly string[]): string {
  return [first!.padEnd(20), ...rest.map((cell) => cell.padStart(14))].join('')
}
