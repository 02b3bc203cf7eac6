import { readdirSync } from 'node:fs'
import { constants, getPriority, setPriority } from 'node:os'

/** As `nice` adds by default: where calls would take all of a processor, a tenth of it is left. */
const NICENESS = 10

/**
 * Lowers the priority of the whole process. On Linux each thread has its own (setpriority(2)), and those that collect garbage or
 * compile run before any code of ours does.
 */
export function stepAside(): void {
  const lower = Math.min(getPriority() + NICENESS, constants.priority.PRIORITY_LOW)
  for (const thread of threads()) {
    try {
      setPriority(thread, lower)
    } catch {
      // It ended meanwhile, or may not be slowed down here: then it competes with calls.
    }
  }
}

/** 0 is the process, where it has one priority. */
function threads(): readonly number[] {
  try {
    return readdirSync('/proc/self/task').map(Number)
  } catch {
    return [0]
  }
}
