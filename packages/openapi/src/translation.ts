import type { JsonSchema } from '@sluice/contract'
import type { Findings } from './findings.ts'
import type { SpecFamily } from './read-spec.ts'

/**
 * What a reference stands for: any value; what it names and not what may stand for it, which an heir builds on; or that as one
 * of several parts of `allOf`, which is open for what the others have.
 */
export type ReferredAs = 'value' | 'base' | 'part'

/** What a schema is translated with. */
export interface Translation {
  readonly family: SpecFamily
  readonly refer: (reference: string, pointer: string, as: ReferredAs) => JsonSchema
  /** What a reference names, as the document has it. */
  readonly declared: (reference: string) => unknown
  /** A reference that `refer` made, followed. */
  readonly target: (schema: JsonSchema) => JsonSchema
  /** Requests leave out what only the server writes, responses what only the client does (B53). */
  readonly direction: 'request' | 'response'
  /** The names that were left out of an object, by its translation. */
  readonly leftOut: WeakMap<object, ReadonlySet<string>>
  readonly pointer: string
  /** How many schemas this one is inside of, references apart. */
  readonly depth: number
  readonly findings: Findings
}
