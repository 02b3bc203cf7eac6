import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { extname } from 'node:path'
import { forkAside } from '../fork-aside.ts'

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

/** Its deadline's timer, while it reads, keeps the gateway running; it does not itself. */
export function forkReader(megabytes: number): ReaderProcess {
  const reader = forkAside(READER, [String(megabytes)], { execArgv: COLLECTING, stdin: 'pipe' }) as ReaderProcess
  // What it does not take any more, its end tells.
  reader.stdin?.on('error', () => {})
  reader.stdin?.unref()
  return reader
}
