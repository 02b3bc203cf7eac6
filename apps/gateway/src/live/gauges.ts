import type { Gauges } from './count-metrics.ts'
import type { RecorderCounts } from './record-calls.ts'

/** What is so at the moment, and what other parts count. */
export function gauges({ recorded, dropped, waiting }: RecorderCounts, isReady: boolean): Gauges {
  const { user, system } = process.cpuUsage()
  return {
    sluice_ready: { help: 'Whether calls can be served, 1 or 0.', type: 'gauge', value: isReady ? 1 : 0 },
    sluice_calls_recorded_total: { help: 'Calls that were recorded.', type: 'counter', value: recorded },
    sluice_calls_dropped_total: { help: 'Calls that were not, for want of room.', type: 'counter', value: dropped },
    sluice_calls_waiting: { help: 'Calls that wait to be recorded.', type: 'gauge', value: waiting },
    process_cpu_seconds_total: { help: 'Processor time.', type: 'counter', value: (user + system) / 1e6 },
    process_resident_memory_bytes: { help: 'Memory.', type: 'gauge', value: process.memoryUsage.rss() },
    process_start_time_seconds: {
      help: 'When the process began, Unix time.',
      type: 'gauge',
      value: Math.round((Date.now() - performance.now()) / 1000),
    },
  }
}
