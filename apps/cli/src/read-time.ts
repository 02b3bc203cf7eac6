import { UsageFault } from './command.ts'

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A point in time, RFC 3339: given as one, or as what has passed since (`90s`, `30m`, `2h`, `7d`). @throws UsageFault */
export function readTime(text: string): string {
  const [, number, unit] = /^(\d+)([smhd])$/.exec(text) ?? []
  const at = unit === undefined ? Date.parse(text) : Date.now() - Number(number) * UNITS[unit]!
  const time = new Date(at)
  // Further away than a Date reaches is none, either.
  if (Number.isNaN(time.getTime()))
    throw new UsageFault(`"${text}" is no time; give one such as 2h, 7d or 2030-01-31T12:00:00Z.`)
  return time.toISOString()
}
