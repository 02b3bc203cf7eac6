import type { DerivedOperation, ProblemCode, ProblemError, ReadSpec } from '@sluice/contract'
import type { ImportSource } from '@sluice/openapi'

/** Bytes of what is told next: all of them in one message would hold up whoever takes it. */
export interface Piece {
  readonly kind: 'piece'
  readonly bytes: Uint8Array
}

/** What a reader is asked: pieces of the document or of the body, then this. */
export type ReaderTask =
  | { readonly kind: 'read' | 'missing-urls'; readonly source: Omit<ImportSource, 'bytes'> }
  | { readonly kind: 'take-apart' }

/** What a reader says of one document: operations in batches, or its pieces, then the rest; or what went wrong. */
export type ReaderMessage =
  | Piece
  | { readonly kind: 'operations'; readonly operations: readonly DerivedOperation[] }
  | { readonly kind: 'done'; readonly spec: Omit<ReadSpec, 'operations'> }
  | { readonly kind: 'missing-urls'; readonly urls: readonly string[] }
  | { readonly kind: 'taken-apart'; readonly fields: unknown; readonly hasDocument: boolean }
  | {
      readonly kind: 'problem'
      readonly code: ProblemCode
      readonly detail: string
      readonly errors: readonly ProblemError[]
    }
  /** Its last word. */
  | { readonly kind: 'broken'; readonly isOutOfMemory: boolean; readonly stack: string }
