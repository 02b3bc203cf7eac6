import type { ToolAnnotations } from './catalog.ts'
import type { JsonSchema, Operation } from './operations.ts'

/** What one OperationVersion holds: the operation, and the tool derived from it. Computed once, at import; immutable. */
export interface OperationDefinition {
  readonly operation: Operation
  /** The name a new tool is given: `[a-z0-9_]`, at most 48 characters. */
  readonly name: string
  readonly title: string
  readonly description: string
  readonly annotations: ToolAnnotations
  /** An https or data URL of a picture. */
  readonly icon?: string
  /** What a model is shown, in the portable profile. */
  readonly wireSchema: JsonSchema
  /** What a successful JSON answer looks like, as declared; self-contained. */
  readonly outputSchema?: JsonSchema
}

/** A definition on its way from the reader to the store: packed, so that thousands of them are small. */
export interface DerivedOperation {
  readonly method: string
  readonly path: string
  readonly operationId?: string
  readonly name: string
  readonly title: string
  readonly tags: readonly string[]
  /** Model tokens of its entry in the tool list. */
  readonly tokens: number
  readonly deprecated: boolean
  /** SHA-256 (hex) of what the spec says of the operation; the same text gives the same hash in every release. */
  readonly contentHash: string
  /** An `OperationDefinition`, packed (`packDefinition`). */
  readonly definition: Uint8Array
  /** Diagnostics were raised for this operation. */
  readonly flagged: boolean
  /** What a model would be shown of it should be read by a person first: an import does not enable it (S28). */
  readonly suspicious: boolean
  /** What the document's author says: meant to be a tool, or not (`x-mcp`). */
  readonly meant?: boolean
}
