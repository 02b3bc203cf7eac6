import { type DerivedOperation, Problem, type ReadSpec } from '@sluice/contract'
import type { ParsedYaml } from '../bundle/parse-yaml.ts'
import type { ReaderProcess } from './fork-reader.ts'
import type { ReceivedDocument } from './pack-document.ts'
import { ReaderEnded } from './reader-ended.ts'
import type { GivenTask, PackedBody, ReaderMessage, ReaderTask } from './reader-protocol.ts'

/** What one document may take. */
export interface ReadLimits {
  readonly ms: number
  readonly megabytes: number
}

/** `read`, `missing-urls`, `take-apart`, `pack` and `yaml` are answered by one each. */
export type ReaderAnswer = ReadSpec | readonly string[] | PackedBody | ReceivedDocument | readonly ParsedYaml[]

/**
 * Gives a reader its task and waits for what it makes of it. One that ran out of time or broke is killed; any other may go on.
 * @throws Problem as the reader says, and `spec-unreadable` where its time or its memory ran out or its process ended
 */
export async function askReader(
  reader: ReaderProcess,
  task: ReaderTask,
  bytes: readonly Uint8Array[],
  most: ReadLimits,
): Promise<ReaderAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ReaderAnswer>()
  const fail = (reason: Error) => {
    reader.kill('SIGKILL')
    reject(reason)
  }
  const overrun = () => fail(unreadable(`Reading the document took more than ${most.ms / 1000} s.`))
  const timer = setTimeout(overrun, most.ms)
  const onMessage = hearing({ resolve, reject, fail }, most)
  const onError = (cause: Error) => reject(new Error('no process that reads documents could be started', { cause }))
  // Not at its exit, after which there may be words of it on their way.
  const onClose = (code: number | null, signal: string | null) => reject(new ReaderEnded(signal ?? `code ${code}`))
  reader.on('message', onMessage).on('error', onError).on('close', onClose)
  give(reader, task, bytes)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    reader.off('message', onMessage).off('error', onError).off('close', onClose)
  }
}

/** Of one that ended meanwhile its end tells, and of one that did not begin its error. */
function give(reader: ReaderProcess, task: ReaderTask, bytes: readonly Uint8Array[]): void {
  if (!reader.stdin) return
  const given: GivenTask = { task, bytes: bytes.reduce((sum, { byteLength }) => sum + byteLength, 0) }
  reader.send(given, () => {})
  for (const part of bytes) reader.stdin.write(part)
}

interface Outcome {
  readonly resolve: (answer: ReaderAnswer) => void
  readonly reject: (reason: Error) => void
  /** The same for a reader that is of no more use. */
  readonly fail: (reason: Error) => void
}

/** Takes over what the reader says, until it is whole. */
function hearing({ resolve, reject, fail }: Outcome, most: ReadLimits): (message: ReaderMessage) => void {
  const operations: DerivedOperation[] = []
  const pieces: Uint8Array[] = []
  return (message) => {
    switch (message.kind) {
      case 'piece':
        return void pieces.push(message.bytes)
      case 'operations':
        return void operations.push(...message.operations)
      case 'done':
        return resolve({ ...message.spec, operations })
      case 'missing-urls':
        return resolve(message.urls)
      case 'packed':
        return resolve({ packed: Buffer.concat(pieces), hash: message.hash })
      case 'parsed':
        return resolve(JSON.parse(Buffer.concat(pieces).toString('utf8')) as ParsedYaml[])
      case 'taken-apart': {
        const { fields, hash } = message
        return resolve({ fields, ...(hash === undefined ? {} : { document: { packed: Buffer.concat(pieces), hash } }) })
      }
      case 'problem':
        return reject(new Problem(message.code, message))
      case 'broken':
        return fail(
          message.isOutOfMemory ? tooMuchMemory(most) : new Error(`reading a document broke: ${message.stack}`),
        )
    }
  }
}

function tooMuchMemory({ megabytes }: ReadLimits): Problem {
  return unreadable(`The document needs more than ${megabytes} MB of memory to read.`)
}

function unreadable(detail: string): Problem {
  return new Problem('spec-unreadable', { detail })
}
