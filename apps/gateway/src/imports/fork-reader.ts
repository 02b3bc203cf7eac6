import { type ChildProcess, fork } from 'node:child_process'
import module from 'node:module'
import { dirname, extname } from 'node:path'

/** Beside this module: TypeScript in the repository, JavaScript in a package. */
const READER = new URL(`./reader-process${extname(import.meta.url)}`, import.meta.url)

/** A process that reads documents: with nothing of the gateway's environment, and no reason to keep the gateway running. */
export function forkReader(megabytes: number): ChildProcess {
  const cache = module.getCompileCacheDir?.()
  const reader = fork(READER, [String(megabytes)], {
    // Where Node keeps what it compiled; it names a folder of its own in it.
    env: cache ? { NODE_COMPILE_CACHE: dirname(cache) } : {},
    // One thread that collects garbage takes hardly longer, and leaves calls a processor of two.
    execArgv: ['--single-threaded-gc'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  // While it reads, the timer of its deadline keeps the gateway running.
  reader.unref()
  reader.channel?.unref()
  return reader
}
