import type { DerivedOperation, ProblemCode, ProblemError, ReadSpec } from '@sluice/contract'
import type { ImportSource, OperationText } from '@sluice/openapi'
import type { ReceivedDocument } from './pack-document.ts'
import type { TakenApart } from './take-apart.ts'

/** Bytes of what is told next: all of them in one message would hold up whoever takes it. */
export interface Piece {
  readonly kind: 'piece'
  readonly bytes: Uint8Array
}

/** The JSON body of an import, its document packed. */
export interface PackedBody extends Pick<TakenApart, 'fields'> {
  readonly document?: ReceivedDocument
}

/** What a reader is asked to do with bytes. */
export type ReaderTask =
  | { readonly kind: 'read' | 'missing-urls'; readonly source: Omit<ImportSource, 'bytes'>; readonly isPacked: boolean }
  | { readonly kind: 'take-apart' }
  | { readonly kind: 'pack' }
  /** Several YAML files, of so many bytes each. */
  | { readonly kind: 'yaml'; readonly lengths: readonly number[] }

/** A task, and how many bytes of the document or of the body come to the standard input for it. */
export interface GivenTask {
  readonly task: ReaderTask
  readonly bytes: number
}

/** What the thread of a reader says to its process, which packs operations and counts their tokens while it goes on. */
export type ThreadMessage =
  | Exclude<ReaderMessage, { readonly kind: 'operations' }>
  | { readonly kind: 'operations'; readonly operations: readonly OperationText[] }

/** What a reader says of one document: operations in batches, or its packed bytes in pieces, then the rest; or what went wrong. */
export type ReaderMessage =
  | Piece
  | { readonly kind: 'operations'; readonly operations: readonly DerivedOperation[] }
  | { readonly kind: 'done'; readonly spec: Omit<ReadSpec, 'operations'> }
  | { readonly kind: 'missing-urls'; readonly urls: readonly string[] }
  /** `hash`: of the document, if there is one. */
  | { readonly kind: 'taken-apart'; readonly fields: unknown; readonly hash: string | undefined }
  | { readonly kind: 'packed'; readonly hash: string }
  /** After the pieces of a JSON list, a `ParsedYaml` for each file. */
  | { readonly kind: 'parsed' }
  | {
      readonly kind: 'problem'
      readonly code: ProblemCode
      readonly detail: string
      readonly errors: readonly ProblemError[]
    }
  /** Its last word. */
  | { readonly kind: 'broken'; readonly isOutOfMemory: boolean; readonly stack: string }
