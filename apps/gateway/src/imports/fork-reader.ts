import { type ChildProcess, fork } from 'node:child_process'
import module from 'node:module'
import type { Socket } from 'node:net'
import { dirname, extname } from 'node:path'

/** Beside this module: TypeScript in the repository, JavaScript in a package. */
const READER = new URL(`./reader-process${extname(import.meta.url)}`, import.meta.url)

/**
 * A process that reads documents. Bytes go to its standard input as they are: in messages they would be copied several times. One
 * that could not be started has none.
 */
export type ReaderProcess = ChildProcess & { readonly stdin: Socket | null | undefined }

/**
 * One thread that collects garbage takes hardly longer, and leaves calls a processor of two. What is new is collected where it fits
 * a processor's cache: more room for it would be slower, and 200 MB larger. The rest begins large, since it would be collected
 * several times before the first hundred megabytes are read, an eighth of all the time; past that it is collected early: of the largest
 * documents that is a third of what would be held, and costs no time.
 */
const COLLECTING = [
  '--single-threaded-gc',
  '--min-semi-space-size=16',
  '--max-semi-space-size=16',
  '--initial-old-space-size=200',
  '--heap-growing-percent=5',
]

/** With nothing of the gateway's environment, and no reason to keep the gateway running. */
export function forkReader(megabytes: number): ReaderProcess {
  const cache = module.getCompileCacheDir?.()
  const reader = fork(READER, [String(megabytes)], {
    // Where Node keeps what it compiled; it names a folder of its own in it.
    env: cache ? { NODE_COMPILE_CACHE: dirname(cache) } : {},
    execArgv: COLLECTING,
    serialization: 'advanced',
    stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
  }) as ReaderProcess
  // What it does not take any more, its end tells.
  reader.stdin?.on('error', () => {})
  // While it reads, the timer of its deadline keeps the gateway running.
  reader.unref()
  reader.channel?.unref()
  reader.stdin?.unref()
  return reader
}
