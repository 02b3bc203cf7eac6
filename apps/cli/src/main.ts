import { runCli } from './run-cli.ts'

process.stdout.on('error', (error) => {
  if (!isOfGateway()) end(error)
})
process.exitCode = await runCli(process.argv.slice(2))
// Threads and idle connections of a gateway that ran in this process must not hold it.
process.stdout.write('', end)

/** `sluice logs -f | head`: whoever read has what they wanted. What else could not be written is missing. */
function end(error?: NodeJS.ErrnoException | null): never {
  if (!error || error.code === 'EPIPE' || isOfGateway()) process.exit()
  process.stderr.write(`The output could not be written: ${error.message}\n`)
  process.exit(1)
}

/** It listens itself, and loses lines. */
function isOfGateway(): boolean {
  return process.stdout.listenerCount('error') > 1
}
