// `npm start` runs the gateway; `npm start -- serve my-api.yaml` and every other command go to the command line as they are.
if (process.argv.length === 2) process.argv.push('start')

// A supervisor that stops npm stops only npm: without its parent the gateway ends too.
const parent = process.ppid
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM')
}, 500).unref()

await import('../sluice')
