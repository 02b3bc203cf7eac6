import type { ToolCache } from '@sluice/contract'
import { UsageFault } from './command.ts'

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const

/** How long answers are kept, as it is typed: `45s`, `10m`, `2h`, `1d` or `off`. @throws UsageFault */
export function cacheTime(text: string): ToolCache | null {
  if (text === 'off') return null
  const [, number, unit] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? []
  if (unit) return { ttlSeconds: Number(number) * SECONDS[unit as keyof typeof SECONDS] }
  throw new UsageFault(`"${text}" is no time for --cache: say 45s, 10m, 2h, 1d or off.`)
}
