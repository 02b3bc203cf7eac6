/** What a child is given to run, once. */
export interface CodeTask {
  readonly source: string
  /** JSON text of what the code is given as `args`; absent: it has no such parameter. */
  readonly argsText?: string | undefined
  /** It is compiled, and not run. */
  readonly onlyCompiled?: boolean | undefined
  /** Milliseconds that the code may run, waiting not counted. */
  readonly cpuMs: number
  /** Megabytes that the code may hold. */
  readonly isolateMb: number
  /** Bytes of the result's JSON text. */
  readonly maxBytes: number
  /** Calls that it may make. */
  readonly maxCalls: number
  /** Characters of the arguments of one call, and of all. */
  readonly maxArgsChars: number
  readonly maxArgsCharsTogether: number
}

/** A call that the code makes. */
export interface HostCall {
  readonly callId: number
  readonly name: string
  /** JSON text of the arguments. */
  readonly argsText: string
}

/** What came of it: JSON text of `{data, status, headers}`, or of what a `ToolError` says. */
export interface HostReply {
  readonly callId: number
  readonly ok: boolean
  readonly text: string
}

/** 1-based, where a fault has a place in the source. */
export interface CodePlace {
  readonly line: number
  readonly column: number
}

export interface CodeFailure {
  readonly name: string
  /** Completes the sentence "The code …". */
  readonly message: string
  readonly place?: CodePlace | undefined
}

/** How the code ended: JSON text of what it returned, or why there is none. */
export type CodeResult = (
  | {
      readonly outputText: string
      /** It returned nothing, of which the text is `null`. */
      readonly isNothing?: true
    }
  | { readonly failure: CodeFailure }
) & {
  readonly logs: readonly string[]
}

export type ToCodeChild = { readonly task: CodeTask } | { readonly reply: HostReply }

export type FromCodeChild = 'ready' | { readonly call: HostCall } | { readonly result: CodeResult }
