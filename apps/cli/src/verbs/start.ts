import { command } from '../command.ts'

export function startCommand() {
  return command('start', 'run the gateway until it is stopped', [
    'sluice start',
    'PORT=9000 DATA_DIR=/var/lib/sluice sluice start',
    'DATABASE_URL=postgres://sluice@db/sluice MASTER_KEY_FILE=/run/secrets/key sluice start',
  ])
    .addHelpText(
      'after',
      '\nWithout settings it keeps everything in ./data. With --json it logs JSON in a terminal too.',
    )
    .action((options) => runUntilStopped(options.json))
}

/** The gateway, from the first line of its log to the last. */
export async function runUntilStopped(json: true | undefined): Promise<void> {
  const { runGateway } = await import('@sluice/gateway')
  await runGateway(json ? 'json' : undefined)
}
