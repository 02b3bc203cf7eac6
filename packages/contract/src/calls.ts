import type { CallLimits } from './call-limits.ts'
import type { CancelSignal } from './cancel.ts'
import type { CatalogTool, CatalogUpstream } from './catalog.ts'
import type { FailureKind } from './failure-kinds.ts'
import type { HeaderList } from './http.ts'
import type { JsonSchema } from './operations.ts'
import type { CallRoad, TimedStage } from './recorded-calls.ts'
import type { CacheUse } from './tool-cache.ts'

/** One block of a result, in MCP's terms. `data` and `blob` are base64. */
export type Content =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image' | 'audio'; readonly data: string; readonly mimeType: string }
  | {
      readonly type: 'resource'
      readonly resource: {
        readonly uri: string
        readonly mimeType: string
        readonly text?: string
        readonly blob?: string
      }
    }

/** An answer as a value, beside its text: both say the same. */
export interface StructuredAnswer {
  /** JSON, its numbers as they were written; `undefined` where the answer is no JSON and no text. */
  readonly value: unknown
  /** What the tool says of its answers. */
  readonly schema: JsonSchema
  /** Whether the value is as the schema says. */
  readonly fits: boolean
  /** What stands beside the answer in the text. */
  readonly notes: readonly string[]
}

/** How a call ended: a value, never an exception. `message` tells the model what to do next. */
export type CallOutcome =
  | {
      readonly ok: true
      /** Of the API; absent where none was asked. */
      readonly status?: number
      readonly content: readonly Content[]
      /** Where the tool has an `outputSchema`. */
      readonly structured?: StructuredAnswer
      /** Of what was read as a resource. */
      readonly mimeType?: string
      /** There was more than a result may cost. */
      readonly isPart?: boolean
      /** Of what code reads. */
      readonly value?: AnswerValue
    }
  | {
      readonly ok: false
      readonly kind: FailureKind
      readonly status?: number
      readonly message: string
      /** What the API said, where it answered with an error: JSON or text. */
      readonly said?: string
    }

/** An answer as code reads it. */
export interface AnswerValue {
  /** JSON text: the answer, a text as a string, bytes as a string of base64. */
  readonly json: string
  readonly headers: Readonly<Record<string, string>>
}

/** A stage's way to end the call. Caught at one edge, in `callTool`, where it becomes the outcome. */
export class CallFailure extends Error {
  readonly kind: FailureKind
  readonly status: number | undefined
  readonly said: string | undefined

  /** `message` is read by the model and is public; `cause` is for the log alone. */
  constructor(kind: FailureKind, message: string, options: { status?: number; said?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'CallFailure'
    this.kind = kind
    this.status = options.status
    this.said = options.said
  }

  get outcome(): Extract<CallOutcome, { ok: false }> {
    const { kind, message, status, said } = this
    return { ok: false, kind, message, ...(status ? { status } : {}), ...(said === undefined ? {} : { said }) }
  }
}

/** Who is calling a server, once proven. */
export interface Caller {
  /** Absent: none of its own. */
  readonly limits?: CallLimits
  readonly workspaceId: string
  /** Tells the callers of a workspace apart: the id of a key, or an issuer and the subject it speaks of. */
  readonly id: string
  /** For people: logs show it. */
  readonly name: string
  /** Set where an access token says who is calling, and not a key. */
  readonly subject?: Subject
  /** What one of these gives, it may use. Absent: every tool of the server. */
  readonly rights?: readonly ToolRights[]
  /** What its access token would give, too, if it had one more scope; in the order in which they are asked for. */
  readonly offers?: readonly ScopeOffer[]
}

/** Somebody whom an issuer knows (RFC 9068 2.2): `sub` says nothing without the issuer. */
export interface Subject {
  readonly issuer: string
  readonly sub: string
}

/** Which tools of a server a caller may use. */
export interface ToolRights {
  /** Ids of the tools, or null; with `tags` set too, either is enough. */
  readonly tools: ReadonlySet<string> | null
  readonly tags: ReadonlySet<string> | null
  /** Only tools that change nothing. */
  readonly readOnly: boolean
}

export interface ScopeOffer {
  /** All scopes that a token needs, those it has and is to keep included. */
  readonly scopes: readonly string[]
  readonly rights: ToolRights
}

export type CallStage =
  | 'arguments'
  | 'request'
  | 'request-interceptor'
  /** The request as it was sent, secrets hidden. */
  | 'sent'
  | 'response'
  | 'response-interceptor'
  | 'redaction'
  | 'filter'
  | 'projection'
  | 'result'

/** One tools/call. Direct tools, meta-tools, composites and code all make one of these. */
export interface Call {
  readonly id: string
  readonly caller: Caller
  readonly tool: CatalogTool
  readonly upstream: CatalogUpstream
  readonly arguments: unknown
  /** Of the client's own request, for those that the upstream's policy passes on. */
  readonly headers?: () => HeaderList
  /** Its answer is read as a resource, or by code: given whole and as it is, or not at all. Absent: by a model. */
  readonly reader?: 'resource' | 'code'
  /** The call that made this one. */
  readonly parent?: string
  /** How it came; absent: by the tool's own name. */
  readonly road?: CallRoad
  readonly signal: CancelSignal
  /** Milliseconds of `Date.now()`. */
  readonly deadline: number
  /** Bytes of its result; absent: as many as any may have. */
  readonly resultBytes?: number
  readonly onProgress?: (progress: number, message?: string) => void
  /** Told the answer of the API where it is text, secrets masked. */
  readonly onAnswer?: (text: string) => void
  /** Told what each stage made. */
  readonly trace?: (stage: CallStage, value: unknown) => void
  /** Told what the cache did, where the tool has one. */
  readonly onCache?: (use: CacheUse) => void
  /** Told when a stage is over; of `upstream` with the bytes of the API's answer. */
  readonly onStage?: (stage: TimedStage, bytes?: number) => void
  /** Told when its request is sent once more. */
  readonly onRepeat?: () => void
}
