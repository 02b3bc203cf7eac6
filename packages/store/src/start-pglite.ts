import { Duplex } from 'node:stream'
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'

/** A PGlite database in a thread of its own: it computes on the thread that calls it. */
export interface PgliteThread {
  /** A stream that speaks PostgreSQL's wire protocol with the database: what `pg` takes for a socket. */
  connect(): Duplex
  /** The data folder as a gzipped tar, for `PgliteOptions.snapshot`. */
  dump(): Promise<Uint8Array>
  close(): Promise<void>
  /** Calls `listener` when the thread has ended, by `close` or otherwise. */
  onEnd(listener: () => void): void
}

export interface PgliteOptions {
  /** Null: in memory. */
  readonly folder: string | null
  /** The file from which a new database is made. */
  readonly snapshot?: string | undefined
}

/** What the thread is asked: a message of the wire protocol, or one of these words. It answers in order, with bytes. */
export type PgliteRequest = Uint8Array<ArrayBuffer> | 'reset' | 'dump' | 'close'

type Ask = (request: PgliteRequest) => Promise<Uint8Array>

/** @throws what PGlite throws when it cannot open the folder. */
export async function startPglite(options: PgliteOptions): Promise<PgliteThread> {
  optimizeAfter(LASTING_USE)
  const worker = new Worker(new URL(WORKER_FILE, import.meta.url), { workerData: options, execArgv: [], env: {} })
  try {
    await new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
  } finally {
    optimizeAfter(V8_DEFAULT)
  }
  const ask = answersInOrder(worker)
  return {
    connect: () => new PgliteStream(ask),
    dump: () => ask('dump'),
    close: async () => {
      try {
        await ask('close')
      } finally {
        await worker.terminate()
      }
    },
    onEnd: (listener) => worker.once('exit', listener),
  }
}

/**
 * How much use of a WebAssembly function has V8 compile it anew, the optimized way; a module takes what is set when it is made. By default
 * the largest functions of the database would get there while it opens, at 0.9 s of processor and 500 MB. What is used for long gets
 * there still.
 */
function optimizeAfter(budget: number): void {
  setFlagsFromString(`--wasm-tiering-budget=${budget}`)
}

/** Opening takes more than a billion of one function alone; V8 counts no further than some two. */
const LASTING_USE = 2_000_000_000
const V8_DEFAULT = 13_000_000

const WORKER_FILE = import.meta.url.endsWith('.ts') ? './pglite-worker.ts' : './pglite-worker.js'

function answersInOrder(worker: Worker): Ask {
  const waiting: Array<PromiseWithResolvers<Uint8Array>> = []
  let failure: Error | undefined
  const fail = (cause: unknown) => {
    failure ??= new Error('The embedded database has stopped.', { cause })
    for (const { reject } of waiting.splice(0)) reject(failure)
  }
  worker.on('message', (answer: Uint8Array) => waiting.shift()?.resolve(answer))
  worker.on('error', fail)
  worker.on('exit', fail)
  return (request) => {
    if (failure) return Promise.reject(failure)
    const answer = Promise.withResolvers<Uint8Array>()
    waiting.push(answer)
    worker.postMessage(request, request instanceof Uint8Array ? [request.buffer] : [])
    return answer.promise
  }
}

/** One connection. `pg` writes a query's messages corked, up to the Sync that ends them, so each write gets one answer. */
class PgliteStream extends Duplex {
  readonly #ask: Ask

  constructor(ask: Ask) {
    super()
    this.#ask = ask
  }

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    this._writev([{ chunk }], done)
  }

  override _writev(chunks: Array<{ chunk: Uint8Array }>, done: () => void): void {
    const message = new Uint8Array(Buffer.concat(chunks.map(({ chunk }) => chunk)))
    done()
    if (message[0] === TERMINATE) this.destroy()
    else
      this.#ask(message).then(
        (answer) => this.push(answer),
        (error) => this.destroy(error),
      )
  }

  override _read(): void {}

  /** The database has but one session: the next connection must find it as if new. */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#ask('reset').catch(() => {})
    done(error)
  }

  // What else `pg` calls on a socket.
  connect(): void {
    process.nextTick(() => this.emit('connect'))
  }
  setNoDelay(): void {}
  setKeepAlive(): void {}
  ref(): void {}
  unref(): void {}
}

const TERMINATE = 'X'.charCodeAt(0)
