import { runCli } from './run-cli.ts'

process.exitCode = await runCli(process.argv.slice(2))
// Threads and idle connections of a gateway that ran in this process must not hold it.
process.stdout.write('', () => process.exit())
