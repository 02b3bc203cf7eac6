// `npm start` runs the gateway; `npm start -- serve my-api.yaml` and every other command go to the command line as they are.
if (process.argv.length === 2) process.argv.push('start')
await import('../sluice')
