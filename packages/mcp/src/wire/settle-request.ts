import type { ClientProfile } from '@sluice/contract'
import { isObject, JsonFault, readMessage } from '@sluice/schema'

/** Stateless requests with `_meta` (2026-07-28 and later), or the initialize handshake before it. */
export type Era = 'modern' | 'legacy'

/** One POST, read once: everything later asks this and not the bytes. */
export interface SettledRequest {
  readonly era: Era
  /** The protocol revision that the client names; 2025-03-26 where it names none (that revision's own rule). */
  readonly revision: string
  readonly client: ClientProfile
  readonly method: string | undefined
  /** The parsed JSON-RPC message. */
  readonly message: unknown
}

/** A message that is not one JSON-RPC message, as the answer that JSON-RPC 2.0 5.1 has for it. */
export interface WireFault {
  readonly status: 400
  readonly body: string
}

const DEEPEST = 64
const META = 'io.modelcontextprotocol/'
const FIRST_MODERN = '2026-07-28'

/** Reads the body strictly and settles era, revision and client. `header` gives a request header by lower-case name. */
export function settleRequest(body: string, header: (name: string) => string | undefined): SettledRequest | WireFault {
  let message: unknown
  try {
    message = readMessage(body, DEEPEST)
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    // Duplicate keys and bottomless nesting are JSON, but no request that two readers would read alike.
    return fault(error.kind === 'syntax' ? -32700 : -32600, error.message)
  }
  if (Array.isArray(message)) return fault(-32600, 'Batches are not served; send one message per request')
  const params = isObject(message) && isObject(message.params) ? message.params : {}
  const meta = isObject(params._meta) ? params._meta : {}
  const named = text(meta[`${META}protocolVersion`]) ?? header('mcp-protocol-version')
  const era = named !== undefined && named >= FIRST_MODERN ? 'modern' : 'legacy'
  return {
    era,
    revision: named ?? text(params.protocolVersion) ?? '2025-03-26',
    client: clientOf(era === 'modern' ? meta[`${META}clientInfo`] : params.clientInfo),
    method: isObject(message) ? text(message.method) : undefined,
    message,
  }
}

function clientOf(info: unknown): ClientProfile {
  const name = isObject(info) ? text(info.name) : undefined
  const version = isObject(info) ? text(info.version) : undefined
  return { name: name ?? 'unknown', ...(version ? { version } : {}), schema: 'portable' }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function fault(code: number, message: string): WireFault {
  return { status: 400, body: JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message } }) }
}
