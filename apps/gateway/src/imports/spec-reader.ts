import type { ReadSpec } from '@sluice/contract'
import type { ImportSource } from '@sluice/openapi'
import type { ParsedYaml } from '../bundle/parse-yaml.ts'
import { askReader, type ReaderAnswer, type ReadLimits } from './ask-reader.ts'
import { forkReader, type ReaderProcess } from './fork-reader.ts'
import type { ReceivedDocument } from './pack-document.ts'
import { ReaderEnded } from './reader-ended.ts'
import type { PackedBody, ReaderTask } from './reader-protocol.ts'

/** What an import is made of: its bytes, or those that were packed. */
export interface ReaderSource extends ImportSource {
  readonly packed?: Uint8Array
}

/** Reads documents in processes of their own, which give way to calls: a hostile one costs its process and nothing else. */
export interface SpecReader {
  /** @throws Problem as `importSpec` does, and `spec-unreadable` when time or memory ran out */
  read(source: ReaderSource): Promise<ReadSpec>
  /** The URLs that references of the document lead to. @throws Problem as `read` does */
  missingUrls(source: ReaderSource): Promise<readonly string[]>
  /** The JSON body of an import, in the pieces that it came in. @throws Problem `invalid-json`, or as `read` does */
  takeApart(body: readonly Uint8Array[]): Promise<PackedBody>
  /** A document that came otherwise. @throws Problem as `read` does */
  pack(document: Uint8Array): Promise<ReceivedDocument>
  /** YAML files of a bundle, in their order. @throws Problem as `read` does */
  parseYaml(files: readonly Uint8Array[]): Promise<readonly ParsedYaml[]>
  /** Ends all readers; what they were at is `spec-unreadable`. */
  close(): Promise<void>
}

const MOST: ReadLimits = { ms: 120_000, megabytes: 1_400 }
/** Documents read at once; more wait. */
const MOST_READERS = 2
/** How long a reader is kept for the next document: starting one costs most of a small import. */
const IDLE_MS = 30_000

export function createSpecReader(most: ReadLimits = MOST): SpecReader {
  const waiting: Array<() => void> = []
  const running = new Map<ReaderProcess, Promise<unknown>>()
  let isClosed = false
  let busy = 0
  let idle: { readonly reader: ReaderProcess; readonly timer: NodeJS.Timeout } | undefined

  async function work<T extends ReaderAnswer>(task: ReaderTask, bytes: readonly Uint8Array[]): Promise<T> {
    // Who waits is handed the place of who leaves, so nobody comes between.
    if (busy >= MOST_READERS) await new Promise<void>((resolve) => waiting.push(resolve))
    else busy++
    try {
      return (await askKept(task, bytes)) as T
    } finally {
      const next = waiting.shift()
      if (next) next()
      else busy--
    }
  }

  async function askKept(task: ReaderTask, bytes: readonly Uint8Array[]): Promise<ReaderAnswer> {
    const kept = takeKept()
    if (!kept) return askAndKeep(newReader(), task, bytes)
    try {
      return await askAndKeep(kept, task, bytes)
    } catch (error) {
      // It may have been gone before it was asked.
      if (!(error instanceof ReaderEnded) || isClosed) throw error
      return askAndKeep(newReader(), task, bytes)
    }
  }

  async function askAndKeep(
    reader: ReaderProcess,
    task: ReaderTask,
    bytes: readonly Uint8Array[],
  ): Promise<ReaderAnswer> {
    try {
      return await askReader(reader, task, bytes, most)
    } finally {
      keepReader(reader)
    }
  }

  function takeKept(): ReaderProcess | undefined {
    if (!idle) return undefined
    clearTimeout(idle.timer)
    const { reader } = idle
    idle = undefined
    return reader
  }

  function newReader(): ReaderProcess {
    if (isClosed) throw new ReaderEnded('the gateway is stopping')
    const reader = forkReader(most.megabytes)
    const gone = new Promise((resolve) => reader.once('close', resolve).on('error', resolve))
    running.set(reader, gone)
    void gone.then(() => {
      running.delete(reader)
      // An idle one that dies has nobody to tell: it is only forgotten.
      if (idle?.reader === reader) idle = undefined
    })
    return reader
  }

  function keepReader(reader: ReaderProcess): void {
    if (idle || !reader.connected || reader.killed) return void reader.kill('SIGKILL')
    idle = { reader, timer: setTimeout(() => reader.kill('SIGKILL'), IDLE_MS).unref() }
  }

  async function close(): Promise<void> {
    isClosed = true
    for (const reader of running.keys()) reader.ref()
    for (const reader of running.keys()) reader.kill('SIGKILL')
    await Promise.all(running.values())
  }

  return {
    read: (source) => work(...taskOf('read', source)),
    missingUrls: (source) => work(...taskOf('missing-urls', source)),
    takeApart: (body) => work({ kind: 'take-apart' }, body),
    pack: (document) => work({ kind: 'pack' }, [document]),
    parseYaml: (files) => work({ kind: 'yaml', lengths: files.map(({ byteLength }) => byteLength) }, files),
    close,
  }
}

function taskOf(kind: 'read' | 'missing-urls', { bytes, packed, ...source }: ReaderSource): [ReaderTask, Uint8Array[]] {
  const given = packed ?? bytes
  return [{ kind, source, isPacked: packed !== undefined }, given ? [given] : []]
}
