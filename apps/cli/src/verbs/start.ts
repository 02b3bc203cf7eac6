import { parseArgs } from 'node:util'
import { runGateway } from '@sluice/gateway'
import type { Verb } from '../verb.ts'

export const startVerb: Verb = {
  help: `sluice start [--json]

Runs the gateway until it is stopped. Without settings it keeps everything in ./data. With --json it logs JSON in a terminal too.

  sluice start
  PORT=9000 DATA_DIR=/var/lib/sluice sluice start
  DATABASE_URL=postgres://sluice@db/sluice MASTER_KEY_FILE=/run/secrets/key sluice start`,
  async run(argv) {
    const { values } = parseArgs({ args: argv, options: { json: { type: 'boolean' } } })
    await runGateway(values.json ? 'json' : undefined)
    return Number(process.exitCode ?? 0)
  },
}
