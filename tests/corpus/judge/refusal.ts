import type { Mode } from './generate-arguments.ts'

/** A request that did not get the judge's yes, or could not be made. */
export interface Refusal {
  /** `crashed`: the product threw something that is no failure of a call. */
  readonly kind: 'refused' | 'judge-threw' | 'not-built' | 'no-arguments' | 'crashed'
  readonly mode: Mode
  readonly seed: number
  readonly reasons: readonly string[]
  /** Its schemas were cut: what is deepest takes any value. */
  readonly isCut?: boolean
  readonly args?: unknown
  readonly sent?: string
}
