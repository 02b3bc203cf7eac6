// Preloaded into a gateway that is measured: on SIGUSR2 it tells how long its event loop was held at most since it was last asked.
import { monitorEventLoopDelay } from 'node:perf_hooks'

const RESOLUTION_MS = 2
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
delay.enable()
process.on('SIGUSR2', () => {
  process.stderr.write(`${JSON.stringify({ heldMs: Math.max(0, delay.max / 1e6 - RESOLUTION_MS) })}\n`)
  delay.reset()
})
