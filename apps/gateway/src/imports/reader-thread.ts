import module from 'node:module'
import { parentPort } from 'node:worker_threads'
import { gunzipSync } from 'node:zlib'
import type { ImportSource, OpenedSource, OperationText } from '@sluice/openapi'
import type { GivenTask, ReaderTask, ThreadMessage } from './reader-protocol.ts'

/** The thread of a reader that does the work: it reads one document after the other, and says what is in each. */
module.enableCompileCache?.()
const { Problem } = await import('@sluice/contract')
const { missingUrls, openSource, readOperations } = await import('@sluice/openapi')
const { packDocument } = await import('./pack-document.ts')
const { takeApart } = await import('./take-apart.ts')
const { parseYaml } = await import('../bundle/parse-yaml.ts')

/** Small enough for the event loop that takes them over, packed, to turn between two: by number, and by the text of each. */
const BATCH = 50
const BATCH_LENGTH = 1_500_000
const PIECE_BYTES = 512 * 1024

let given: GivenTask | undefined
let pieces: Uint8Array[] = []
let received = 0
// The task and its bytes come by two ways, whichever is first.
parentPort!.on('message', (message: Uint8Array | GivenTask) => {
  if (message instanceof Uint8Array) {
    pieces.push(message)
    received += message.byteLength
  } else given = message
  if (!given || received < given.bytes) return
  const { task } = given
  given = undefined
  received = 0
  try {
    perform(task)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    tell({ kind: 'problem', code: error.code, detail: error.detail, errors: error.errors })
  }
})

/** Each task takes its bytes itself: what a caller still has at hand would stay in memory until all is read. */
function perform(task: ReaderTask): void {
  if (task.kind === 'take-apart') tellParts(takeBytes())
  else if (task.kind === 'pack') tell({ kind: 'packed', hash: tellPacked(takeBytes()) })
  else if (task.kind === 'yaml') tellParsed(takeBytes(), task.lengths)
  else if (task.kind === 'read') tellOperations(open(task))
  else tell({ kind: 'missing-urls', urls: missingUrls(sourceOf(task)) })
}

function takeBytes(): Uint8Array {
  const bytes = Buffer.concat(pieces)
  pieces = []
  return bytes
}

type SourceTask = Extract<ReaderTask, { readonly source: unknown }>

function open(task: SourceTask): OpenedSource {
  return openSource(sourceOf(task))
}

function sourceOf({ source, isPacked }: SourceTask): ImportSource {
  const bytes = takeBytes()
  return { ...source, bytes: isPacked ? gunzipSync(bytes) : bytes }
}

function tellOperations(opened: OpenedSource): void {
  let batch: OperationText[] = []
  let length = 0
  const flush = () => {
    if (batch.length > 0) tell({ kind: 'operations', operations: batch })
    batch = []
    length = 0
  }
  const spec = readOperations(opened, (operation) => {
    batch.push(operation)
    length += operation.definition.length
    if (batch.length >= BATCH || length >= BATCH_LENGTH) flush()
  })
  flush()
  tell({ kind: 'done', spec })
}

function tellParts(body: Uint8Array): void {
  const { fields, document } = takeApart(body)
  tell({ kind: 'taken-apart', fields, hash: document && tellPacked(document) })
}

function tellPacked(document: Uint8Array): string {
  const { packed, hash } = packDocument(document)
  tellBytes(packed)
  return hash
}

function tellParsed(files: Uint8Array, lengths: readonly number[]): void {
  let from = 0
  const parsed = lengths.map((length) => {
    from += length
    return parseYaml(files.subarray(from - length, from))
  })
  tellBytes(Buffer.from(JSON.stringify(parsed)))
  tell({ kind: 'parsed' })
}

function tellBytes(whole: Uint8Array): void {
  for (let at = 0; at < whole.byteLength; at += PIECE_BYTES)
    // Copied: of a view, the whole buffer would be sent.
    tell({ kind: 'piece', bytes: Uint8Array.from(whole.subarray(at, at + PIECE_BYTES)) })
}

function tell(message: ThreadMessage): void {
  parentPort!.postMessage(message)
}
