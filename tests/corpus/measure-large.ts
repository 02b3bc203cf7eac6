import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { corpusDocuments } from './corpus-documents.ts'
import type { Measured } from './import-alone.ts'
import { makeGiant } from './make-giant.ts'

/** A large document with what reading it may take. */
interface Large {
  readonly name: string
  readonly file: string
  readonly seconds: number
  readonly megabytes?: number
}

/** Reads each large document in a process of its own, and prints what it took beside what it may take. */
export async function measureLarge(folder: string): Promise<boolean> {
  const rows: string[] = []
  let isGood = true
  for (const large of largeDocuments(folder)) {
    const { seconds, megabytes, operations, skipped } = await measure(large.file)
    const isWithin = seconds < large.seconds && megabytes < (large.megabytes ?? Number.POSITIVE_INFINITY)
    isGood &&= isWithin && skipped === 0
    const memory = `${megabytes.toFixed(0)} MB${large.megabytes ? ` of ${large.megabytes}` : ''}`
    const time = `${seconds.toFixed(2)} s of ${large.seconds}`
    rows.push(
      [
        large.name.padEnd(22),
        `${operations} operations`.padEnd(20),
        time.padEnd(16),
        memory.padEnd(18),
        isWithin ? '' : 'TOO MUCH',
      ].join(' '),
    )
    console.log(rows.at(-1))
  }
  return isGood
}

function largeDocuments(folder: string): Large[] {
  const giant = join(folder, 'giant.json')
  writeFileSync(giant, makeGiant())
  const documents = new Map(corpusDocuments().map(({ id, file }) => [id, file]))
  const known = [
    { name: 'GitHub, 13 MB JSON', id: 'octokit/api.github.com', seconds: 5 },
    { name: 'Stripe, 4 MB YAML', id: 'shared/stripe', seconds: 1.5 },
    { name: 'Graph beta, 47 MB', id: 'directory/microsoft.com/graph-beta', seconds: 60, megabytes: 1500 },
  ]
  return [
    { name: 'generated, 47 MB', file: giant, seconds: 60, megabytes: 1500 },
    ...known.flatMap(({ id, ...rest }) => (documents.has(id) ? [{ ...rest, file: documents.get(id)! }] : [])),
  ]
}

async function measure(file: string): Promise<Measured> {
  const script = fileURLToPath(new URL('import-alone.ts', import.meta.url))
  const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`Reading ${file} ended with ${code}`)
  return JSON.parse(output) as Measured
}
