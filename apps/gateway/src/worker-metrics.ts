import cluster, { type Worker } from 'node:cluster'
import { countersOf, sumMetrics } from './sum-metrics.ts'

// Whoever asks for metrics reaches one of several workers: it asks all, by way of the process that started them.

type Said =
  | { readonly metrics: 'wanted'; readonly of: number }
  | { readonly metrics: 'told'; readonly of: number; readonly text: string }
  | { readonly metrics: 'all'; readonly of: number; readonly texts: readonly string[] }

/** A worker that is busy for longer is left out. */
const MOST_WAIT_MS = 1_000

/** In a worker, the metrics of all; else this process's own. */
export function metricsOfAll(own: () => Promise<string>): () => Promise<string> {
  if (!cluster.isWorker) return own
  const waiting = new Map<number, (texts: readonly string[]) => void>()
  let next = 0
  process.on('message', async (said: Said) => {
    if (said.metrics === 'wanted') process.send!({ metrics: 'told', of: said.of, text: await own() } satisfies Said)
    if (said.metrics === 'all') waiting.get(said.of)?.(said.texts)
  })
  return () => {
    const of = next++
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle([]), 2 * MOST_WAIT_MS)
      async function settle(texts: readonly string[]): Promise<void> {
        clearTimeout(timer)
        waiting.delete(of)
        resolve(texts.length > 0 ? sumMetrics(texts) : await own())
      }
      waiting.set(of, (texts) => void settle(texts))
      process.send!({ metrics: 'wanted', of } satisfies Said)
    })
  }
}

/**
 * In the process that started the workers: gathers from all what one of them wants. Called for each worker. What a worker has
 * counted is kept when it is gone, or does not answer, as it last said it: counters never fall.
 */
export function createMetricsGatherer(all: () => Iterable<Worker>): (worker: Worker) => void {
  const last = new Map<number, string>()
  let gone = ''
  let next = 0

  async function ask(worker: Worker): Promise<string> {
    // As it is now: when the worker ends meanwhile, this is among what is gone, too.
    const counted = last.get(worker.id) ?? ''
    if (!worker.isConnected()) return counted
    const of = next++
    return new Promise((resolve) => {
      const end = (text: string) => {
        clearTimeout(timer)
        worker.off('message', hear)
        resolve(text)
      }
      const hear = (said: Said) => {
        if (said.metrics !== 'told' || said.of !== of) return
        last.set(worker.id, countersOf(said.text))
        end(said.text)
      }
      const timer = setTimeout(end, MOST_WAIT_MS, counted)
      worker.on('message', hear)
      worker.send({ metrics: 'wanted', of } satisfies Said, () => {})
    })
  }

  function keepCounts({ id }: Worker): void {
    const counted = last.get(id)
    if (counted !== undefined) gone = sumMetrics([gone, counted])
    last.delete(id)
  }

  return (worker) => {
    worker.once('exit', () => keepCounts(worker))
    worker.on('message', async (said: Said) => {
      if (said.metrics !== 'wanted') return
      const before = gone
      const texts = [before, ...(await Promise.all([...all()].map(ask)))].filter((text) => text !== '')
      if (!worker.isConnected()) return
      worker.send({ metrics: 'all', of: said.of, texts } satisfies Said, () => {})
    })
  }
}
