import { UsageFault } from './command.ts'

/** An option's number. @throws UsageFault */
export function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new UsageFault(`"${text}" is no whole number above 0.`)
}
