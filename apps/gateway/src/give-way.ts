import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { basename } from 'node:path'

/** As `nice` has it by default: calls get the processor first, and this thread what they leave. */
const NICENESS = 10

/** Lowers the priority of the calling thread where threads have their own, which is on Linux (setpriority(2)). */
export function giveWay(): void {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), NICENESS)
  } catch {
    // Elsewhere it competes with calls.
  }
}
