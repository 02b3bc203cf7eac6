// Loaded before a gateway: asked by SIGUSR2, it says how many bytes of its heap are in use when all that could be is collected.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
process.on('SIGUSR2', () => {
  // What finalizers let go of is collected the second time.
  collect()
  setImmediate(() => {
    collect()
    process.stderr.write(`${JSON.stringify({ heapUsed: process.memoryUsage().heapUsed })}\n`)
  })
})
