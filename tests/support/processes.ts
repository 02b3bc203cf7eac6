import { readdirSync, readFileSync } from 'node:fs'

/** Whether this system tells of its processes as is asked here. */
export const TELLS_PROCESSES = process.platform === 'linux'

/** The running processes that a process started and whose command line holds a word; none where the system does not tell. */
export function processesBelow(parentPid: number, word = ''): number[] {
  if (!TELLS_PROCESSES) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => statOf(pid)?.parentPid === parentPid && textOf(pid, 'cmdline').includes(word))
}

/** Of a process or a thread that runs; undefined where it ended. `ticks`: of processor that it has used, 100 a second. */
export function statOf(
  pid: number,
): { readonly parentPid: number; readonly nice: number; readonly ticks: number } | undefined {
  const stat = textOf(pid, 'stat')
  // proc_pid_stat(5): what follows the name, which is in parentheses, begins with the third field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const isThere = stat !== '' && fields[0] !== 'Z' && fields[0] !== 'X'
  const ticks = Number(fields[11]) + Number(fields[12])
  return isThere ? { parentPid: Number(fields[1]), nice: Number(fields[16]), ticks } : undefined
}

/** What `/proc` says of it; empty where it ended, or the system does not tell. */
export function textOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
