import module from 'node:module'

// What is compiled once is kept: it halves the time of every later start.
module.enableCompileCache?.()
const { runGateway } = await import('./run-gateway.ts')

await runGateway()
// The database's thread and idle connections are closed by now; nothing else may hold the process.
process.exit()
