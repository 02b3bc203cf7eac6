/** The thread in which the gateway has types taken from TypeScript. */
import { type MessagePort, workerData } from 'node:worker_threads'
import type { StripTypes } from './compile-interceptor.ts'
import { stripTypeScript } from './strip-typescript.ts'

/** What the thread is given. */
export interface Strip {
  readonly port: MessagePort
  /** Set to 1 once the answer is sent. */
  readonly done: Int32Array
}

const { port, done } = workerData as Strip
port.on('message', (text: string) => {
  port.postMessage(answer(text))
  Atomics.store(done, 0, 1)
  Atomics.notify(done, 0)
})

/** Nothing when the parser is broken. */
function answer(text: string): ReturnType<StripTypes> | null {
  try {
    return stripTypeScript(text)
  } catch {
    return null
  }
}
