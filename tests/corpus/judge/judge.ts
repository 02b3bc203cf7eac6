import type { Plain } from '../walk-operations.ts'

/** A request as it is read from the wire. */
export interface JudgedRequest {
  readonly method: string
  readonly url: { readonly path: string; readonly query: Readonly<Record<string, string | string[]>> }
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: unknown
  /** The body as received. */
  readonly bytes: Buffer
}

/** One thing that a judge holds against a request. */
export interface Violation {
  readonly path?: readonly string[]
  readonly code?: string | number
  readonly message: string
}

/** One operation, loaded: says what is wrong with a request to it. */
export type Judge = (request: JudgedRequest) => readonly Violation[] | Promise<readonly Violation[]>

/** Reads a document of one operation. @throws whatever its reader throws where it cannot */
export type LoadJudge = (document: Plain, method: string, path: string) => Promise<Judge | undefined>
