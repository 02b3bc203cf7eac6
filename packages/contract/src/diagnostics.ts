/** What the importer has to say of one place in the received text. */
export interface Diagnostic {
  /** Stable, kebab-case: `ref-missing`, `operation-skipped`. */
  readonly code: string
  readonly severity: 'error' | 'warning' | 'info'
  /** JSON pointer (RFC 6901) into the document as received. */
  readonly pointer: string
  /** The document of several that the pointer is into; absent for the one that the import begins with. */
  readonly file?: string
  /** What was found, and what was assumed or left out. */
  readonly message: string
  /** What the author of the document can do. */
  readonly fix?: string
  /** 1-based; known once the text was scanned again. */
  readonly line?: number
  readonly column?: number
}

/** How much of a document became tools. */
export interface Coverage {
  readonly operations: number
  readonly imported: number
  readonly withDiagnostics: number
  readonly skipped: number
}
