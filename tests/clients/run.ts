// `npm run clients`: real clients list and call the tools of a real gateway. `--help` names the options.
import { parseArgs } from 'node:util'
import { ALL_CLIENTS } from './all-clients.ts'
import { pageRow, readPage, writeTable } from './page-row.ts'
import { startBookshopGateway } from './start-bookshop-gateway.ts'
import { type Trial, tryClient } from './try-client.ts'

const ALL = Object.keys(ALL_CLIENTS)
const HELP = `npm run clients -- [options] [client…]

  --write   puts what was seen into docs/reference/clients.md, if all clients are well

Clients, each installed once: ${ALL.join(', ')}`

const { positionals: named, values } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
})
const unknown = named.filter((name) => !ALL.includes(name))
if (values.help) console.log(HELP)
else if (unknown.length > 0 || (values.write && named.length > 0)) {
  console.log(unknown.length > 0 ? `There is no client ${unknown.join(', ')}.` : '--write is for all clients at once.')
  console.log(`\n${HELP}`)
  process.exitCode = 2
} else {
  const trials = await tryAll(named.length > 0 ? named : ALL)
  if (values.write && trials.every(({ faults }) => faults.length === 0)) writeTable(trials)
  process.exitCode = report(trials) ? 0 : 1
}

async function tryAll(names: readonly string[]): Promise<Trial[]> {
  const starting = startBookshopGateway()
  // What runs in a process group of its own does not hear of Ctrl-C.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void starting.then(({ close }) => close()).finally(() => process.exit(1)))
  const gateway = await starting
  const trials: Trial[] = []
  try {
    for (const name of names) {
      const trial = await tryClient(name, gateway).catch((error: Error) => untried(name, error))
      console.log(`${name}: ${trial.faults.length === 0 ? 'ok' : trial.faults.join('\n')}`)
      trials.push(trial)
    }
  } finally {
    await gateway.close()
  }
  return trials
}

/** One that could not be installed, as where its registry or its program for this machine is missing. */
function untried(name: string, { message }: Error): Trial {
  return { name, version: 'not tried', revision: undefined, listed: 0, called: 0, seconds: 0, faults: [message] }
}

/** Whether all is well, and the page says what was seen. */
function report(trials: readonly Trial[]): boolean {
  console.log(`\n${table(trials)}`)
  const good = trials.filter(({ faults }) => faults.length === 0)
  const page = readPage()
  const other = good.map(pageRow).filter((row) => !page.includes(row))
  if (other.length > 0) console.log(`\ndocs/reference/clients.md does not say:\n${other.join('\n')}`)
  return good.length === trials.length && other.length === 0
}

function table(trials: readonly Trial[]): string {
  const head = ['| Client | Version | Revision | Listed | Called | Seconds | |', '|---|---|---|---|---|---|---|']
  const rows = trials.map(({ name, version, revision = '', listed, called, seconds, faults }) => {
    const cells = [name, version, revision, listed, called, seconds.toFixed(1), faults.length === 0 ? 'ok' : 'FAILED']
    return `| ${cells.join(' | ')} |`
  })
  return [...head, ...rows].join('\n')
}
