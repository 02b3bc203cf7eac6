import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Watch } from './sandbox-watch.ts'

const WATCH_MODULE = new URL(`./sandbox-watch${extname(import.meta.url)}`, import.meta.url)

/** Starts the thread that watches this process; what is returned tells it whether there is work. */
export function startWatch(limits: Pick<Watch, 'maxBytes' | 'maxCpuMs'>): (isBusy: boolean) => void {
  const busy = new Int32Array(new SharedArrayBuffer(4))
  new Worker(WATCH_MODULE, { workerData: { ...limits, busy, parentPid: process.ppid } satisfies Watch })
  return (isBusy) => {
    Atomics.store(busy, 0, isBusy ? 1 : 0)
    Atomics.notify(busy, 0)
  }
}
