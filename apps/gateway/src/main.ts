import { runGateway } from './run-gateway.ts'

await runGateway()
// The database's thread and idle connections are closed by now; nothing else may hold the process.
process.exit()
