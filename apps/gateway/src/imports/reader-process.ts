import module from 'node:module'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { stepAside } from '../step-aside.ts'
import type { ReaderMessage } from './reader-protocol.ts'

/**
 * The process in which documents are read. A thread of it does the reading, so that this one hears at any time that the gateway
 * is gone, and has a last word where memory runs out.
 */
stepAside()
module.enableCompileCache?.()
process.once('disconnect', () => process.exit())
// A terminal sends it to the gateway, too, which lets what is being read come to its end.
process.on('SIGINT', () => {})
const thread = new Worker(new URL(`./reader-thread${extname(import.meta.url)}`, import.meta.url), {
  resourceLimits: { maxOldGenerationSizeMb: Number(process.argv[2]) },
})
process.on('message', (message) => thread.postMessage(message))
process.stdin.on('data', (bytes) => thread.postMessage(bytes))
thread.on('message', tell)
thread.on('error', (cause: NodeJS.ErrnoException) => {
  const isOutOfMemory = cause.code === 'ERR_WORKER_OUT_OF_MEMORY'
  tell({ kind: 'broken', isOutOfMemory, stack: String(cause.stack ?? cause) }, () => process.exit(1))
})

function tell(message: ReaderMessage, told: () => void = () => {}): void {
  process.send?.(message, undefined, undefined, told)
}
