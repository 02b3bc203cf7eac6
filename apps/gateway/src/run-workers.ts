import cluster, { type Worker } from 'node:cluster'
import { setTimeout as pause } from 'node:timers/promises'
import { STOP } from './stopped.ts'
import { createMetricsGatherer } from './worker-metrics.ts'

/** A worker that ended by itself is replaced after so many milliseconds; one that lived shortly, later each time. */
const [SOON_MS, LATE_MS, SHORT_LIFE_MS] = [200, 30_000, 10_000]

/**
 * Several gateways behind one port, each a process of its own on the same database: they share nothing else, just as gateways
 * on several machines. The first starts alone, since the first start of all makes keys and tables. Resolves when all have ended.
 */
export async function runWorkers(count: number): Promise<void> {
  const workers = new Set<Worker>()
  const stopping = new AbortController()
  const gatherMetrics = createMetricsGatherer(() => workers)
  const stop = () => {
    if (stopping.signal.aborted) for (const worker of workers) worker.process.kill('SIGKILL')
    stopping.abort()
    for (const worker of workers) if (worker.isConnected()) worker.send(STOP, ignored)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)

  /** One of the workers, and whoever comes in its place. */
  async function keepOne(): Promise<void> {
    for (let delay = SOON_MS; !stopping.signal.aborted; ) {
      const started = performance.now()
      await ended(forked())
      delay = performance.now() - started < SHORT_LIFE_MS ? Math.min(delay * 2, LATE_MS) : SOON_MS
      await pause(delay, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }

  function forked(): Worker {
    const worker = cluster.fork()
    workers.add(worker)
    gatherMetrics(worker)
    worker.once('exit', () => workers.delete(worker))
    // What cannot be said to one that is ending need not be said.
    worker.on('error', ignored)
    worker.once('online', () => stopping.signal.aborted && worker.send(STOP, ignored))
    return worker
  }

  const first = forked()
  const isUp = await Promise.race([listening(first), ended(first).then(() => false)])
  // It has said why.
  if (!isUp) {
    process.exitCode = first.process.exitCode || 1
    return
  }
  await Promise.all([ended(first).then(keepOne), ...Array.from({ length: count - 1 }, keepOne)])
}

function listening(worker: Worker): Promise<boolean> {
  return new Promise((resolve) => worker.once('listening', () => resolve(true)))
}

/** Also of one that could not be started. */
function ended(worker: Worker): Promise<void> {
  if (worker.isDead()) return Promise.resolve()
  return new Promise((resolve) => {
    worker.once('exit', () => resolve())
    worker.process.once('error', () => worker.process.pid === undefined && resolve())
  })
}

function ignored(): void {}
