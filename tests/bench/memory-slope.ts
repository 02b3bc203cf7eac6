import { processesBelow, textOf } from '../support/processes.ts'

/** Of a process and of its children, sampled. */
export interface Memory {
  readonly samples: ReadonlyArray<{ readonly minute: number; readonly own: number; readonly children: number }>
  stop(): void
}

/** Resident megabytes, every two seconds or as often as is said; none where the system has no `/proc`. */
export function watchMemory(pid: number, everyMs = 2_000): Memory {
  const started = Date.now()
  const samples: Array<{ minute: number; own: number; children: number }> = []
  const timer = setInterval(() => {
    const own = residentMb(pid)
    if (own === undefined) return
    const children = processesBelow(pid).reduce((sum, child) => sum + (residentMb(child) ?? 0), 0)
    samples.push({ minute: (Date.now() - started) / 60_000, own, children })
  }, everyMs)
  return { samples, stop: () => clearInterval(timer) }
}

/** Megabytes a minute: the line of least squares. */
export function slope(points: ReadonlyArray<readonly [minute: number, mb: number]>): number {
  const mean = (of: readonly number[]) => of.reduce((sum, one) => sum + one, 0) / of.length
  const [x, y] = [mean(points.map(([minute]) => minute)), mean(points.map(([, mb]) => mb))]
  const over = points.reduce((sum, [minute, mb]) => sum + (minute - x) * (mb - y), 0)
  return over / points.reduce((sum, [minute]) => sum + (minute - x) ** 2, 0)
}

/** Undefined where the system does not tell. */
export function residentMb(pid: number): number | undefined {
  return megabytesOf(pid, 'VmRSS')
}

/** The most that it ever was. */
export function peakMb(pid: number): number | undefined {
  return megabytesOf(pid, 'VmHWM')
}

function megabytesOf(pid: number, field: string): number | undefined {
  const kilobytes = new RegExp(`${field}:\\s+(\\d+)`).exec(textOf(pid, 'status'))?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024
}
