// `npm run bench`: figures measured in one run. They are no tests: machines are noisy.
import { parseArgs } from 'node:util'
import { benchAnswers } from './answers.ts'
import { benchCalls } from './calls.ts'
import { benchGiants } from './giants.ts'
import { benchImports } from './imports.ts'
import { benchPeers } from './peers.ts'
import { benchRecord } from './record.ts'
import { benchRetrieval } from './retrieval.ts'
import { benchSandbox } from './sandbox.ts'
import { benchSoak } from './soak.ts'
import { benchTokens } from './tokens.ts'
import { benchGate, benchWire } from './wire.ts'

const BENCHES: Readonly<Record<string, (minutes?: number) => Promise<boolean>>> = {
  answers: benchAnswers,
  calls: benchCalls,
  imports: benchImports,
  retrieval: benchRetrieval,
  sandbox: benchSandbox,
  tokens: benchTokens,
  wire: benchWire,
  gate: benchGate,
  giants: benchGiants,
  peers: benchPeers,
  soak: benchSoak,
  record: benchRecord,
}
/** They take minutes: run when they are asked for by name. */
const ONLY_BY_NAME = ['gate', 'giants', 'peers', 'soak', 'record']

const { positionals: wanted, values } = parseArgs({ allowPositionals: true, options: { minutes: { type: 'string' } } })
const minutes = values.minutes === undefined ? undefined : Number(values.minutes)
const unknown = wanted.filter((name) => !Object.hasOwn(BENCHES, name))
if (unknown.length > 0 || (minutes !== undefined && !(minutes > 0))) {
  console.log(
    unknown.length > 0
      ? `There is no bench ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}.`
      : 'Give --minutes a number above zero.',
  )
  process.exitCode = 2
} else {
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (wanted.length > 0 ? !wanted.includes(name) : ONLY_BY_NAME.includes(name)) continue
    console.log(`\n${name}`)
    if (!(await bench(minutes))) process.exitCode = 1
  }
}
