import type { FinishedCall, Observation, Observe } from '@sluice/contract'

/** Figures for Prometheus, counted since the process began. */
export interface Metrics {
  readonly observe: Observe
  /** In the text format 0.0.4 of Prometheus. */
  readonly text: (gauges: Gauges) => string
}

/** What is asked for when somebody looks. */
export type Gauges = Readonly<
  Record<string, { readonly help: string; readonly type: 'gauge' | 'counter'; readonly value: number }>
>

/** Seconds: from what memory answers to what a call may take at most. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

interface Duration {
  /** Of each bucket alone. */
  readonly counts: number[]
  sum: number
  count: number
}

/** Labels are servers, roads and outcomes: tools and callers are as many as people make, and every label is a series that is kept for ever. */
export function createMetrics(): Metrics {
  const calls = new Map<string, number>()
  const durations = new Map<string, Duration>()
  const tokens = new Map<string, number>()
  const requests = new Map<string, number>()

  function durationOf(key: string): Duration {
    const known = durations.get(key)
    if (known) return known
    const made = { counts: BUCKETS.map(() => 0), sum: 0, count: 0 }
    durations.set(key, made)
    return made
  }

  function count({ server, road, outcome, ms, tokens: cost }: FinishedCall): void {
    add(calls, labels({ server, road, outcome }), 1)
    const duration = durationOf(labels({ server }))
    const seconds = ms / 1000
    const bucket = BUCKETS.findIndex((most) => seconds <= most)
    if (bucket >= 0) duration.counts[bucket]!++
    duration.sum += seconds
    duration.count++
    if (!cost) return
    add(tokens, labels({ server, of: 'answered' }), cost.raw)
    add(tokens, labels({ server, of: 'shown' }), cost.sent)
  }

  return {
    observe: (observation: Observation) => {
      if (observation.kind === 'call.finished') count(observation)
      else if (observation.kind === 'request.finished')
        add(requests, labels({ route: observation.route, status: String(observation.status) }), 1)
    },
    text: (gauges) =>
      [
        counter('sluice_calls_total', 'Calls of tools that ended, by how.', calls),
        histogram('sluice_call_duration_seconds', 'How long calls took.', durations),
        counter('sluice_tokens_total', 'Model tokens: what APIs answered, and what was shown of it.', tokens),
        counter('sluice_http_requests_total', 'HTTP requests that were answered.', requests),
        ...Object.entries(gauges).map(([name, { help, type, value }]) => `${head(name, help, type)}${name} ${value}\n`),
      ].join(''),
  }
}

function add(counts: Map<string, number>, key: string, more: number): void {
  counts.set(key, (counts.get(key) ?? 0) + more)
}

function labels(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

function head(name: string, help: string, type: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
}

function counter(name: string, help: string, counts: ReadonlyMap<string, number>): string {
  return head(name, help, 'counter') + [...counts].map(([key, value]) => `${name}{${key}} ${value}\n`).join('')
}

function histogram(name: string, help: string, durations: ReadonlyMap<string, Duration>): string {
  const lines = [...durations].map(([key, { counts, sum, count }]) => {
    let below = 0
    const buckets = BUCKETS.map((most, index) => {
      below += counts[index]!
      return `${name}_bucket{${key},le="${most}"} ${below}\n`
    })
    return `${buckets.join('')}${name}_bucket{${key},le="+Inf"} ${count}\n${name}_sum{${key}} ${sum}\n${name}_count{${key}} ${count}\n`
  })
  return head(name, help, 'histogram') + lines.join('')
}
