import { fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { collect } from '../support/spawned.ts'
import type { Seen, Target } from './client.ts'

export interface Order {
  readonly name: string
  readonly target: Target
}

export type Reply = { readonly seen: Seen } | { readonly fault: string }

/** How it ended, and the last of what it wrote meanwhile. */
export interface Ended {
  readonly reply: Reply
  readonly output: string
}

/**
 * Runs a client in a process of its own, in a folder that is removed, and with next to nothing of our environment: no key of a
 * developer's reaches it, and what it leaves running ends with it.
 */
export async function runApart(order: Order, limitMs = 180_000): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), `sluice-client-${order.name}-`))
  const [home, work] = [join(folder, 'home'), join(folder, 'work')]
  for (const made of [home, work]) mkdirSync(made)
  const child = fork(join(import.meta.dirname, 'client-process.ts'), {
    cwd: work,
    env: {
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: home,
      TMPDIR: folder,
      LANG: 'C.UTF-8',
      NO_COLOR: '1',
    },
    execArgv: ['--experimental-import-meta-resolve', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  })
  const endAll = () => {
    endGroup(child.pid!)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  process.once('exit', endAll)
  const output = collect(child)
  let timer: NodeJS.Timeout | undefined
  const reply = await new Promise<Reply>((resolve) => {
    child.once('message', (message) => resolve(message as Reply))
    child.once('error', (error) => resolve({ fault: error.message }))
    child.once('exit', (code, signal) => resolve({ fault: `its process ended with ${signal ?? code}` }))
    timer = setTimeout(() => resolve({ fault: `it was not done within ${limitMs / 1000} s` }), limitMs)
    child.send(order)
  })
  clearTimeout(timer)
  process.off('exit', endAll)
  endAll()
  return { reply, output: `${output.stdout}${output.stderr}`.slice(-6000) }
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // It may have ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
