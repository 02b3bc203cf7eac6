import { extname } from 'node:path'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { StripTypes } from './compile-interceptor.ts'
import { TOO_DEEP } from './strip-typescript.ts'
import type { Strip } from './strip-worker.ts'

export interface TypeStripper {
  /** Waits for a thread that does it: some tens of milliseconds the first time, a second at most. */
  readonly stripTypes: StripTypes
  close(): Promise<void>
}

/** Takes types from TypeScript in a thread that may break or take too long, and is then replaced. */
export function createTypeStripper(): TypeStripper {
  let thread: Thread | undefined

  async function end(): Promise<void> {
    const ending = thread
    thread = undefined
    await ending?.worker.terminate()
  }

  return {
    stripTypes(text) {
      thread ??= startThread()
      const { done, port } = thread
      Atomics.store(done, 0, 0)
      port.postMessage(text)
      Atomics.wait(done, 0, 0, MAX_MS)
      const answer = receiveMessageOnPort(port)?.message as ReturnType<StripTypes> | null | undefined
      if (answer) return answer
      void end()
      return { fault: TOO_DEEP }
    },
    close: end,
  }
}

const MAX_MS = 1_000

interface Thread {
  readonly worker: Worker
  readonly port: MessagePort
  /** 1 once the answer is there. */
  readonly done: Int32Array
}

/** Beside this module: TypeScript in the repository, JavaScript in a package. */
const STRIP_MODULE = new URL(`./strip-worker${extname(import.meta.url)}`, import.meta.url)

function startThread(): Thread {
  const done = new Int32Array(new SharedArrayBuffer(4))
  const { port1, port2 } = new MessageChannel()
  const workerData: Strip = { done, port: port2 }
  // Its stderr is kept from ours: the parser warns that it is an experiment.
  const worker = new Worker(STRIP_MODULE, { workerData, transferList: [port2], env: {}, stderr: true })
  // A thread that cannot start is as one that does not answer.
  worker.on('error', () => {})
  worker.unref()
  port1.unref()
  return { worker, port: port1, done }
}
