import type { AskedProfile, ClientProfile } from '@sluice/contract'
import { isObject, JsonFault, readMessage } from '@sluice/schema'
import { clientProfile } from './client-profile.ts'
import { type ErrorFrame, errorFrame } from './frames.ts'
import type { SessionFacts } from './session-ids.ts'

/** Stateless requests with `_meta` (2026-07-28 and later), or the initialize handshake before it. */
export type Era = 'modern' | 'legacy'

/** One POST, read once: everything later asks this and not the bytes. */
export interface SettledRequest {
  readonly era: Era
  /** The protocol revision that the client names; 2025-03-26 where it names none (that revision's own rule). */
  readonly revision: string
  readonly client: ClientProfile
  readonly method: string | undefined
  /** Empty where the message has none. */
  readonly params: Readonly<Record<string, unknown>>
  /** The parsed JSON-RPC message. */
  readonly message: unknown
  /** Of the handshake era, where the client names its session. */
  readonly sessionId?: string
  readonly facts?: SessionFacts
}

/** A request header by its lower-case name. */
export type ReadHeader = (name: string) => string | undefined

const DEEPEST = 64
export const META = 'io.modelcontextprotocol/'
export const FIRST_MODERN = '2026-07-28'

/** Reads the body strictly and settles era, revision and client. */
export function settleRequest(body: string, header: ReadHeader, asked?: AskedProfile): SettledRequest | ErrorFrame {
  let message: unknown
  try {
    message = readMessage(body, DEEPEST)
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    // Duplicate keys and bottomless nesting are JSON, but no request that two readers would read alike.
    return errorFrame(400, null, error.kind === 'syntax' ? -32700 : -32600, error.message)
  }
  if (Array.isArray(message))
    return errorFrame(400, null, -32600, 'Batches are not served; send one message per request')
  const params = isObject(message) && isObject(message.params) ? message.params : {}
  const meta = isObject(params._meta) ? params._meta : {}
  const named = text(meta[`${META}protocolVersion`]) ?? header('mcp-protocol-version')
  const era = named !== undefined && named >= FIRST_MODERN ? 'modern' : 'legacy'
  return {
    era,
    revision: named ?? text(params.protocolVersion) ?? '2025-03-26',
    client: clientOf(era === 'modern' ? meta[`${META}clientInfo`] : params.clientInfo, asked),
    method: isObject(message) ? text(message.method) : undefined,
    params,
    message,
  }
}

function clientOf(info: unknown, asked: AskedProfile | undefined): ClientProfile {
  const { name, version } = isObject(info) ? info : {}
  return clientProfile({ name: text(name), version: text(version) }, asked)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
