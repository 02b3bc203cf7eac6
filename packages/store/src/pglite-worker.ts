import { readFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import type { PgliteOptions, PgliteRequest } from './start-pglite.ts'

// The thread of one PGlite database. An error that is thrown here ends it, and the other side is told.

/** Its own 128 MB would fill up with whatever was touched, in memory that is never given back; the system keeps files at hand as well. */
const BUFFERS = '16MB'

const { folder, snapshot } = workerData as PgliteOptions
const database = await PGlite.create({
  dataDir: folder ?? 'memory://',
  ...(snapshot && { loadDataDir: new Blob([await readFile(snapshot)]) }),
  relaxedDurability: false,
  startParams: [...PGlite.defaultStartParams, '-c', `shared_buffers=${BUFFERS}`],
})
let previous = Promise.resolve()
parentPort!.on('message', (request: PgliteRequest) => {
  previous = previous.then(async () => {
    const answer = await answerTo(request)
    parentPort!.postMessage(answer, [answer.buffer])
  })
})
parentPort!.postMessage('ready')

async function answerTo(request: PgliteRequest): Promise<Uint8Array<ArrayBuffer>> {
  switch (request) {
    case 'reset':
      await database.exec('rollback')
      await database.exec('discard all')
      return new Uint8Array()
    case 'dump':
      return new Uint8Array(await (await database.dumpDataDir('gzip')).arrayBuffer())
    case 'close':
      await database.close()
      return new Uint8Array()
    default:
      return exchange(request)
  }
}

async function exchange(message: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  // A chunk lies in the database's own memory, which the next one may overwrite.
  await database.execProtocolRawStream(message, { onRawData: (chunk) => void chunks.push(chunk.slice()) })
  return new Uint8Array(Buffer.concat(chunks))
}
