import { processesBelow, statOf } from '../support/processes.ts'

const TICK_US = 10_000

/** Microseconds of processor that a process and its children have used; undefined where the system does not tell. */
export function processorTime(pid: number): number | undefined {
  const own = statOf(pid)
  return own && processesBelow(pid).reduce((sum, child) => sum + (statOf(child)?.ticks ?? 0), own.ticks) * TICK_US
}
