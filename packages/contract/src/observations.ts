import type { CallEnd, CallRoad, CallTokens, KeptContent, TimedStage } from './recorded-calls.ts'
import type { CacheUse } from './tool-cache.ts'

/** Everything the gateway ever says of itself. `observe()` is the only way out; nobody logs directly. */
export type Observation =
  | { readonly kind: 'gateway.listening'; readonly url: string; readonly database: string }
  /** Files that a first start made. */
  | { readonly kind: 'keys.made'; readonly masterKey?: string; readonly adminKey?: string }
  | { readonly kind: 'gateway.stopping'; readonly reason: string }
  | { readonly kind: 'gateway.stopped' }
  | {
      readonly kind: 'request.finished'
      readonly requestId: string
      readonly method: string
      readonly route: string
      readonly status: number
      readonly ms: number
      readonly problem?: string
      /** Of a database that could not be used: what it said. */
      readonly reason?: string
    }
  | FinishedCall
  /** Records of calls that could not be written are kept for a while; `dropped` of them were not, for want of room. */
  | {
      readonly kind: 'calls.record-failed'
      readonly waiting: number
      readonly dropped: number
      readonly cause: unknown
    }
  /** It had to be stopped together with its process too often. */
  | { readonly kind: 'interceptor.disabled'; readonly interceptor: string }
  | {
      readonly kind: 'import.finished'
      readonly upstream: string
      readonly operations: number
      readonly imported: number
      readonly ms: number
    }
  | { readonly kind: 'refresh.finished'; readonly upstream: string; readonly outcome: string; readonly ms: number }
  /** Said once for each attempt, and attempts pause. */
  | { readonly kind: 'issuer.keys-failed'; readonly issuer: string; readonly cause: unknown }
  | { readonly kind: 'catalogs.refresh-failed'; readonly cause: unknown }
  /** Lines of this log that could not be written; said when that works again. */
  | { readonly kind: 'log.lost'; readonly lines: number }
  | { readonly kind: 'bug'; readonly where: string; readonly cause: unknown }

/** All that is told of a call when it has ended; one wide event. */
export interface FinishedCall {
  readonly kind: 'call.finished'
  readonly callId: string
  /** When it began, milliseconds of `Date.now()`. */
  readonly at: number
  /** The call that made it. */
  readonly parent?: string
  readonly road: CallRoad
  readonly workspaceId: string
  readonly server: string
  readonly tool: string
  /** Absent for a tool of our own. */
  readonly toolId?: string
  readonly operationVersion?: string
  /** The revision of the document that brought the version. */
  readonly specRevision?: string
  readonly callerId: string
  readonly caller: string
  readonly client: string
  readonly clientVersion?: string
  /** `bug`: it broke inside Sluice. */
  readonly outcome: CallEnd
  readonly status?: number
  /** How often it was sent again; absent: never. */
  readonly retries?: number
  readonly cache?: CacheUse
  readonly ms: number
  /** Milliseconds of each stage that it came through. */
  readonly stages?: Readonly<Partial<Record<TimedStage, number>>>
  /** Of the answer of the API. */
  readonly rawBytes?: number
  /** Of what was sent to the client. */
  readonly bytes: number
  readonly tokens?: CallTokens
  /** Absent: it came in none, and none are exported. Ids as W3C writes them. */
  readonly trace?: { readonly traceId: string; readonly parentSpan?: string; readonly isSampled: boolean }
  /** For the record alone, where the server asks for it: no log and no trace shows it. */
  readonly content?: KeptContent
}

export type Observe = (observation: Observation) => void
