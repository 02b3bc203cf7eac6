/** Milliseconds to the microsecond: more digits tell nothing, and take longer to write than to measure. */
export function roundedMs(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
