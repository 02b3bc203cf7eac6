import type { AskedProfile, CancelSignal } from '@sluice/contract'
import type { Frame, KeptBody } from './wire/frames.ts'

export interface McpHttpRequest {
  readonly method: string
  readonly url: () => string
  /** A header by its lower-case name. */
  readonly header: (name: string) => string | undefined
  /** All of them. */
  readonly headers: () => ReadonlyArray<readonly [string, string]>
  readonly body: string
  /** What the URL asks for, whatever the client is. */
  readonly profile?: AskedProfile
  /** Aborted when the client goes away. */
  readonly signal: CancelSignal
}

export interface McpHttpResponse {
  readonly status: number
  readonly headers: ReadonlyArray<readonly [string, string]>
  readonly body: string | KeptBody | ReadableStream<Uint8Array> | null
  /** The body goes on for as long as the client listens. */
  readonly isListening?: boolean
}

export function wholeFrame({ status, body }: Frame): McpHttpResponse {
  return { status, headers: body === null ? [] : JSON_HEADERS, body }
}

const JSON_HEADERS = [['content-type', 'application/json']] as const
