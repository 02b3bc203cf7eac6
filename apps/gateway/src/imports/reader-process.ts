import module from 'node:module'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { stepAside } from '../step-aside.ts'
import type { ReaderMessage, ThreadMessage } from './reader-protocol.ts'

/**
 * The process in which documents are read. A thread of it does the reading, so that this one hears at any time that the gateway
 * is gone, has a last word where memory runs out, and packs what was read and counts its tokens while the thread goes on.
 */
stepAside()
module.enableCompileCache?.()
process.once('disconnect', () => process.exit())
// A terminal sends it to the gateway, too, which lets what is being read come to its end.
process.on('SIGINT', () => {})
const thread = new Worker(new URL(`./reader-thread${extname(import.meta.url)}`, import.meta.url), {
  resourceLimits: { maxOldGenerationSizeMb: Number(process.argv[2]) },
})
// They take a fifth of a second to load; the thread needs longer to get ready.
const tools = Promise.all([import('@sluice/schema'), import('@sluice/tokenizer')])
process.on('message', (message) => thread.postMessage(message))
process.stdin.on('data', (bytes) => thread.postMessage(bytes))
thread.on('message', async (message: ThreadMessage) => {
  const isLast = message.kind !== 'operations' && message.kind !== 'piece'
  tell(await finished(message), isLast ? leaveIfLarge : undefined)
})
thread.on('error', (cause: NodeJS.ErrnoException) => {
  const isOutOfMemory = cause.code === 'ERR_WORKER_OUT_OF_MEMORY'
  tell({ kind: 'broken', isOutOfMemory, stack: String(cause.stack ?? cause) }, () => process.exit(1))
})

/** All wait for the same, so they stay in order. */
async function finished(message: ThreadMessage): Promise<ReaderMessage> {
  const [{ packText }, { countTokens }] = await tools
  if (message.kind !== 'operations') return message
  const operations = message.operations.map(({ entry, definition, ...operation }) => ({
    ...operation,
    definition: packText(definition),
    tokens: countTokens(entry),
  }))
  return { kind: 'operations', operations }
}

/** Only the end of a process gives back all that a giant took; the next document has another. */
function leaveIfLarge(): void {
  if (process.memoryUsage.rss() > 500 * 1024 * 1024) process.exit()
}

function tell(message: ReaderMessage, told: () => void = () => {}): void {
  process.send?.(message, undefined, undefined, told)
}
