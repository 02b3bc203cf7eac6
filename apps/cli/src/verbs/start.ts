import { runGateway } from '@sluice/gateway'
import type { Verb } from '../verb.ts'

export const startVerb: Verb = {
  help: `sluice start

Runs the gateway until it is stopped. Without settings it keeps everything in ./data.

  sluice start
  PORT=9000 DATA_DIR=/var/lib/sluice sluice start
  DATABASE_URL=postgres://sluice@db/sluice MASTER_KEY_FILE=/run/secrets/key sluice start`,
  async run() {
    await runGateway()
    return Number(process.exitCode ?? 0)
  },
}
