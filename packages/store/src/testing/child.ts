import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { StoreOptions } from '../open-store.ts'

/** A process of its own with a store. What it sends comes in order; it ends with its parent. */
export interface StoreProcess {
  readonly pid: number
  /** The next message that it sent; undefined when it has ended and there is none left. */
  next(): Promise<unknown>
  /** kill -9. */
  kill(): Promise<void>
}

/** Runs a file of this folder with `options` for its store. */
export function startProcess(file: 'hold-store.ts' | 'commit-forever.ts', options: StoreOptions): StoreProcess {
  const child = fork(new URL(file, import.meta.url), [JSON.stringify(options)], {
    execArgv: ['--import', fileURLToPath(new URL('../../../../scripts/fast-resolve.mjs', import.meta.url))],
  })
  const messages: unknown[] = []
  child.on('message', (message) => messages.push(message))
  let isOver = false
  // What it sent last may arrive after its end.
  const over = Promise.all([once(child, 'exit'), once(child, 'disconnect')]).then(() => {
    isOver = true
  })
  return {
    pid: child.pid!,
    next: async () => {
      while (messages.length === 0 && !isOver) await Promise.race([once(child, 'message'), over])
      return messages.shift()
    },
    kill: async () => {
      child.kill('SIGKILL')
      await over
    },
  }
}
