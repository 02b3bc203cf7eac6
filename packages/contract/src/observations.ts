import type { FailureKind } from './calls.ts'
import type { CallTokens } from './finished-calls.ts'
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
    }
  | {
      readonly kind: 'call.finished'
      readonly callId: string
      /** The call that made it. */
      readonly parent?: string
      readonly workspaceId: string
      readonly server: string
      readonly tool: string
      readonly caller: string
      readonly client: string
      /** `bug`: it broke inside Sluice. */
      readonly outcome: 'ok' | FailureKind | 'bug'
      readonly status?: number
      readonly cache?: CacheUse
      readonly ms: number
      readonly bytes: number
      readonly tokens?: CallTokens
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
  | { readonly kind: 'bug'; readonly where: string; readonly cause: unknown }

export type Observe = (observation: Observation) => void
