/**
 * A thread beside the child's main thread, which foreign code may keep busy for as long as it likes: nothing over there
 * could stop it.
 */
import { workerData } from 'node:worker_threads'

/** What the watch is given. */
export interface Watch {
  /** 1 while the main thread has work. */
  readonly busy: Int32Array
  /** Bytes that may be resident. */
  readonly maxBytes: number
  /** Milliseconds of processor time that one piece of work may take, all threads together; absent: any. */
  readonly maxCpuMs?: number
  readonly parentPid: number
}

/** How often it looks while there is work. */
const WATCH_MS = 10

const { busy, maxBytes, maxCpuMs = Number.POSITIVE_INFINITY, parentPid } = workerData as Watch
let begun: NodeJS.CpuUsage | undefined
for (;;) {
  const woken = Atomics.wait(busy, 0, 0)
  if (woken === 'ok' || !begun) begun = process.cpuUsage()
  const { user, system } = process.cpuUsage(begun)
  const isTooMuch = process.memoryUsage.rss() > maxBytes || (user + system) / 1000 > maxCpuMs
  // A dead parent can neither stop the code nor hear its answer.
  if (isTooMuch || process.ppid !== parentPid) process.kill(process.pid, 'SIGKILL')
  Atomics.wait(busy, 0, 1, WATCH_MS)
}
