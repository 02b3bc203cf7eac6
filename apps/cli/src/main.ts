import { runCli } from './run-cli.ts'

// `sluice logs -f | head`: whoever read has what they wanted. A gateway of this process listens itself, and goes on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' && process.stdout.listenerCount('error') === 1) process.exit()
})

process.exitCode = await runCli(process.argv.slice(2))
// Threads and idle connections of a gateway that ran in this process must not hold it.
process.stdout.write('', () => process.exit())
