import { readFileSync } from 'node:fs'

/** Of Linux, for `times` in /proc. */
const TICK_US = 10_000

/** Microseconds of processor that a process and its children have used; undefined where the system has no `/proc`. */
export function processorTime(pid: number): number | undefined {
  const own = ticksOf(pid)
  if (own === undefined) return undefined
  const children = readIf(`/proc/${pid}/task/${pid}/children`)?.split(' ').filter(Boolean).map(Number) ?? []
  return children.reduce((sum, child) => sum + (ticksOf(child) ?? 0), own) * TICK_US
}

function ticksOf(pid: number): number | undefined {
  // The name of a program may hold spaces; what follows its bracket does not (proc_pid_stat(5): 14 and 15 are utime and stime).
  const fields = readIf(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ')
  return fields && Number(fields[11]) + Number(fields[12])
}

function readIf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
