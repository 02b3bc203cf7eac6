// `npm start` runs the gateway; `npm start -- serve my-api.yaml` and every other command go to the command line as they are.
import { readFileSync } from 'node:fs'

if (process.argv.length === 2) process.argv.push('start')

// A supervisor that stops npm stops only npm: without it the gateway ends too.
const npm = startedBy()
setInterval(() => {
  if (startedBy() !== npm) process.kill(process.pid, 'SIGTERM')
}, 500).unref()

await import('../sluice')

/** The process of npm: our parent, or above the shell that npm runs scripts in, which lives on when npm is gone. */
function startedBy() {
  const parent = process.ppid
  try {
    // proc(5): the name of the program in parentheses, its state, its parent.
    const [, name, above] = /\((.*)\) . (\d+)/.exec(readFileSync(`/proc/${parent}/stat`, 'utf8'))
    return /^(ba|da)?sh$/.test(name) ? Number(above) : parent
  } catch {
    return parent
  }
}
